"""Turn a query into the answer that one world gives at one instant.

Rule: pure. No HTTP, no clock, no state: (query, world, now) -> document. The points of closed days are
kept, a run of 64 days at a time: they never change. What takes long is done in steps, and how much one
question may take is bounded. Source: `SEMANTICS` 3 and 4.

Which days a bucket has, the checker's oracle works out a second time (`usagetwin_checker.judging.oracle`).
That is meant, and none of it may be shared: the oracle must not lean on what it judges.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from usagetwin.account.ledger import VIEWS
from usagetwin.contract.operation import DAILY, MONTHLY
from usagetwin.days import SECONDS_PER_DAY, day_of, months_between, next_month, start_of
from usagetwin.errors import Refusal, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from usagetwin.account.ledger import Column, Ledger, Starts
    from usagetwin.account.query import Query
    from usagetwin.policies import Policies

MS_PER_DAY: Final = SECONDS_PER_DAY * 1000
RUN_DAYS: Final = 64
DAYS_A_STRETCH: Final = 1_024
LOOK_BACK_DAYS: Final = 30  # from a day to the furthest that its sum may start with
RUNS_KEPT: Final = 1024  # some 17 MB of points at most
MOST_COUNTS: Final = 20_000_000  # that one request may take: some 25 s, in steps
MOST_VALUES: Final = 400_000  # in one answer: some 100 MB while it is made
JOINT: Final = re.compile(r"[\s,;|+\[\](){}\"']+")  # what people join several keys with, or wrap them in
KEYS_LISTED: Final = 10

Point = dict[str, int]


@dataclass(frozen=True, slots=True)
class _Spans:
    """The buckets of one view: when each starts, and the days that its sum starts and ends with."""

    times_ms: "Sequence[int]"
    sum_starts: "Starts"
    sum_ends: "Sequence[int]"


@dataclass(frozen=True, slots=True)
class Series:
    """One answer's content: the metadata of each key field, and the points, which must not be changed."""

    metadata: tuple[dict[str, str], ...]
    points: list[Point]

    @property
    def times_ms(self) -> list[int]:
        """Give the labels of the buckets."""
        return [point["time"] for point in self.points]

    @property
    def columns(self) -> tuple[list[int], ...]:
        """Give the values of each key field, in the order of the metadata."""
        labels = map(str, range(len(self.metadata)))
        return tuple([point[label] for point in self.points] for label in labels)


def series(query: "Query", ledger: "Ledger", policies: "Policies", now_s: int) -> Series:
    """Give the series that `ledger` holds for `query` at `now_s`. Raises Refusal as `steps` does."""
    making = steps(query, ledger, policies, now_s)
    while True:
        try:
            next(making)
        except StopIteration as end:
            made: Series = end.value
            return made


def steps(
    query: "Query", ledger: "Ledger", policies: "Policies", now_s: int
) -> "Generator[int, None, Series]":
    """Make that series in steps, each some milliseconds at most; give how many counts and values each took.

    Raises Refusal for an unknown project, and for a question that takes more than one request may.
    """
    _check_projects(query, ledger, policies)
    total = ledger.column(query.project_keys)
    separate = policies.projects == "separate" and bool(query.project_keys)
    stretches = _stretches(query, total, now_s)
    _check_size(query, total, stretches, len(query.project_keys) if separate else 1)
    counted_s = start_of(day_of(now_s) + 1) if policies.open_day == "whole" else now_s
    if separate:
        columns = [ledger.column((key,)) for key in query.project_keys]
        metadata = tuple({"projectKey": key} for key in query.project_keys)
        return Series(metadata, (yield from _points_in_steps(stretches, columns, counted_s)))
    if total is not None and query.granularity == DAILY:
        return Series(({},), (yield from _daily_points(query, total, now_s, counted_s)))
    return Series(({},), (yield from _points_in_steps(stretches, [total], counted_s)))


def document(answer: Series, href: str) -> dict[str, Any]:
    """Give a series as a `SeriesListRep`; `href` is the request's path and raw query."""
    return {
        "_links": {"self": {"href": href, "type": "application/json"}},
        "metadata": list(answer.metadata),
        "series": answer.points,
    }


def _daily_points(
    query: "Query", column: "Column", now_s: int, counted_s: int
) -> "Generator[int, None, list[Point]]":
    """Give the points of one key field; those of closed days are kept for all windows that meet them.

    What had happened at `counted_s` is counted.
    """
    first, last = _days_met(query, column, now_s)
    if first > last:
        return []
    today = day_of(now_s)
    closed = min(last, today - 1)
    points: list[Point] = []
    for day in range(first - first % RUN_DAYS, closed + 1, RUN_DAYS):
        start, end = max(day, column.created), min(day + RUN_DAYS, today) - 1
        yield from column.steps(start - LOOK_BACK_DAYS, end, start_of(end + 1))
        yield RUN_DAYS
        run = _closed_points(column, query.aggregation_type, start, end)
        points += run[max(first - start, 0) : closed + 1 - start]
    if last == today:
        yield from column.steps(today - LOOK_BACK_DAYS, today, counted_s)
        points += _points(_days(today, today, query.aggregation_type), column, counted_s)
    return points


@lru_cache(maxsize=RUNS_KEPT)
def _closed_points(column: "Column", view: str, first: int, last: int) -> list[Point]:
    return _points(_days(first, last, view), column, start_of(last + 1))


def _points_in_steps(
    stretches: "Sequence[_Spans]", columns: "Sequence[Column | None]", counted_s: int
) -> "Generator[int, None, list[Point]]":
    """Give the points of any columns."""
    fields = ("time", *map(str, range(len(columns))))
    points: list[Point] = []
    for spans in stretches:
        values = []
        for column in columns:
            if column is not None:
                yield from column.steps(_first_day(spans), spans.sum_ends[-1], counted_s)
            values.append(_values(column, spans, counted_s))
            yield len(spans.sum_ends)
        points += [dict(zip(fields, row, strict=True)) for row in zip(spans.times_ms, *values, strict=True)]
        yield len(spans.sum_ends) * len(columns)
    return points


def _first_day(spans: _Spans) -> int:
    starts = spans.sum_starts
    return starts.start if isinstance(starts, range) else starts[0][0]


def _points(spans: _Spans, column: "Column", counted_s: int) -> list[Point]:
    """Give the points of one column, as nearly always, in a third of the time."""
    values = _values(column, spans, counted_s)
    return [{"time": time, "0": value} for time, value in zip(spans.times_ms, values, strict=True)]


def _check_size(query: "Query", total: "Column | None", stretches: "Sequence[_Spans]", columns: int) -> None:
    """Refuse a question that takes more than one request may, whatever is kept of earlier ones."""
    if total is None or not stretches:
        return
    days = stretches[-1].sum_ends[-1] - max(_first_day(stretches[0]), total.created) + 1
    buckets = sum(len(spans.sum_ends) for spans in stretches)
    for number, most, what in (
        (days * total.day_cost, MOST_COUNTS, "counts of projects, days and events"),
        (buckets * columns, MOST_VALUES, "values"),
    ):
        if number > most:
            raise Refusal(
                400,
                "invalid_request",
                f"The window from={query.from_s} to={query.to_s} takes {number} {what}, and one request may "
                f"take {most}. Send a narrower window, or fewer projects.",
            )


def _check_projects(query: "Query", ledger: "Ledger", policies: "Policies") -> None:
    if policies.unknown_project == "empty":
        return
    for key in query.project_keys:
        if key not in ledger:
            raise _unknown_project(key, ledger)


def _unknown_project(key: str, ledger: "Ledger") -> Refusal:
    joined = dict.fromkeys(part for part in JOINT.split(key) if part)
    if len(joined) > 1 and all(part in ledger for part in joined):
        remedy = "&".join(f"projectKey={quote(part, safe='')}" for part in list(joined)[:KEYS_LISTED])
        remedy += "&..." if len(joined) > KEYS_LISTED else ""
    else:
        remedy = nearest(key, ledger.keys)
    return Refusal(
        404,
        "not_found",
        f"There is no project projectKey={quoted(key)}. Send {remedy}. (rule unknown-project-not-found)",
        "unknown-project-not-found",
    )


def _stretches(query: "Query", column: "Column | None", now_s: int) -> list[_Spans]:
    """Give the buckets of an answer, in stretches that are short enough for one step."""
    if column is None:
        return []
    first, last = _days_met(query, column, now_s)
    if query.granularity == MONTHLY:
        months = _months(first, last, day_of(now_s))
        return [months] if months.sum_ends else []
    view = query.aggregation_type
    return [
        _days(start, min(start + DAYS_A_STRETCH - 1, last), view)
        for start in range(first, last + 1, DAYS_A_STRETCH)
    ]


def _days_met(query: "Query", column: "Column", now_s: int) -> tuple[int, int]:
    """Give the first and the last day that the window meets.

    The first may lie after the last: then there are no daily buckets, but the month of both is met.
    """
    today = day_of(now_s)
    if query.from_s >= query.to_s or column.created > today:
        return 0, -1
    return max(day_of(query.from_s), column.created), min(day_of(query.to_s - 1), today)


def _days(first: int, last: int, view: str) -> _Spans:
    times_ms = range(first * MS_PER_DAY, (last + 1) * MS_PER_DAY, MS_PER_DAY)
    return _Spans(times_ms, VIEWS[view](first, last), range(first, last + 1))


def _months(first: int, last: int, today: int) -> _Spans:
    starts = months_between(first, last)
    ends = [min(next_month(start) - 1, today) for start in starts]
    return _Spans([start * MS_PER_DAY for start in starts], tuple((start, 1) for start in starts), ends)


def _values(column: "Column | None", spans: _Spans, counted_s: int) -> "Sequence[int]":
    if column is None:
        return [0] * len(spans.sum_ends)
    return column.values(spans.sum_starts, spans.sum_ends, counted_s)
