"""Turn a query into the answer that one world gives at one instant.

Rule: pure. No HTTP, no clock, no state: (query, world, now) -> document. Source: `SEMANTICS` 3 and 4.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mockserver.days import SECONDS_PER_DAY, day_of, months_between, next_month
from mockserver.errors import Refusal, nearest, quoted
from mockserver.ledger import VIEWS
from mockserver.query import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.ledger import Column, Ledger, Starts
    from mockserver.policies import Policies
    from mockserver.query import Query
MS_PER_DAY: Final = SECONDS_PER_DAY * 1000


@dataclass(frozen=True, slots=True)
class Series:
    """One answer's content: `times_ms` of the buckets, and for each key field its `metadata` and values."""

    times_ms: "Sequence[int]"
    metadata: tuple[dict[str, str], ...]
    columns: "tuple[Sequence[int], ...]"


@dataclass(frozen=True, slots=True)
class _Spans:
    """The buckets of one view: when each starts, and the days that its sum starts and ends with."""

    times_ms: "Sequence[int]"
    sum_starts: "Starts"
    sum_ends: "Sequence[int]"


def series(query: "Query", ledger: "Ledger", policies: "Policies", now_s: int) -> Series:
    """Give the series that `ledger` holds for `query` at `now_s`. Raises Refusal for an unknown project."""
    _check_projects(query, ledger, policies)
    total = ledger.column(query.project_keys)
    spans = _spans(query, total, now_s)
    if policies.projects == "separate" and query.project_keys:
        metadata = tuple({"projectKey": key} for key in query.project_keys)
        columns = tuple(_values(ledger.column((key,)), spans, now_s) for key in query.project_keys)
    else:
        metadata = ({},)
        columns = (_values(total, spans, now_s),)
    return Series(spans.times_ms, metadata, columns)


def document(answer: Series, href: str) -> dict[str, Any]:
    """Give a series as a `SeriesListRep`; `href` is the request's path and raw query."""
    return {
        "_links": {"self": {"href": href, "type": "application/json"}},
        "metadata": list(answer.metadata),
        "series": _points(answer),
    }


def _points(answer: Series) -> list[dict[str, int]]:
    if len(answer.columns) == 1:  # as nearly always, and in a third of the time
        return [
            {"time": time, "0": value} for time, value in zip(answer.times_ms, *answer.columns, strict=True)
        ]
    fields = ("time", *map(str, range(len(answer.columns))))
    return [
        dict(zip(fields, point, strict=True)) for point in zip(answer.times_ms, *answer.columns, strict=True)
    ]


def _check_projects(query: "Query", ledger: "Ledger", policies: "Policies") -> None:
    if policies.unknown_project == "empty":
        return
    for key in query.project_keys:
        if key not in ledger:
            raise _unknown_project(key, ledger.keys)


def _unknown_project(key: str, known: tuple[str, ...]) -> Refusal:
    return Refusal(
        404,
        "not_found",
        f"There is no project projectKey={quoted(key)}. Send {nearest(key, known)}. "
        f"(rule unknown-project-not-found)",
        "unknown-project-not-found",
    )


def _spans(query: "Query", column: "Column | None", now_s: int) -> _Spans:
    today = day_of(now_s)
    if column is None or query.from_s >= query.to_s or column.created > today:
        return _Spans((), (), ())
    first = max(day_of(query.from_s), column.created)
    last = min(day_of(query.to_s - 1), today)
    if query.granularity == MONTHLY:
        return _months(first, last, today)
    return _days(first, last, query.aggregation_type)


def _days(first: int, last: int, view: str) -> _Spans:
    times_ms = range(first * MS_PER_DAY, (last + 1) * MS_PER_DAY, MS_PER_DAY)
    return _Spans(times_ms, VIEWS[view](first, last), range(first, last + 1))


def _months(first: int, last: int, today: int) -> _Spans:
    starts = months_between(first, last)
    ends = [min(next_month(start) - 1, today) for start in starts]
    return _Spans([start * MS_PER_DAY for start in starts], tuple((start, 1) for start in starts), ends)


def _values(column: "Column | None", spans: _Spans, now_s: int) -> "Sequence[int]":
    if column is None:
        return [0] * len(spans.sum_ends)
    return column.values(spans.sum_starts, spans.sum_ends, now_s)
