"""What a run was told of the buckets around the values that a finding is about, for the eye to compare.

Rule: only what some answer of the run says is given, and only a few buckets on either side.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.oracle.facts import read, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding, Value
    from usagetwin_checker.running.report import Report

    Line = tuple[str, frozenset[str]]  # a view, and a filter

NEAR_DAYS: Final = {MONTHLY: 130}  # four months on either side; of days, a week
A_WEEK: Final = 7
MOST: Final = 40  # buckets of one view and filter
MOST_ANSWERS: Final = 25  # that are looked at for one view and filter


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that an answer gave: its view, filter and bucket, and the number of the answer's exchange."""

    view: str
    keys: frozenset[str]
    bucket: int
    value: int
    number: int


class Neighbours:
    """All that a run was told, by view and filter."""

    def __init__(self, report: "Report") -> None:
        """Take a report; its answers are read when somebody asks for them."""
        self._report: Final = report
        self._asked: Final = _by_line(report)
        self._read: Final[dict[int, Mapping[Line, Mapping[int, int]]]] = {}

    def of(self, finding: "Finding") -> "Iterator[Seen]":
        """Give what was said of the buckets near those of a finding, each bucket once, in order.

        What the finding is about is left out; of the others the first answer is given, those of the
        conversation before all others.
        """
        for line, values in _lines(finding).items():
            taken = sorted({value.bucket for value in values})[:MOST]
            near = _near(taken, line[0])
            found: dict[int, Seen] = {}
            for exchange in (*finding.conversation, *self._asked.get(line, ())):
                for bucket, value in self._values(exchange).get(line, {}).items():
                    if bucket in near and bucket not in found:
                        found[bucket] = Seen(*line, bucket, value, exchange.number)
            nearest = sorted(found, key=lambda bucket: min(abs(bucket - each) for each in taken))[:MOST]
            yield from (found[bucket] for bucket in sorted(nearest))

    def _values(self, exchange: "Exchange") -> "Mapping[Line, Mapping[int, int]]":
        """Read the values of an answer, once."""
        if exchange.number not in self._read:
            self._read[exchange.number] = _values(exchange, self._report)
        return self._read[exchange.number]


def _lines(finding: "Finding") -> "Mapping[Line, list[Value]]":
    lines: dict[Line, list[Value]] = defaultdict(list)
    for value in finding.shown:
        lines[value.view, value.keys].append(value)
    return lines


def _near(taken: "Sequence[int]", view: str) -> set[int]:
    """Give the buckets that may be shown beside some, and are none of them."""
    days = NEAR_DAYS.get(view, A_WEEK)
    return {day for bucket in taken for day in range(bucket - days, bucket + days + 1)} - set(taken)


def _by_line(report: "Report") -> "Mapping[Line, list[Exchange]]":
    """Give some answers of each view and filter."""
    asked: dict[Line, list[Exchange]] = defaultdict(list)
    for each in report.sent:
        query = expect(each.exchange.ask, report.knowledge).query if each.exchange.status == 200 else None
        if query is not None:
            line = (view_of(query), frozenset(query.project_keys))
            if len(asked[line]) < MOST_ANSWERS:
                asked[line].append(each.exchange)
    return asked


def _values(exchange: "Exchange", report: "Report") -> "Mapping[Line, Mapping[int, int]]":
    query = expect(exchange.ask, report.knowledge).query
    answer = None if query is None else read(exchange, query, report.judgement.reading, report.knowledge)
    values: dict[Line, dict[int, int]] = defaultdict(dict)
    for fact in () if answer is None else answer.facts:
        values[fact.view, fact.keys].setdefault(fact.bucket, fact.value)
    return values
