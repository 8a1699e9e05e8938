"""The ledger: sums of one filter's days, the open day's share, and where each view's sums start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import pytest

from usagetwin.account.ledger import VIEWS, Column, Ledger
from usagetwin.days import SECONDS_PER_DAY, from_date

NOON: Final = SECONDS_PER_DAY // 2


@dataclass(frozen=True)
class Steady:
    """As many sessions every day."""

    each_day: int

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of a span of days."""
        return [self.each_day] * (last - first + 1)


def day(text: str) -> int:
    """Give the day of a date."""
    return from_date(date.fromisoformat(text))


def each(*days: int) -> tuple[tuple[int, int], ...]:
    """Give spans that start at these days, one at each."""
    return tuple((start, 1) for start in days)


def start_days(view: str, first: int, last: int) -> list[int]:
    """Give the day that the sum of each daily bucket starts with."""
    starts = VIEWS[view](first, last)
    return list(starts) if isinstance(starts, range) else [day for day, times in starts for _ in range(times)]


def test_a_span_is_the_sum_of_its_days_from_the_creation_on() -> None:
    """10 a day from day 100: a span that starts before counts from there, one that ends before is zero."""
    column = Column([(100, Steady(10))])

    values = column.values(each(90, 95, 100, 103), [99, 100, 104, 105], 110 * SECONDS_PER_DAY)

    assert values == [0, 10, 50, 30]


@pytest.mark.parametrize(("second", "visible"), [(0, 0), (1, 0), (8_640, 1), (NOON, 5), (86_399, 9)])
def test_the_open_day_shows_the_elapsed_share_of_its_count(second: int, visible: int) -> None:
    """Of 10: none at 0 h, then a tenth of the day, noon, the last second; the day before has all its 10."""
    column = Column([(100, Steady(10))])

    values = column.values(each(104, 105), [104, 105], 105 * SECONDS_PER_DAY + second)

    assert values == [10, visible]


def test_a_project_that_is_born_in_the_open_day_counts_from_its_first_second() -> None:
    """Its day is open like any other, beside an older project's."""
    born_today = Column([(105, Steady(10))])
    beside = Column([(100, Steady(10)), (105, Steady(10))])

    assert born_today.values(each(105), [105], 105 * SECONDS_PER_DAY + NOON) == [5]
    assert beside.values(each(105), [105], 105 * SECONDS_PER_DAY + NOON) == [10]


def test_the_open_day_is_whole_at_midnight() -> None:
    """From the first instant of the next day."""
    column = Column([(100, Steady(10))])

    assert column.values(each(105), [105], 106 * SECONDS_PER_DAY) == [10]


def test_each_projects_open_share_is_rounded_by_itself() -> None:
    """Three projects of one session each show nothing at noon: so a filter is the sum of its projects."""
    column = Column([(100, Steady(1)), (100, Steady(1)), (100, Steady(1))])

    assert column.values(each(105), [105], 105 * SECONDS_PER_DAY + NOON) == [0]


def test_projects_add_up_from_each_ones_creation() -> None:
    """10 a day from day 100 and 3 a day from day 102; one born after now adds nothing."""
    column = Column([(102, Steady(3)), (100, Steady(10)), (900, Steady(7))])

    assert column.created == 100
    assert column.values(each(100, 101, 102), [100, 101, 103], 110 * SECONDS_PER_DAY) == [10, 10, 26]


def test_a_column_that_is_still_to_be_born_is_zero() -> None:
    """Its creation lies ahead of now."""
    column = Column([(100, Steady(10))])

    assert column.values(each(90, 91), [90, 91], 95 * SECONDS_PER_DAY) == [0, 0]


def test_a_column_answers_an_earlier_instant_after_a_later_one() -> None:
    """What it has summed for a later day is not shown earlier."""
    column = Column([(100, Steady(10))])
    spans = each(100, 100), [101, 102]

    later = column.values(*spans, 200 * SECONDS_PER_DAY)
    earlier = column.values(*spans, 102 * SECONDS_PER_DAY + NOON)

    assert (later, earlier) == ([20, 30], [20, 25])


def test_counts_beyond_the_exact_floats_are_exact() -> None:
    """2^53 - 1 a day for three days, and half a day of it: integers all the way."""
    column = Column([(0, Steady(2**53 - 1))])

    assert column.values(each(0), [2], 10 * SECONDS_PER_DAY) == [27_021_597_764_222_973]
    assert column.values(each(3), [3], 3 * SECONDS_PER_DAY + NOON) == [4_503_599_627_370_495]


def test_buckets_that_start_together_are_given_once() -> None:
    """Three days of which two start with the same: the second sum holds the first."""
    column = Column([(100, Steady(10))])

    assert column.values(((90, 1), (101, 2)), [100, 101, 102], 110 * SECONDS_PER_DAY) == [10, 10, 20]


def test_a_filter_is_a_set_of_projects() -> None:
    """Order and repetition make no other column; no key at all is every project."""
    ledger = Ledger({"a": (0, Steady(1)), "b": (5, Steady(2))})

    assert ledger.column(("a", "b", "a")) is ledger.column(("b", "a")) is ledger.column()
    assert ledger.keys == ("a", "b")


def test_unknown_keys_are_left_out_of_a_column() -> None:
    """A filter without a known key has no column, and is not widened to all projects."""
    ledger = Ledger({"a": (0, Steady(1)), "b": (5, Steady(2))})

    assert ledger.column(("b", "nobody's")) is ledger.column(("b",))
    assert ledger.column(("nobody's",)) is None
    assert "a" in ledger
    assert "A" not in ledger


def test_a_ledger_without_projects_has_no_column() -> None:
    """Nothing to sum."""
    assert Ledger({}).column() is None


@pytest.mark.parametrize(
    ("view", "starts"),
    [
        ("incremental", ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]),
        ("month_to_date", ["2024-02-01", "2024-02-01", "2024-03-01", "2024-03-01"]),
        ("rolling_30d", ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"]),
    ],
)
def test_the_views_differ_only_in_where_their_sums_start(view: str, starts: list[str]) -> None:
    """Four days around the end of a leap February, by hand."""
    first, last = day("2024-02-28"), day("2024-03-02")

    assert start_days(view, first, last) == [day(text) for text in starts]


def test_a_month_to_date_starts_again_with_each_year() -> None:
    """From New Year's Eve to New Year's Day."""
    first = day("2025-12-31")

    assert start_days("month_to_date", first, first + 1) == [day("2025-12-01"), day("2026-01-01")]
