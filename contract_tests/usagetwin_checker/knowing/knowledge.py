"""What the checker knows of a target that it was not told by a tier: its keys, and its current time.

Rule: everything here is learned from the target or given by the caller; uncertainty costs a verdict,
never a false alarm. Source: `SEMANTICS` 6.
"""

from dataclasses import dataclass, replace
from typing import Final

from usagetwin.days import day_of, start_of
from usagetwin_checker.knowing.reading import STANDARD, Reading

SECONDS_PER_HOUR: Final = 3600
FARTHEST_APART: Final = 2  # days between the newest buckets of the probes; more means buckets in the future
SETTLING_H: Final = 48  # on hosts other than loopback, a day may still grow so long after its end


@dataclass(frozen=True, slots=True)
class Now:
    """The target's current time, as a range of Unix seconds: both ends are possible."""

    earliest_s: int
    latest_s: int

    @classmethod
    def within(cls, first: int, last: int) -> "Now":
        """Give a time of which only the days are known that it can lie in."""
        return cls(start_of(first), start_of(last + 1) - 1)

    @property
    def exact(self) -> bool:
        """Tell whether it is known to the second."""
        return self.earliest_s == self.latest_s

    @property
    def one_day(self) -> bool:
        """Tell whether the day is known."""
        return day_of(self.earliest_s) == day_of(self.latest_s)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of the account behind a target.

    `keys` are project keys that exist; `complete` says that there are no others. `now` is None when
    it could not be learned. `still` says that nothing was counted while the exchanges ran. `newest_s`
    are the newest labels, in seconds, that `now` was learned from; none where it was given. Where those
    may be old, as the default window showed none, it may be as late as `latest_s`. `loopback` says that
    nothing is counted but what the target is told to. A day is final `settling_h` hours after its end; where
    that is None, at once on loopback, and after 48 hours elsewhere. `policies` are those whose values are
    known, and `roles` those of the tokens that the account lists; None where nobody knows. `unlisted` says
    that the token which is sent is none of them. `reading` is how the labels are read.
    """

    keys: frozenset[str] = frozenset()
    complete: bool = False
    now: Now | None = None
    loopback: bool = True
    settling_h: int | None = None
    still: bool = False
    newest_s: tuple[int, ...] = ()
    latest_s: int = 0
    policies: tuple[tuple[str, str], ...] = ()
    roles: frozenset[str] | None = None
    unlisted: bool = False
    reading: Reading = STANDARD

    def read_as(self, reading: Reading) -> "Knowledge":
        """Give the same, a learned `now` taken from labels that are read so."""
        if not self.newest_s:
            return replace(self, reading=reading)
        newest = [reading.daily(label_s * reading.per_second) for label_s in self.newest_s]
        near = [day for day in newest if day - min(newest) <= FARTHEST_APART]
        latest_s = reading.start_s(max(near) + 1) - 1
        now = Now(reading.start_s(min(near)), max(latest_s, self.latest_s))
        return replace(self, now=now, reading=reading)

    def in_local_time(self) -> "Knowledge":
        """Give the same, `now` in the time by which the buckets are cut; its defaults are none of UTC's."""
        if self.now is None or self.reading.days is None:
            return self
        now = Now(self.reading.local_s(self.now.earliest_s), self.reading.local_s(self.now.latest_s))
        return replace(self, now=now, reading=STANDARD)

    @property
    def first_open_day(self) -> int | None:
        """Give the first day whose count may still grow, `now` as it is; None when that is not known."""
        if self.now is None:
            return None
        return day_of(self.now.earliest_s - self.settles_after_h * SECONDS_PER_HOUR)

    @property
    def settles_after_h(self) -> int:
        """Give the hours after its end at which a day is final."""
        if self.settling_h is not None:
            return self.settling_h
        return 0 if self.loopback else SETTLING_H

    @property
    def default_from_s(self) -> int | None:
        """Give the default of `from`, where it is certain."""
        if self.now is None:
            return None
        start_s = self.reading.month_start_s(self.now.earliest_s)
        return start_s if start_s == self.reading.month_start_s(self.now.latest_s) else None
