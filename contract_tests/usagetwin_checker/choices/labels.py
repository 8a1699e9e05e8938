"""Which number a target labels its buckets with: each known way is held against every series.

A way is ruled out by a label that it never gives, by a bucket that would lie outside its window, and by one
that another answer shows and this one, whose window has all of it, would lack.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of
from usagetwin_checker.asking.parameters import INCREMENTAL, window
from usagetwin_checker.choices.choice import TWIN, Choice
from usagetwin_checker.exchanges import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen, Series

HOUR_MS: Final = 3_600_000
DAY_MS: Final = SECONDS_PER_DAY * 1000
HALF_DAY_S: Final = SECONDS_PER_DAY // 2


class Label(NamedTuple):
    """How a label is made: its unit, from the bucket's start or end, and how many milliseconds beside."""

    per_second: int = 1000
    from_end: bool = False
    beside_ms: int = 0
    month_at_last_day: bool = False


LABELS: Final = {
    TWIN: Label(),
    "time-in-seconds": Label(1),
    "time-at-noon": Label(beside_ms=12 * HOUR_MS),
    "time-at-end": Label(from_end=True),
    "time-at-last-millisecond": Label(from_end=True, beside_ms=-1),
    "time-in-zone-east": Label(beside_ms=-9 * HOUR_MS),
    "time-in-zone-west": Label(beside_ms=5 * HOUR_MS),
    "month-at-last-day": Label(month_at_last_day=True),
    "seconds-at-end": Label(1, from_end=True),
    "a-day-late-and-elsewhere": Label(beside_ms=3 * HOUR_MS),
}


def days_of(way: str, each: "Series") -> tuple[int, ...]:
    """Give the first day of the bucket that each label names."""
    label = LABELS[way]
    return tuple(_start(label, value, monthly=each.monthly) for value in each.labels)


def _start(label: Label, value: int, *, monthly: bool) -> int:
    instant_ms = value * 1000 // label.per_second - label.beside_ms
    day = (instant_ms - (1 if label.from_end else 0)) // DAY_MS
    return first_of_month(day) if monthly else day


def _written(label: Label, start: int, *, monthly: bool) -> int:
    end = next_month(start) if monthly else start + 1
    day = end - 1 if label.month_at_last_day else end if label.from_end else start
    return (day * DAY_MS + label.beside_ms) * label.per_second // 1000


def _read(seen: "Seen", ways: "Ways") -> "Ways":
    shown = [each for each in seen.raw if each.labels]
    if not shown:
        return ways
    fitting = [way for way in ways if all(_gives(LABELS[way], each) for each in shown)]
    if len(fitting) > 1:
        fitting = [way for way in fitting if _lacks_nothing(way, shown, seen)]
    return frozenset(fitting)


def _gives(label: Label, each: "Series") -> bool:
    """Tell whether a way gives each label of a series, for a bucket that may be in its window."""
    for value in each.labels:
        try:
            start = _start(label, value, monthly=each.monthly)
            end = next_month(start) if each.monthly else start + 1
            written = _written(label, start, monthly=each.monthly)
        except (OverflowError, ValueError):  # a day that no calendar has
            return False
        if written != value:
            return False
        if each.from_s is not None and start_of(end) <= each.from_s:
            return False
        if each.to_s is not None and start_of(start) > each.to_s:
            return False
    return True


def _lacks_nothing(way: str, shown: "list[Series]", seen: "Seen") -> bool:
    known: dict[tuple[str, frozenset[str]], set[int]] = defaultdict(set)
    days = {id(each): set(days_of(way, each)) for each in shown}
    for each in shown:
        known[each.view, each.keys] |= {
            day
            for day, value in zip(days_of(way, each), each.totals, strict=True)
            if value > 0 and day < seen.first_open - 1
        }
    return all(
        day in days[id(each)]
        for each in shown
        if each.from_s is not None and each.to_s is not None
        for day in known[each.view, each.keys]
        if each.has(start_of(day), start_of(next_month(day) if each.monthly else day + 1))
    )


def _asks(seen: "Seen") -> "Iterator[Ask]":
    """Give a day cut on both sides, two single days, and two whole months."""
    today = day_of(seen.newest_s)
    month = first_of_month(first_of_month(first_of_month(today) - 1) - 1)
    yield Ask((("granularity", "monthly"), *window(start_of(month), start_of(next_month(month)))))
    noon_s = start_of(today - 8) + HALF_DAY_S
    yield Ask((*INCREMENTAL, *window(noon_s, noon_s + SECONDS_PER_DAY - 1)))
    for day in (today - 7, today - 6, today - 5):
        yield Ask((*INCREMENTAL, *window(start_of(day), start_of(day + 1))))


CHOICES: Final = (
    Choice(
        "labels",
        tuple(way for way in LABELS if way != TWIN),
        _read,
        _asks,
        needs="series with buckets, of days and of months",
    ),
)
