"""The classes of what can be asked: views, windows, filters, and queries that break a rule.

Rule: what is valid comes from the effective contract; nothing here says what an answer should be.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import LISTED
from usagetwin.days import SECONDS_PER_DAY, first_of_month, next_month, start_of, to_date
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

Pairs = tuple[tuple[str, str], ...]

HISTORY_DAYS: Final = 364  # the longest window that the prose promises an answer to
NO_PROJECT: Final = "usagetwin-no-such-project"
LEAP_MONTHS: Final = "a leap day and its months"
FINE_WINDOWS: Final = ("a month and a second", "a second before a day", "an empty window")
INCREMENTAL: Final[Pairs] = (("aggregationType", "incremental"),)


@cache
def views() -> tuple[tuple[str, Pairs], ...]:
    """Give every valid pair of aggregation type and granularity that the contract has, by name."""
    return tuple(_views())


def _views() -> "Iterator[tuple[str, Pairs]]":
    for aggregation in LISTED["aggregationType"]:
        for granularity in LISTED["granularity"]:
            pair = (("aggregationType", aggregation), ("granularity", granularity))
            if not broken_rules(Ask(pair)):
                yield (aggregation if granularity == "daily" else f"{aggregation} {granularity}"), pair


def window_classes(today: int) -> "Iterator[tuple[str, int, int]]":
    """Give windows at the edges of days, months and years around a current day, all of them closed."""
    end_s = start_of(today)
    month = first_of_month(first_of_month(today) - 1)
    noon_s = SECONDS_PER_DAY // 2
    january = first_of_month(today - to_date(today).timetuple().tm_yday + 1)
    leap = _leap_day(today)
    yield "one day", end_s - SECONDS_PER_DAY, end_s
    yield "a window cut in mid-day", end_s - 5 * SECONDS_PER_DAY + noon_s, end_s - SECONDS_PER_DAY - noon_s
    yield "a leap day", start_of(leap), start_of(leap + 1)
    yield "the beginning of time", 0, start_of(HISTORY_DAYS)
    yield "a whole month", start_of(month), start_of(next_month(month))
    yield "a window in mid-month", start_of(month + 9), start_of(month + 14)
    yield "a cut month", start_of(month + 9), min(start_of(next_month(month) + 4), end_s)
    yield "the turn of a year and its month", start_of(january - 31), min(start_of(january + 31), end_s)
    yield "the last day of a year", start_of(january - 1), start_of(january)
    yield LEAP_MONTHS, start_of(leap - 45), min(start_of(leap + 40), end_s)
    yield "a month and a second", start_of(month), min(start_of(next_month(month)) + 1, end_s)
    yield "a second before a day", start_of(month + 5) - 1, start_of(month + 7) - 1
    yield "an empty window", start_of(month + 3), start_of(month + 3)


def _leap_day(today: int) -> int:
    day = first_of_month(today)
    while True:
        date = to_date(day)
        if date.month == 2 and next_month(day) - day == 29 and day + 28 < today:
            return day + 28
        day = first_of_month(day - 1)


def invalid_queries(history: Pairs) -> "Iterator[Pairs]":
    """Give queries that each break at least one rule about parameters, and stay broken on the wire."""
    for name in ("from", "to"):
        others = tuple(pair for pair in history if pair[0] != name)
        (right,) = [value for key, value in history if key == name]
        for value in (
            f"{right}xyz",
            "abc",
            f"{right}000",
            "",
            f"-{right}",
            f"{right}.5",
            "1e9",
            "2026-01-01",
            f" {right}",
            "٣",
            f"{right}\n",
        ):
            yield (*others, (name, value))
    for name, other in (("granularity", "hourly"), ("aggregationType", "average")):
        valid = LISTED[name]
        for value in (other, valid[0].upper(), f" {valid[0]}", "", f"{valid[0]},{valid[-1]}"):
            yield (*history, (name, value))
    for aggregation in LISTED["aggregationType"]:
        pair = (("granularity", "monthly"), ("aggregationType", aggregation))
        if broken_rules(Ask(pair)):
            yield (*history, *pair)
    (_, start), (_, end) = history
    yield (("from", end), ("to", start))
    yield (*history, ("projectKey", ""))
    for name, value in (*history, ("granularity", "daily"), ("aggregationType", "incremental")):
        kept = tuple(pair for pair in history if pair[0] != name)
        yield (*kept, (name, value), (name, value))


def given_views() -> list[Pairs]:
    """Give every way to ask for a view, with each of its two parameters given or left out."""
    ways = []
    for granularity in ("", *LISTED["granularity"]):
        for aggregation in ("", *LISTED["aggregationType"]):
            pairs = (("granularity", granularity), ("aggregationType", aggregation))
            given = tuple(pair for pair in pairs if pair[1])
            if not broken_rules(Ask(given)):
                ways.append(given)
    return ways


def project(*keys: str) -> Pairs:
    """Give the parameters of a filter."""
    return tuple(("projectKey", key) for key in keys)


def window(from_s: int, to_s: int) -> Pairs:
    """Give the parameters of a window, in Unix seconds."""
    return (("from", str(from_s)), ("to", str(to_s)))


def between(first: int, end: int) -> Pairs:
    """Give the parameters of the window from one day up to, without, another."""
    return window(start_of(max(first, 0)), start_of(end))
