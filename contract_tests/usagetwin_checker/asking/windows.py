"""The windows that are worth asking for: at the edges of days, months, years and of all time.

Rule: every window here is valid, and none is chosen for what an answer may hold.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of, to_date
from usagetwin_checker.asking.levels import LEFT_OUT, Level
from usagetwin_checker.asking.parameters import HISTORY_DAYS, between, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.knowing.knowledge import Now

YEAR: Final = "a year"
NEWEST: Final = "up to the first second of the newest day"
LONG: Final = "more than four years"
ONE_END: Final = "one end"
DAYS: Final = "whole days"
EDGES: Final = "cut, empty, wide or late"
LONG_DAYS: Final = 4 * 366 + 30  # so that there is a leap day, and more buckets than most bounds on an answer
TO_DEFAULT: Final = "to-defaults-to-now"
FROM_DEFAULT: Final = "from-defaults-to-month-start"
GIVEN_DEFAULT: Final = "explicit-default-changes-nothing"
NOON_S: Final = SECONDS_PER_DAY // 2


def windows(now: "Now") -> "Iterator[Level]":
    """Give every level of the window around a current time."""
    today = day_of(now.earliest_s)
    yield Level(LEFT_OUT, LEFT_OUT, tests=TO_DEFAULT, after=NEWEST)
    yield from _one_end(today)
    yield from _whole_days(today)
    yield from _edges(today)
    yield from _around_now(now)


def _one_end(today: int) -> "Iterator[Level]":
    yield Level("from alone, days ago", ONE_END, between(today - 5, today)[:1], TO_DEFAULT)
    yield Level("from alone, months ago", ONE_END, between(today - 130, today)[:1], TO_DEFAULT)
    yield Level("to alone", ONE_END, between(today, today)[1:], FROM_DEFAULT)


def _whole_days(today: int) -> "Iterator[Level]":
    """Give windows from one day to another, shorter than a year and over before today."""
    month = first_of_month(first_of_month(today) - 1)
    january = first_of_month(today - to_date(today).timetuple().tm_yday + 1)
    leap = _leap_day(today)
    for name, first, end in (
        (YEAR, today - HISTORY_DAYS, today),
        ("one day", today - 1, today),
        ("a whole month", month, next_month(month)),
        ("the turn of a year", january - 31, january + 31),
        ("the months of a leap day", leap - 45, leap + 40),
        ("the beginning of time", 0, HISTORY_DAYS),
        ("a cut month", month + 9, next_month(month) + 4),
        ("the last day of a year", january - 1, january),
        ("a leap day", leap, leap + 1),
    ):
        yield Level(name, DAYS, between(first, min(end, today)))


def _edges(today: int) -> "Iterator[Level]":
    """Give windows that cut a day, are empty, or wider than a year."""
    month = first_of_month(first_of_month(today) - 1)
    before_s = start_of(month + 5) - 1
    yield Level("half days", EDGES, window(start_of(today - 5) + NOON_S, start_of(today - 2) + NOON_S))
    yield Level(
        "a month and a second",
        EDGES,
        window(start_of(month), min(start_of(next_month(month)) + 1, start_of(today))),
    )
    yield Level("a second before a day", EDGES, window(before_s, before_s + 2 * SECONDS_PER_DAY))
    yield Level("no time at all", EDGES, between(month + 3, month + 3))
    yield Level(LONG, EDGES, between(today - LONG_DAYS, today))


def _around_now(now: "Now") -> "Iterator[Level]":
    today, newest = day_of(now.earliest_s), day_of(now.latest_s)
    yield Level("into the future", EDGES, between(today - 3, newest + 3))
    newest_day = window(start_of(max(newest - 1, 0)), start_of(newest) + 1)
    yield Level(NEWEST, EDGES, newest_day, TO_DEFAULT)
    if now.exact:
        month_s = start_of(first_of_month(today))
        yield Level("the defaults, given", EDGES, window(month_s, now.latest_s), GIVEN_DEFAULT)


def _leap_day(today: int) -> int:
    """Give the last leap day before today."""
    day = first_of_month(today)
    while True:
        date = to_date(day)
        if date.month == 2 and next_month(day) - day == 29 and day + 28 < today:
            return day + 28
        day = first_of_month(day - 1)
