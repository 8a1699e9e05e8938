"""The series that a ledger implies for a query, as a value to compare with what a test's code made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from usagetwin.account import answers
from usagetwin.contract.operation import INCREMENTAL, MONTHLY
from usagetwin.days import start_of
from usagetwin.errors import Refusal, UsageTwinError
from usagetwin.stage.expecting import series_of
from usagetwin.stage.instants import moment
from usagetwin.stage.rules import Told, told
from usagetwin_checker.testing.differences import differences, is_comparable, shown

if TYPE_CHECKING:
    from datetime import datetime

    from usagetwin.account.ledger import Ledger
    from usagetwin.account.query import Query
    from usagetwin.policies import Policies

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MOST_VALUES: Final = 12


@dataclass(eq=False)
class InvalidQueryError(UsageTwinError, ValueError):
    """A query that the test itself asks for, and that the contract refuses."""

    told: Told

    def __str__(self) -> str:
        """Say in three lines what is wrong, by which rule, and what to ask for instead."""
        return str(self.told)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expected:
    """The buckets of an answer, ascending.

    `times` are their first instants (UTC), `values` what each of them counts for the whole filter. `total` is
    the sessions of all the days that the buckets count, each day once: for incremental and for monthly
    buckets the sum of the values, for a month to date within one month its last value. `columns` are the
    values of each project by its key, where the policy `projects=separate` keeps them apart; else empty.

    It equals another with the same times and values, an answer's whole document or its series, a mapping
    from time (datetime, date, ISO 8601 or Unix milliseconds) to value, and the values alone in their order.
    """

    times: "tuple[datetime, ...]"
    values: tuple[int, ...]
    total: int
    columns: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Give the newest bucket's value. Raises LookupError for a series without buckets."""
        if not self.values:
            message = "the expected series has no buckets, so there is no last one: see its `values`"
            raise LookupError(message)
        return self.values[-1]

    def as_dict(self) -> "dict[datetime, int]":
        """Give the value of each bucket by its first instant, ascending."""
        return dict(zip(self.times, self.values, strict=True))

    def differences(self, actual: object) -> tuple[str, ...]:
        """Say in lines how `actual` differs: bucket, expected, got. Nothing when it equals.

        Raises TypeError for what can't be a series.
        """
        given = _document(actual) if isinstance(actual, Expected) else actual
        if not is_comparable(given):
            message = f"{given!r} is no series: give an answer's document, points, or values in their order"
            raise TypeError(message)
        return differences(self.times, self.values, self.columns, given)

    def assert_equal(self, actual: object) -> None:
        """Raise AssertionError, with the differences, unless `actual` equals. Raises TypeError as they do."""
        lines = self.differences(actual)
        if lines:
            raise AssertionError("\n".join(lines))

    def __eq__(self, other: object) -> bool:
        """Compare with another, with an answer, or with values."""
        if not isinstance(other, Expected) and not is_comparable(other):
            return NotImplemented
        return not self.differences(other)

    __hash__ = None  # type: ignore[assignment]  # -- what equals a list has no hash

    def __repr__(self) -> str:
        """Show the window, and the first values of it."""
        if not self.times:
            return "Expected(no buckets)"
        values = ", ".join(map(str, self.values[:MOST_VALUES]))
        more = ", ..." if len(self.values) > MOST_VALUES else ""
        return f"Expected({shown(self.times[0])} to {shown(self.times[-1])}: {values}{more})"


def explanation(left: object, right: object) -> tuple[str, ...]:
    """Say why `left == right` is false where one is Expected, for a test runner to show; else nothing."""
    if isinstance(left, Expected) and (isinstance(right, Expected) or is_comparable(right)):
        return left.differences(right)
    if isinstance(right, Expected) and is_comparable(left):
        return right.differences(left)
    return ()


def expected(
    ledger: "Ledger", policies: "Policies", now_s: int, parameters: Sequence[tuple[str, str]] = ()
) -> Expected:
    """Give the series that `ledger` holds at `now_s` for parameters in their wire form, defaults filled in.

    Raises InvalidQueryError, which is a ValueError, where the twin would refuse the query.
    """
    query_string = urlencode(parameters, errors="replace").encode()
    try:
        query, series = series_of(query_string, ledger, policies, now_s)
    except Refusal as refusal:
        raise InvalidQueryError(told(refusal)) from None
    columns = tuple(map(tuple, series.columns))
    keys = [item["projectKey"] for item in series.metadata if item]
    return Expected(
        times=tuple(moment(time_ms // 1000) for time_ms in series.times_ms),
        values=tuple(map(sum, zip(*columns, strict=True))),
        total=_total(query, series, ledger, policies, now_s),
        columns=dict(zip(keys, columns, strict=True)) if keys else {},
    )


def _document(series: Expected) -> dict[str, object]:
    columns = tuple(series.columns.values()) or (series.values,)
    points = [
        {"time": time, **{str(label): column[index] for label, column in enumerate(columns)}}
        for index, time in enumerate(series.times)
    ]
    return {"series": points, "metadata": [{"projectKey": key} for key in series.columns]}


def _total(query: "Query", series: answers.Series, ledger: "Ledger", policies: "Policies", now_s: int) -> int:
    """Add up the days that the buckets count: those of the first bucket, and each day after it."""
    if query.granularity == MONTHLY or not series.times_ms:
        return sum(map(sum, series.columns))
    first, last = (series.times_ms[index] // answers.MS_PER_DAY for index in (0, -1))
    later = replace(
        query,
        from_s=start_of(first + 1),
        to_s=start_of(last + 1),
        aggregation_type=INCREMENTAL,
    )
    days = answers.series(later, ledger, policies, now_s)
    return sum(column[0] for column in series.columns) + sum(map(sum, days.columns))
