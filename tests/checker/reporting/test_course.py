"""Tests of `usagetwin_checker.reporting.course`: what the requests of a run were sent for, and when."""

from dataclasses import replace
from typing import Final

from tests.checker.honest import checked
from tests.checker.reporting.test_json_report import REPORT
from tests.checker.scripted import exchange
from usagetwin_checker.asking.covered import Covered
from usagetwin_checker.reporting.course import coverage, stretches
from usagetwin_checker.running.report import Phase, Sent, Stretch


def at(began_s: float, phase: Phase, *, seconds: float = 0.5) -> Sent:
    """Give a request that was sent at a time."""
    return Sent(phase, replace(exchange(), at_s=began_s, seconds=seconds))


COURSE: Final = (
    at(100.0, Phase.PROBE),
    at(101.0, Phase.PROBE, seconds=2.0),
    at(104.0, Phase.PLAN),
    at(110.0, Phase.PROBE),
)


def test_a_stretch_lasts_from_its_first_request_to_its_last_answer() -> None:
    """What is sent for one purpose comes again, as the probes do."""
    assert list(stretches(replace(REPORT, sent=COURSE))) == [
        Stretch(Phase.PROBE, 2, 100.0, 3.0),
        Stretch(Phase.PLAN, 1, 104.0, 0.5),
        Stretch(Phase.PROBE, 1, 110.0, 0.5),
    ]


def test_a_clock_that_is_set_back_makes_no_time_negative() -> None:
    """The instants are those of the machine, whose clock may be set meanwhile."""
    (stretch,) = stretches(replace(REPORT, sent=(at(100.0, Phase.PLAN), at(50.0, Phase.PLAN))))

    assert stretch.seconds == 0


def test_a_run_probes_plans_and_probes_again() -> None:
    """Every request that was sent is in one of the stretches."""
    report = checked(budget=40, now="2026-03-17T15:20:00Z", deviation="first-project-key-alone")
    found = list(stretches(report))

    assert [each.phase for each in found] == ["probe", "plan", "probe", "confirm"]
    assert sum(each.requests for each in found) == report.requests
    assert 0 < coverage(report).pairs[0][1] < coverage(report).pairs[0][2]


def test_without_a_plan_nothing_is_covered() -> None:
    """A target that never answered was asked nothing that the table made."""
    assert coverage(REPORT) == Covered()
