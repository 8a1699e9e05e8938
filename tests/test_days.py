"""UTC days and months: leap years, the lengths of months, and instants on an edge."""

from __future__ import annotations

from datetime import date

import pytest

from usagetwin.days import (
    day_of,
    first_of_month,
    from_date,
    iso,
    months_between,
    next_month,
    start_of,
    to_date,
    weekday,
)


def day(text: str) -> int:
    """Give the day of a date."""
    return from_date(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("instant_s", "expected"),
    [
        (0, 0),
        (86_399, 0),
        (86_400, 1),
        (1_709_164_799, 19_781),
        (1_709_164_800, 19_782),
        (2_147_483_647, 24_855),
    ],
)
def test_a_day_ends_with_its_last_second(instant_s: int, expected: int) -> None:
    """day(t) = floor(t / 86400); 1709164800 is 2024-02-29T00:00:00Z, 2147483647 the last of 32 bits."""
    assert day_of(instant_s) == expected
    assert start_of(expected) <= instant_s < start_of(expected + 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1970-01-01", 0), ("2000-02-29", 11_016), ("2024-02-29", 19_782), ("2038-01-19", 24_855)],
)
def test_a_date_is_a_day_and_back(text: str, number: int) -> None:
    """Days are counted from 1970-01-01, which is day 0."""
    assert day(text) == number
    assert to_date(number).isoformat() == text


@pytest.mark.parametrize(
    ("first", "following", "length"),
    [
        ("2023-02-01", "2023-03-01", 28),
        ("2024-02-01", "2024-03-01", 29),
        ("2100-02-01", "2100-03-01", 28),
        ("2000-02-01", "2000-03-01", 29),
        ("2026-04-01", "2026-05-01", 30),
        ("2026-01-01", "2026-02-01", 31),
        ("2026-12-01", "2027-01-01", 31),
    ],
)
def test_every_day_of_a_month_has_the_same_first_and_next(first: str, following: str, length: int) -> None:
    """Months of 28, 29, 30 and 31 days, and the turn of a year."""
    assert day(following) - day(first) == length
    for number in range(day(first), day(following)):
        assert first_of_month(number) == day(first)
        assert next_month(number) == day(following)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2025-12-31", "2026-02-01", ["2025-12-01", "2026-01-01", "2026-02-01"]),
        ("2026-02-01", "2026-02-28", ["2026-02-01"]),
        ("2026-02-28", "2026-02-01", ["2026-02-01"]),
        ("2026-03-01", "2026-02-28", []),
    ],
)
def test_months_reach_from_the_first_days_to_the_last_days(first: str, last: str, months: list[str]) -> None:
    """Whole months, by their first days; none when the first begins after `last`."""
    assert months_between(day(first), day(last)) == [day(text) for text in months]


def test_monday_is_the_first_day_of_the_week() -> None:
    """1970-01-01 was a Thursday, and 2026-11-23 is a Monday."""
    assert weekday(0) == 3
    assert weekday(day("2026-11-23")) == 0
    assert weekday(day("2026-11-22")) == 6


def test_an_instant_is_written_in_utc_to_the_second() -> None:
    """ISO 8601 with a Z, also beyond 2038 and at the end of ten digits."""
    assert iso(0) == "1970-01-01T00:00:00Z"
    assert iso(2_147_483_648) == "2038-01-19T03:14:08Z"
    assert iso(9_999_999_999) == "2286-11-20T17:46:39Z"
