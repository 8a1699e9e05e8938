"""Which buckets an answer has, and in what order: zero ones, cut ones, the one at `to`, Sundays.

Rule: that a bucket is missing shows something only where another answer tells that it counts above zero.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTH_TO_DATE
from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, start_of, weekday
from usagetwin_checker.asking.parameters import INCREMENTAL, between, project, window
from usagetwin_checker.choices.choice import TWIN, Choice, only, without
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

DAILY_VIEWS: Final = ("incremental", MONTH_TO_DATE, "rolling_30d")
SUNDAY: Final = 6
MOST_KEYS: Final = 6  # that are looked through for a day without sessions
SUNDAYS: Final = 2  # that are missing, until it is no chance
FROM, TO, BOTH = "cut-by-from-left-out", "cut-by-to-left-out", "whole-buckets-only"
NOON_S: Final = SECONDS_PER_DAY // 2
MTD: Final = (("aggregationType", MONTH_TO_DATE), ("granularity", "daily"))


def above_zero(seen: "Seen", each: "Series", day: int) -> bool:
    """Tell whether a closed bucket of a series' view and filter is shown by an answer, and above zero."""
    return (seen.sum_of(each.view, each.keys, day) or 0) > 0


def _order(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.raw:
        labels = list(dict.fromkeys(each.labels))
        if len(labels) < 2:
            continue
        if labels == sorted(labels):
            ways = without(ways, "descending")
        elif labels == sorted(labels, reverse=True):
            ways = without(ways, TWIN)
        else:
            return frozenset()
    return ways


def _twice(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.raw:
        if not each.labels:
            continue
        repeated = len(each.labels) - len(set(each.labels))
        first = min(each.labels)
        if repeated == 0:
            ways = without(ways, "first-bucket-twice")
        elif repeated == 1 and each.labels.count(first) == 2:
            ways = without(ways, TWIN)
        else:
            return frozenset()
    return ways


def _sparse(seen: "Seen", ways: "Ways") -> "Ways":
    if any(0 in each.totals and _is_zero(each) for each in seen.raw):
        return only(ways, TWIN)
    for each in seen.of_view("incremental"):
        if each.buckets and any(each.has_day(day) for day in _zero_days(seen, each) - set(each.buckets)):
            return only(ways, "sparse")
    return ways


def _is_zero(each: "Series") -> bool:
    return any(
        all(value == 0 for name, value in point.items() if name != "time")
        for point in each.exchange.document["series"]
    )


def _zero_days(seen: "Seen", each: "Series") -> set[int]:
    """Give the days on which a filter counts nothing, as two sums of one month show."""
    sums = seen.sums.get((MONTH_TO_DATE, each.keys), {})
    return {
        day
        for day, value in sums.items()
        if value > 0 and sums.get(day - 1) == value and first_of_month(day) == first_of_month(day - 1)
    }


def _sundays(seen: "Seen", ways: "Ways") -> "Ways":
    missing = set()
    for each in seen.of_view(*DAILY_VIEWS):
        if any(weekday(day) == SUNDAY for day in each.buckets):
            return only(ways, TWIN)
        shown = set(each.buckets)
        for saturday in shown if each.view == MONTH_TO_DATE else ():
            sunday = saturday + 1
            if (
                weekday(sunday) == SUNDAY
                and first_of_month(sunday) != sunday
                and sunday + 1 in shown
                and above_zero(seen, each, saturday)
                and each.has_day(sunday)
            ):
                missing.add(sunday)
    return only(ways, "no-sundays") if len(missing) >= SUNDAYS else ways


def _cut(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.of_view(*DAILY_VIEWS):
        if each.from_s is None or each.to_s is None:
            continue
        first, last = day_of(each.from_s), day_of(each.to_s)
        if first == last:
            continue
        if each.from_s % SECONDS_PER_DAY and above_zero(seen, each, first):
            kept = first in each.buckets
            ways = without(ways, *((FROM, BOTH) if kept else (TWIN, TO)))
        if each.to_s % SECONDS_PER_DAY and above_zero(seen, each, last):
            kept = last in each.buckets
            ways = without(ways, *((TO, BOTH) if kept else (TWIN, FROM)))
    return ways


def _inclusive(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.of_view(*DAILY_VIEWS):
        if (
            each.to_s is None
            or each.from_s is None
            or each.to_s % SECONDS_PER_DAY
            or each.from_s >= each.to_s
        ):
            continue
        day = day_of(each.to_s)
        if day in each.buckets:
            return only(ways, "inclusive-to")
        if above_zero(seen, each, day) and not seen.possible("cut buckets") & {TO, BOTH}:
            ways = without(ways, "inclusive-to")
    return ways


# --- what would tell -------------------------------------------------------------------------------------


def weeks(seen: "Seen") -> "tuple[int, int]":
    """Give the first day and the end of three weeks that are over, in one month where that is possible."""
    end = first_of_month(day_of(seen.newest_s)) - 1
    return end - 22, end


def _known(seen: "Seen") -> "Iterator[Ask]":
    """Give the same weeks by day, and as sums of the month."""
    first, end = weeks(seen)
    yield Ask((*between(first, end), *MTD))
    yield Ask((*between(first, end), *INCREMENTAL))


def _zero_asks(seen: "Seen") -> "Iterator[Ask]":
    """Give each project's sums to date, then by day those that stand still on some day."""
    first, end = weeks(seen)
    for keys in ((), *((key,) for key in sorted(seen.knowledge.keys)[:MOST_KEYS])):
        yield Ask((*between(first, end), *MTD, *project(*keys)))
        sums = seen.sums.get((MONTH_TO_DATE, frozenset(keys)), {})
        if any(sums.get(day) and sums.get(day) == sums.get(day + 1) for day in range(first, end)):
            yield Ask((*between(first, end), *INCREMENTAL, *project(*keys)))


def _cut_asks(seen: "Seen") -> "Iterator[Ask]":
    first, end = weeks(seen)
    yield Ask((*between(first, end), *MTD))
    for day in (first + 8, first + 10):  # one of them is a Sunday at most
        noon_s = start_of(day) + NOON_S
        yield Ask((*window(noon_s, noon_s + 3 * SECONDS_PER_DAY), *MTD))


def _inclusive_asks(seen: "Seen") -> "Iterator[Ask]":
    first, end = weeks(seen)
    yield Ask((*between(first, end), *MTD))
    for day in (first + 13, first + 15):
        yield Ask((*between(day - 4, day), *MTD))


CHOICES: Final = (
    Choice("order of buckets", ("descending",), _order, _known, needs="an answer with two buckets"),
    Choice("first bucket", ("first-bucket-twice",), _twice, _known, needs="an answer with a bucket"),
    Choice(
        "zero buckets",
        ("sparse",),
        _sparse,
        _zero_asks,
        needs="a project with a day without sessions (--project)",
    ),
    Choice(
        "Sundays", ("no-sundays",), _sundays, _known, needs="two Sundays within months that count something"
    ),
    Choice("cut buckets", (FROM, TO, BOTH), _cut, _cut_asks, needs="windows that cut a day with sessions"),
    Choice(
        "bucket at to",
        ("inclusive-to",),
        _inclusive,
        _inclusive_asks,
        needs="a window that ends where a day begins, and buckets that are kept where `to` cuts them",
    ),
)
