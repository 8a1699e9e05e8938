"""Where a window may begin or end instead of where it should: a table of instants, in seconds."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import (
    SECONDS_PER_DAY,
    day_of,
    first_of_month,
    from_date,
    next_month,
    start_of,
    to_date,
    weekday,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Instant = Callable[[int], int]

WEEK: Final = 7


def start_of_month(at_s: int) -> int:
    """Give when the month of an instant starts."""
    return start_of(first_of_month(day_of(at_s)))


def first_of_year(day: int) -> int:
    """Give the first day of a day's year."""
    return from_date(to_date(day).replace(month=1, day=1))


EARLIER: Final[dict[str, "Instant"]] = {
    "a day early": lambda at_s: at_s - SECONDS_PER_DAY,
    "two days early": lambda at_s: at_s - 2 * SECONDS_PER_DAY,
    "with its month": start_of_month,
    "with its week": lambda at_s: start_of(day_of(at_s) - weekday(day_of(at_s))),
}
LATER: Final[dict[str, "Instant"]] = {
    "a second late": lambda at_s: at_s + 1,
    "a day late": lambda at_s: at_s + SECONDS_PER_DAY,
    "two days late": lambda at_s: at_s + 2 * SECONDS_PER_DAY,
    "with its month": lambda at_s: start_of(next_month(day_of(at_s))),
    "with its week": lambda at_s: start_of(day_of(at_s) - weekday(day_of(at_s)) + WEEK),
}
SHORTER: Final[dict[str, tuple["Instant", "Instant"]]] = {
    "the window starts a second late": (lambda at_s: at_s + 1, int),
    "the first day of a window is left out": (lambda at_s: at_s + SECONDS_PER_DAY, int),
    "the last day of a window is left out": (int, lambda at_s: at_s - SECONDS_PER_DAY),
}
