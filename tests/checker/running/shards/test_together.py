"""Tests of what shards are held against each other, and that nothing is lost by what they leave out."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.running.shards.cut import WHERE, cut, faulty, options
from tests.checker.running.shards.test_merging import merged
from tests.sampling import sampled
from usagetwin.deviations import variations
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.findings import Verdict
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.running.shards.part import Part, Task, run_shard
from usagetwin_checker.running.shards.renumbered import sent_from
from usagetwin_checker.running.shards.together import told_together

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.running.campaign import Campaign
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.running.shards.where import Where

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
SHARDS: Final = 2
BUDGET: Final = 80
EVERY: Final = 8  # one fault of so many


def asked(where: "Where", cut_up: "list[Options]") -> "tuple[list[Part], list[Exchange]]":
    """Run shards; give their parts, and all exchanges of all of them, numbered through."""
    came: list[Part] = []
    everything: list[Exchange] = []
    before = 0
    for each in cut_up:
        campaigns: list[Campaign] = []
        came.append(run_shard(Task(where, each, {}), campaigns.append))
        everything += [sent_from(one, before).exchange for one in campaigns[0].sent]
        before += came[-1].highest
    return came, everything


@pytest.mark.parametrize("name", sampled([fault.name for fault in FAULTS[::EVERY]], [FAULTS[0].name]))
def test_shards_find_a_fault_where_all_their_answers_show_one(name: str) -> None:
    """What is kept of each shard says no less than all that it was answered."""
    whole, cut_up = cut(SHARDS, BUDGET)
    came, everything = asked(faulty(name), cut_up)

    report = merged(whole, came)

    all_at_once = judge(everything, report.knowledge, report.judgement.reading)
    assert (report.verdict is Verdict.FAIL) is bool(all_at_once.findings), all_at_once.findings


@pytest.mark.parametrize("name", sampled(list(variations()), list(variations())[:1]))
def test_a_legal_variation_passes_in_shards(name: str) -> None:
    """Default mode, of a target of which only the keys are known."""
    where = faulty(name)
    known = options(where).knowledge
    whole, cut_up = cut(SHARDS, BUDGET, knowledge=replace(known, now=None), strict=False)

    report = merged(whole, [run_shard(Task(where, each, {})) for each in cut_up])

    assert report.verdict is not Verdict.FAIL, report.findings


def test_what_grows_meanwhile_is_held_against_nobody() -> None:
    """Between shards that are no moment apart on the clock of the target, only closed days must agree."""
    later = replace(WHERE, now="2026-03-17T23:20:00Z")
    known = options().knowledge
    whole, cut_up = cut(SHARDS, BUDGET, knowledge=replace(known, now=None), strict=True)
    came = [run_shard(Task(where, each, {})) for where, each in zip((WHERE, later), cut_up, strict=True)]

    report = merged(whole, came)

    assert all(part.report.knowledge.still for part in came)
    assert not report.knowledge.still
    assert report.findings == ()


def test_the_order_of_shards_is_none_of_time() -> None:
    """Answers of which one is not final are judged together only where nothing moved."""
    _, everything = asked(WHERE, cut(1, 48)[1])
    known = options().knowledge

    still = told_together(everything, replace(known, still=True), STANDARD)
    moving = told_together(everything, replace(known, still=False), STANDARD)

    assert still.tested["open-bucket-fits-the-ledger"] > 0
    assert "open-bucket-fits-the-ledger" not in moving.tested
    assert moving.tested["month-to-date-sums"] > 0
