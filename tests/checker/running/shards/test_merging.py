"""Tests of `usagetwin_checker.running.shards.merging`: one report, however the shards ended."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.running.shards.cut import NOW, WHERE, cut, faulty, parts, without_time
from usagetwin.data import fixtures_folder
from usagetwin_checker.findings import Ended, Verdict
from usagetwin_checker.knowing.reading import SECONDS
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.shards.merging import Merging
from usagetwin_checker.running.shards.where import Where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.running.shards.part import Part

SHARDS: Final = 3
BUDGET: Final = 66


def merged(whole: "Options", came: "Iterable[Part]", **ended: object) -> "Report":
    """Merge parts in the order in which they came."""
    merging = Merging(whole)
    for part in came:
        merging.add(part)
    report = merging.report(1.0, **ended)  # type: ignore[arg-type]  # -- what ended it, by name
    assert report is not None
    return report


@pytest.fixture(scope="module")
def honest() -> "tuple[Options, list[Part]]":
    """Give a check of the twin, and its parts."""
    whole, cut_up = cut(SHARDS, BUDGET)
    return whole, parts(cut_up)


def test_the_report_is_the_same_in_whichever_order_shards_end(honest: "tuple[Options, list[Part]]") -> None:
    """Down to the last number, but for times."""
    whole, came = honest

    reports = [without_time(merged(whole, order)) for order in permutations(came)]

    assert all(report == reports[0] for report in reports)


def test_the_report_has_what_all_shards_have(honest: "tuple[Options, list[Part]]") -> None:
    """Requests and tests of rules are counted over all; the plan's cover is that of the one that planned."""
    whole, came = honest

    report = merged(whole, came)

    assert (report.verdict, report.findings, report.reasons) == (Verdict.PASS, (), ())
    assert report.requests == sum(part.report.requests for part in came) <= BUDGET
    assert sum(stretch.requests for stretch in report.course) == report.requests
    rule_id = "answer-is-a-series-list"
    assert report.judgement.tested[rule_id] == sum(
        part.report.judgement.tested.get(rule_id, 0) for part in came
    )
    assert report.plan is not None
    assert (report.budget, report.options.shard.of) == (BUDGET, SHARDS)


@pytest.mark.no_cover
def test_a_check_in_one_shard_is_a_check() -> None:
    """Its report is that of the run that is not cut."""
    whole, (part,) = cut(1, 48)
    target = WHERE.target()
    usual = Campaign(target, part, lambda _sent, _of: None).run()
    target.close()

    report = merged(whole, parts([part]))

    assert without_time(report) == without_time(usual)


@pytest.mark.no_cover
def test_shards_of_two_ledgers_contradict_each_other(tmp_path: Path) -> None:
    """Each passes by itself, and no ledger gives what both were answered."""
    file = tmp_path / "other.yaml"
    world = (fixtures_folder() / "worlds" / f"{WHERE.world}.yaml").read_text(encoding="utf-8")
    file.write_text(world.replace("seed: 2024", "seed: 2025"), encoding="utf-8")
    whole, cut_up = cut(2, 72)
    came = parts(cut_up, WHERE, Where("twin", NOW, str(file)))

    report = merged(whole, came)

    assert [part.report.verdict for part in came] == [Verdict.PASS, Verdict.PASS]
    assert report.verdict is Verdict.FAIL
    assert any(finding.views for finding in report.findings)


def test_what_several_shards_find_is_one_finding() -> None:
    """With the smallest conversation of all, whose numbers are those of the whole check."""
    whole, cut_up = cut(2, 44)
    came = parts(cut_up, *[faulty("metadata-missing")] * 2)

    (finding,) = merged(whole, came).findings

    assert finding.rule_id == "answer-is-a-series-list"
    assert [part.report.findings[0].rule_id for part in came] == [finding.rule_id] * 2
    assert len(finding.conversation) == 1


def test_a_finding_of_a_shard_that_read_labels_otherwise_must_stand(
    honest: "tuple[Options, list[Part]]",
) -> None:
    """What it found by its own reading alone is no finding."""
    whole, (first, *others) = honest
    (found,) = parts(cut(1, 24)[1], faulty("time-is-bucket-noon"))[0].report.findings[:1]
    astray = replace(
        others[0].report,
        findings=(replace(found, conversation=(first.told[0].sent.exchange,)),),
        judgement=replace(others[0].report.judgement, reading=SECONDS),
    )

    report = merged(whole, [first, replace(others[0], report=astray), *others[1:]])

    assert report.findings == ()


def test_a_lost_shard_leaves_no_verdict(honest: "tuple[Options, list[Part]]") -> None:
    """The report is of the others, and says which one is missing."""
    whole, (first, _, last) = honest

    report = merged(whole, [first, last], lost=["shard 2 of 3 was lost: its worker died"])

    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.reasons == ("shard 2 of 3 was lost: its worker died",)
    assert report.requests == first.report.requests + last.report.requests


def test_what_shards_sent_again_is_told_together(honest: "tuple[Options, list[Part]]") -> None:
    """And what ended any of them is what ended the check."""
    whole, parts = honest
    again = [
        replace(part, report=replace(part.report, sent_again=number, ended=ended))
        for number, (part, ended) in enumerate(
            zip(parts, (Ended.DONE, Ended.BUSY, Ended.TIME), strict=True), start=1
        )
    ]

    report = merged(whole, again)

    assert (report.sent_again, report.ended) == (6, Ended.BUSY)


def test_a_signal_is_the_one_reason(honest: "tuple[Options, list[Part]]") -> None:
    """What came until then is the report."""
    whole, (first, *_) = honest

    report = merged(whole, [first], signal="SIGTERM")

    assert (report.verdict, report.ended, report.interrupted) == (
        Verdict.INCONCLUSIVE,
        Ended.SIGNAL,
        "SIGTERM",
    )
    assert report.reasons == (
        f"interrupted after {first.report.requests} requests (SIGTERM): this is what was found until then",
    )


def test_without_any_shard_there_is_no_report() -> None:
    """Nothing was asked that could be told."""
    assert Merging(cut(2, 100)[0]).report(1.0, signal="SIGINT") is None


def test_a_key_is_dead_only_where_no_shard_saw_it_alive(honest: "tuple[Options, list[Part]]") -> None:
    """A shard that asks little may never have had a good answer for it."""
    whole, (first, second, third) = honest
    alive, dead = frozenset({"mobile"}), frozenset({"checkout", "mobile"})

    report = merged(
        whole,
        [
            replace(first, alive=frozenset(), dead=frozenset()),
            replace(second, alive=alive, dead=frozenset()),
            replace(third, alive=frozenset(), dead=dead),
        ],
    )

    assert report.reasons == (
        "the project 'checkout' is never answered with 200; is it a key of this account?",
    )
    assert "mobile" in report.knowledge.keys
    assert "checkout" not in report.knowledge.keys


def test_a_reason_names_the_shards_that_have_it(honest: "tuple[Options, list[Part]]") -> None:
    """Once for all; what all of them have is not of one."""
    whole, came = honest
    given = ("1 of 2 requests got no whole answer: x", "the same everywhere")
    each = [
        replace(part, report=replace(part.report, reasons=given[bool(at % 2 == 0) :], notes=("assumed",)))
        for at, part in enumerate(came)
    ]

    report = merged(whole, each)

    assert set(report.reasons) == {f"shard 2 of 3: {given[0]}", given[1]}
    assert report.notes == ("assumed",)
