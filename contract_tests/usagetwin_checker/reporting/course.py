"""The course of a run: the stretches of requests that were sent for one purpose, and what they cover."""

from typing import TYPE_CHECKING

from usagetwin_checker.asking.covered import Covered, covered
from usagetwin_checker.running.stretches import stretches as stretches_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.running.report import Report, Stretch


def stretches(report: "Report") -> "Iterator[Stretch]":
    """Give the stretches of a run in their order, shard by shard; a purpose may come again."""
    yield from report.course or stretches_of(report.sent)


def coverage(report: "Report") -> Covered:
    """Give what the requests of a run cover of its plan; nothing where there was none."""
    if report.plan is None:
        return Covered()
    return covered(report.plan, [each.exchange.ask for each in report.sent])
