"""The course of a run: the stretches of requests that were sent for one purpose, and what they cover."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from usagetwin_checker.asking.covered import Covered, covered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.running.report import Phase, Report


@dataclass(frozen=True, slots=True)
class Stretch:
    """Requests in a row that were sent for one purpose: from when on, and until the last answer."""

    phase: "Phase"
    requests: int
    began_s: float
    seconds: float


def stretches(report: "Report") -> "Iterator[Stretch]":
    """Give the stretches of a run in their order; a purpose may come again."""
    for phase, part in groupby(report.sent, key=lambda each: each.phase):
        exchanges = [each.exchange for each in part]
        began_s, last = exchanges[0].at_s, exchanges[-1]
        yield Stretch(phase, len(exchanges), began_s, max(last.at_s + last.seconds - began_s, 0.0))


def coverage(report: "Report") -> Covered:
    """Give what the requests of a run cover of its plan; nothing where there was none."""
    if report.plan is None:
        return Covered()
    return covered(report.plan, [each.exchange.ask for each in report.sent])
