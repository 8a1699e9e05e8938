"""UTC days and months, as integers: a day is the number of days since 1970-01-01.

Rule: nothing else does calendar arithmetic. Source: `SEMANTICS` 2, day(t) = floor(t / 86400).
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

SECONDS_PER_DAY: Final = 86_400
LAST_INSTANT_S: Final = 9_999_999_999  # ten digits, in 2286
_EPOCH: Final = date(1970, 1, 1)
_MONDAY: Final = 3  # 1970-01-01 was a Thursday


def day_of(instant_s: int) -> int:
    """Give the UTC day that an instant (Unix seconds) lies in."""
    return instant_s // SECONDS_PER_DAY


def start_of(day: int) -> int:
    """Give the first instant of a day, in Unix seconds."""
    return day * SECONDS_PER_DAY


def to_date(day: int) -> date:
    """Give the calendar date of a day."""
    return _EPOCH + timedelta(days=day)


def from_date(value: date) -> int:
    """Give the day of a calendar date."""
    return (value - _EPOCH).days


@lru_cache(maxsize=1 << 16)
def first_of_month(day: int) -> int:
    """Give the first day of the month that a day lies in."""
    return day - to_date(day).day + 1


def next_month(day: int) -> int:
    """Give the first day of the month after the one that a day lies in."""
    return first_of_month(first_of_month(day) + 31)


def months_between(first: int, last: int) -> list[int]:
    """Give the first days of the months from the one that `first` lies in, up to `last`."""
    starts = []
    start = first_of_month(first)
    while start <= last:
        starts.append(start)
        start = next_month(start)
    return starts


def weekday(day: int) -> int:
    """Give the day of the week, Monday as 0."""
    return (day + _MONDAY) % 7


def iso(instant_s: int) -> str:
    """Write an instant as ISO 8601, in UTC, to the second."""
    return datetime.fromtimestamp(instant_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
