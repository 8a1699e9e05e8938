"""How many sessions a project has on a day: the only module that knows where counts come from.

Rule: integers and one counter-based hash, nothing else (`SEMANTICS` 5): no float, no `random`, no `hash()`.
A day's count depends on the traffic and the day alone, never on the range that is asked for.
"""

from dataclasses import dataclass
from hashlib import blake2b
from struct import unpack
from typing import Final

from usagetwin.days import weekday

MAX_COUNT: Final = 2**53 - 1  # the largest integer that every JSON reader keeps exactly
MAX_SEED: Final = 2**64 - 1

_DAYS_PER_BLOCK: Final = 16  # one 64-byte digest gives 16 draws of 4 bytes
_DRAWS: Final = 1 << 32
_YEAR_PERCENT: Final = 365 * 100
_UNIT: Final = 100 * _YEAR_PERCENT * 100 * _DRAWS  # of weekday percent, growth, noise percent and draw


@dataclass(frozen=True, slots=True)
class Event:
    """Days, first to last inclusive, on which traffic is `percent` of what it would be."""

    first: int
    last: int
    percent: int
    why: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Generated counts of one project.

    `level` is the sessions of an ordinary day at creation; `weekdays` is percent of it, Monday first;
    `growth` is percent of the level gained per 365 days, linear, and never takes traffic below zero;
    `noise` is percent (0 to 100) by which a day strays at most from its shape, up or down.
    Events apply in their order, each rounding down.
    """

    seed: int
    project: str
    created: int
    level: int
    weekdays: tuple[int, int, int, int, int, int, int]
    growth: int
    noise: int
    events: tuple[Event, ...] = ()

    @property
    def day_cost(self) -> int:
        """Give the work of a day: its count, and a look at each event."""
        return 1 + len(self.events)

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days first to last, inclusive; zero before the creation."""
        start = max(first, self.created)
        if last < start:
            return [0] * max(0, last - first + 1)
        values = self._ordinary(start, last)
        for event in self.events:
            for index in range(max(event.first, start) - start, min(event.last, last) - start + 1):
                values[index] = values[index] * event.percent // 100
        if max(values) > MAX_COUNT:
            values = [min(value, MAX_COUNT) for value in values]
        return [0] * (start - first) + values

    def _ordinary(self, first: int, last: int) -> list[int]:
        """Give the counts without events: level, weekday, growth and noise in one exact division."""
        shape = [self.level * self.weekdays[weekday(day)] for day in range(7)]
        growth, noise = self.growth, self.noise
        trend = _YEAR_PERCENT - growth * self.created
        still = 100 * _DRAWS + noise * (1 - _DRAWS)
        swing = 2 * noise
        return [
            shape[day % 7] * max(0, trend + growth * day) * (still + swing * draw) // _UNIT
            for day, draw in zip(range(first, last + 1), self._draws(first, last), strict=True)
        ]

    def _draws(self, first: int, last: int) -> tuple[int, ...]:
        """Give one 32-bit draw for each day, little-endian on every machine."""
        base = blake2b(self.seed.to_bytes(8, "little") + self.project.encode(), digest_size=64)
        first_block, last_block = first // _DAYS_PER_BLOCK, last // _DAYS_PER_BLOCK
        digests = []
        for block in range(first_block, last_block + 1):
            digest = base.copy()
            digest.update(block.to_bytes(8, "little"))
            digests.append(digest.digest())
        draws = unpack(f"<{_DAYS_PER_BLOCK * len(digests)}I", b"".join(digests))
        skipped = first - first_block * _DAYS_PER_BLOCK
        return draws[skipped : skipped + last - first + 1]


@dataclass(frozen=True, slots=True)
class GivenCounts:
    """Counts given day by day from the day `first` on; zero before it and after the last value."""

    first: int
    values: tuple[int, ...]

    @property
    def last(self) -> int:
        """Give the last day that has a value."""
        return self.first + len(self.values) - 1

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days first to last, inclusive."""
        end = self.first + len(self.values)
        start, stop = min(max(first, self.first), end), max(min(last + 1, end), self.first)
        before = max(0, min(last + 1, self.first) - first)
        after = max(0, last + 1 - max(first, end))
        return [0] * before + list(self.values[start - self.first : stop - self.first]) + [0] * after
