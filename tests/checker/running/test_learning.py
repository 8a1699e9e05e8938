"""What is left of a run is spent on learning, when the verdict is known."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.checker.honest import honest
from tests.sampling import sampled
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.choices.lessons import Shown
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.report import Options, Phase

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report

NOW = "2026-03-17T15:20:00Z"
FAULTY = [fault.name for fault in FAULTS][::8]


def checked(*, budget: int, learn: bool, learn_budget: int = 0, deviation: str | None = None) -> "Report":
    """Check a twin as a stranger would."""
    with honest(now=NOW, deviation=deviation) as (target, known):
        assert known.now is not None
        now_s = known.now.latest_s
        options = Options(
            replace(known, now=None), budget=budget, learn=learn, learn_budget=learn_budget, max_examples=5
        )
        return Campaign(target, options, lambda _sent, _of: None, clock=lambda: now_s).run()


@pytest.mark.proof
def test_what_the_budget_leaves_is_spent_on_the_open_choices() -> None:
    """The last requests of a run are for them, and are counted."""
    report = checked(budget=700, learn=True)

    assert report.lessons is not None
    assert [sent.phase for sent in report.sent][-report.lessons.asked :] == [
        Phase.LEARN
    ] * report.lessons.asked
    assert 0 < report.lessons.asked <= 100
    assert report.requests <= 700
    assert report.lessons.of(Shown.OTHER) == ()
    assert {lesson.choice.name for lesson in report.lessons.of(Shown.OPEN)} <= {
        "pace",
        "compression",
        "open day",
    }


def test_a_budget_of_its_own_comes_beside_the_other() -> None:
    """The verdict has all that it has without."""
    without, learning = checked(budget=40, learn=False), checked(budget=40, learn=True, learn_budget=15)

    assert learning.lessons is not None
    assert without.requests == 40
    assert learning.requests == 55
    assert learning.lessons.asked >= 15
    assert [each.exchange.ask for each in learning.sent[:40]] == [each.exchange.ask for each in without.sent]


@pytest.mark.parametrize("name", sampled(FAULTY, FAULTY[1:3]))
def test_the_verdict_is_what_it_is_without(name: str) -> None:
    """And so are the findings, whatever the target does wrong."""
    without = checked(budget=60, learn=False, deviation=name)
    learning = checked(budget=60, learn=True, learn_budget=20, deviation=name)

    assert learning.verdict is without.verdict
    assert [each.rule_id for each in learning.findings] == [each.rule_id for each in without.findings]
    assert learning.reasons == without.reasons
    assert learning.ended is without.ended
