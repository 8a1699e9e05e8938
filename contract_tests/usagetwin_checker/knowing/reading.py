"""How a target labels its buckets: what instant `time` is, in which unit, and so which bucket it names.

Rule: days and months are those of UTC, or of a zone where the labels lie at its midnights (`local_days`).
What is judged under such a reading is put into that zone's time first, where each day begins at midnight.

Source: `SEMANTICS` 4 (time) and 6. The contract says milliseconds at the bucket's first instant, as
`observed`; any label that names its bucket is legal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from usagetwin_checker.knowing.local_days import LocalDays


FIRST_DAY: Final = -700_000  # labels beyond what a calendar has are read as its ends, outside any window
LAST_DAY: Final = 2_900_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read labels: `per_second` units make a second; `shift_s` moves a label into its bucket.

    `days` are those of a zone, where the buckets are not UTC's; `own_month` says that the default of `from`
    is the start of that zone's month then.
    """

    name: str
    per_second: int
    shift_s: int
    days: "LocalDays | None" = None
    own_month: bool = False

    def daily(self, label: int) -> int:
        """Give the day that a label of a daily bucket names."""
        if self.days is not None:
            return min(max(self.days.day_of(label // self.per_second), FIRST_DAY), LAST_DAY)
        day = (label + self.shift_s * self.per_second) // (SECONDS_PER_DAY * self.per_second)
        return min(max(day, FIRST_DAY), LAST_DAY)

    def start_s(self, day: int) -> int:
        """Give the first instant of a day, in Unix seconds."""
        return start_of(day) if self.days is None else self.days.start_s(day)

    def local_s(self, instant_s: int) -> int:
        """Give an instant in the time by which the buckets are cut."""
        return instant_s if self.days is None else self.days.local_s(instant_s)

    def month_start_s(self, instant_s: int) -> int:
        """Give the default of `from` at an instant, in Unix seconds."""
        if self.days is None or not self.own_month:
            return start_of(first_of_month(day_of(instant_s)))
        return self.days.start_s(first_of_month(self.days.day_of(instant_s)))

    def monthly(self, label: int) -> int:
        """Give the first day of the month that a label of a monthly bucket names."""
        return first_of_month(self.daily(label))

    def bucket(self, *, monthly: bool) -> "Callable[[int], int]":
        """Give the function from a label to the first day of its bucket."""
        return self.monthly if monthly else self.daily


def last_day(first: int, *, monthly: bool) -> int:
    """Give the last day of the bucket that starts with day `first`."""
    return next_month(first) - 1 if monthly else first


STANDARD: Final = Reading("Unix milliseconds, at the bucket's first instant", 1000, 0)
SECONDS: Final = Reading("Unix seconds", 1, 0)
SLACK_S: Final = 32 * SECONDS_PER_DAY  # a label may lie this far outside the window: a month, and a zone
SMALLEST_MILLISECONDS: Final = 100_000_000_000


def fits(label: int, per_second: int, from_s: int, to_s: int) -> bool:
    """Tell whether a label, in a unit, lies in a window, or near enough."""
    return from_s - SLACK_S <= label / per_second <= to_s + SLACK_S


def unit_of(newest: int, from_s: int, to_s: int) -> int:
    """Tell the unit of a label, as units in a second: the one that fits the window, else by magnitude."""
    for reading in (STANDARD, SECONDS):
        if fits(newest, reading.per_second, from_s, to_s):
            return reading.per_second
    return STANDARD.per_second if newest >= SMALLEST_MILLISECONDS else SECONDS.per_second


def readings_in(per_second: int) -> tuple[Reading, ...]:
    """Give the readings of one unit, the usual one first; a label within its bucket needs no shift."""
    usual = STANDARD if per_second == STANDARD.per_second else SECONDS
    return (
        usual,
        Reading(f"{usual.name}, but at the bucket's end", per_second, -1),
        Reading(f"{usual.name}, but in a zone east of UTC", per_second, SECONDS_PER_DAY // 2),
    )


def readings_of(days: "Iterable[LocalDays]", per_second: int) -> "Iterator[Reading]":
    """Give the readings by which labels lie at the midnights of a zone, in whose month or in UTC's."""
    for local in days:
        for own_month in (True, False):
            yield Reading(f"local midnight, {local}", per_second, 0, local, own_month)
