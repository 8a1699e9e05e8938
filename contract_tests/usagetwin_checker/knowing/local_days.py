"""The days of a zone: where local midnights lie in UTC, as far as the labels of buckets show.

Rule: labels say so only where every one lies at the midnight of one zone: whole quarters of an hour, from
twelve hours west to fourteen hours east, at most two offsets, an hour or half an hour apart. The tz database,
where there is one, names a zone and tells the days that no label shows; nothing depends on it.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, day_of, first_of_month, start_of, to_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

QUARTER_S: Final = 900
WEST_S: Final = -12 * 3600
EAST_S: Final = 14 * 3600
APART_S: Final = (0, 1800, 3600)  # by so much a zone's two offsets differ; half an hour on Lord Howe Island
MOST_OFFSETS: Final = 2
CHANGES_A_YEAR: Final = 2
DAYS_PER_YEAR: Final = 365
AROUND_DAYS: Final = 400  # what a named zone tells beyond the labels
WELL_KNOWN: Final = (  # asked first, so that a zone is named that people know
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Honolulu",
)


@dataclass(frozen=True)
class LocalDays:
    """Days that begin at local midnight.

    `changes` are the first day of each stretch and its offset from UTC in seconds, ascending; the first
    offset holds for all days before as well. `zone` is one of the tz database with these days, where one is
    known.
    """

    changes: tuple[tuple[int, int], ...]
    zone: str | None = None

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Give the offsets from UTC in seconds, ascending."""
        return tuple(sorted({offset for _, offset in self.changes}))

    def start_s(self, day: int) -> int:
        """Give the first instant of a day, in Unix seconds."""
        index = bisect_right(self.changes, (day, EAST_S))
        return start_of(day) - self.changes[max(index - 1, 0)][1]

    def day_of(self, instant_s: int) -> int:
        """Give the day that an instant lies in."""
        day = day_of(instant_s + self.offsets[-1])
        return day if self.start_s(day) <= instant_s else day - 1

    def local_s(self, instant_s: int) -> int:
        """Give an instant in the seconds of a day-keeping local clock, as if each day had 24 hours.

        What lies before, at or after a local midnight still does.
        """
        day = self.day_of(instant_s)
        return start_of(day) + min(instant_s - self.start_s(day), SECONDS_PER_DAY - 1)

    def __str__(self) -> str:
        """Say where the midnights lie, and whose they may be."""
        at = " and ".join(_clock(-offset % SECONDS_PER_DAY) for offset in self.offsets)
        zone = "/".join(_signed(offset) for offset in self.offsets)
        such = "" if self.zone is None else f", such as {self.zone}"
        return f"{at} UTC: days of a zone at UTC{zone}{such}"


def local_days(daily: "Iterable[int]", monthly: "Iterable[int]") -> "Iterator[LocalDays]":
    """Give the days that labels, in Unix seconds, of daily and of monthly buckets lie at the midnights of.

    None where they lie at no zone's midnights; two where a zone may be east or west of the date line.
    """
    months, labels = set(monthly), set(daily)
    labels |= months
    if not all(0 <= label <= LAST_INSTANT_S for label in labels):
        return
    residues = {label % SECONDS_PER_DAY for label in labels}
    if not 0 < len(residues) <= MOST_OFFSETS or residues == {0}:
        return
    for offsets in product(*map(_offsets_at, residues)):
        by_residue = dict(zip(residues, offsets, strict=True))
        if max(offsets) - min(offsets) in APART_S:
            by_day = {day_of(label + (off := by_residue[label % SECONDS_PER_DAY])): off for label in labels}
            firsts = {day_of(label + by_residue[label % SECONDS_PER_DAY]) for label in months}
            if len(by_day) == len(labels) and all(day == first_of_month(day) for day in firsts):
                yield from _kept(by_day)


def _offsets_at(residue_s: int) -> tuple[int, ...]:
    """Give the offsets of the zones whose midnight lies so many seconds after UTC's."""
    if residue_s % QUARTER_S:
        return ()
    return tuple(offset for offset in (-residue_s, SECONDS_PER_DAY - residue_s) if WEST_S <= offset <= EAST_S)


def _kept(by_day: "Mapping[int, int]") -> "Iterator[LocalDays]":
    """Give the days of a zone that has these offsets on these days, where they change as a zone's do."""
    days = sorted(by_day)
    changes = [(days[0], by_day[days[0]])]
    changes += [(day, by_day[day]) for before, day in pairwise(days) if by_day[day] != by_day[before]]
    years = (days[-1] - days[0]) // DAYS_PER_YEAR + 1
    if len(changes) - 1 > CHANGES_A_YEAR * years:
        return
    name = next((name for name in _zone_names() if _has(name, by_day)), None)
    if name is not None:
        zone = ZoneInfo(name)
        around = range(max(days[0] - AROUND_DAYS, 0), days[-1] + AROUND_DAYS)
        offsets = [(day, _offset_s(zone, day)) for day in around]
        changes = [
            offsets[0],
            *(here for before, here in pairwise(offsets) if here[1] != before[1]),
        ]
    yield LocalDays(tuple(changes), name)


@cache
def _all_names() -> tuple[str, ...]:
    return tuple(name for name in sorted(available_timezones()) if "/" in name)


def _zone_names() -> "Iterator[str]":
    yield from WELL_KNOWN
    yield from _all_names()


def _has(name: str, by_day: "Mapping[int, int]") -> bool:
    """Tell whether a zone has these offsets at the midnights of these days."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return all(_offset_s(zone, day) == offset for day, offset in by_day.items())


def _offset_s(zone: ZoneInfo, day: int) -> int:
    """Give the offset from UTC at the first instant of a day."""
    date = to_date(day)
    midnight = datetime(date.year, date.month, date.day, tzinfo=zone)
    return start_of(day) - int(midnight.timestamp())


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"


def _signed(offset_s: int) -> str:
    sign, size = "-" if offset_s < 0 else "+", abs(offset_s)
    minutes = f":{size // 60 % 60:02}" if size % 3600 else ""
    return f"{sign}{size // 3600}{minutes}"
