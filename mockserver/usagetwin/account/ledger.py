"""The ledger: daily counts as prefix sums, and the views that are differences of two of them.

Rule: nothing here knows about HTTP, and nothing else knows about prefix sums.
Source: `SEMANTICS` 2. Every value is `S(P, last) - S(P, first - 1)`.
"""

from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Final, Protocol

from usagetwin.days import SECONDS_PER_DAY, day_of, months_between, next_month

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

COLUMNS_KEPT: Final = 256


Starts = range | tuple[tuple[int, int], ...]  # consecutive days, or (day, how many buckets start with it)


@lru_cache(maxsize=COLUMNS_KEPT)
def _month_starts(first: int, last: int) -> Starts:
    return tuple(
        (start, min(next_month(start), last + 1) - max(start, first)) for start in months_between(first, last)
    )


VIEWS: Final[dict[str, "Callable[[int, int], Starts]"]] = {
    # where the sums of the daily buckets `first` to `last` start; each ends with its own day
    "incremental": lambda first, last: range(first, last + 1),
    "month_to_date": _month_starts,
    "rolling_30d": lambda first, last: range(first - 29, last - 28),
}


class DailyCounts(Protocol):
    """One project's sessions, day by day."""

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days `first` to `last`, both included; none is negative."""


class Column:
    """The ledger of one filter: the summed counts of its projects, from the earliest creation on."""

    def __init__(self, accounts: "Sequence[tuple[int, DailyCounts]]") -> None:
        """Take (creation day, counts) of each project of the filter; at least one."""
        self.created: Final = min(created for created, _ in accounts)
        self._accounts = accounts
        self._sums = [0]  # _sums[i] is S(P, created + i - 1); replaced when it grows, so readers need no lock
        self._open: tuple[int, list[int]] = (self.created - 1, [])  # the open day, and its whole counts

    def values(self, starts: Starts, ends: "Sequence[int]", now_s: int) -> list[int]:
        """Give the sum of the counts of each span of days, from its start to its end, as known at `now_s`.

        Spans ascend, and none ends after the day of `now_s`, which is open.
        """
        today, created = day_of(now_s), self.created
        if created > today:
            return [0] * len(ends)
        sums = self._sums_before(today)
        closed = ends[:-1] if ends and ends[-1] == today else ends
        totals = _sums_to(sums, closed, created - 1)
        if len(closed) < len(ends):
            totals.append(sums[today - created] + self._so_far(now_s))
        return list(map(sub, totals, _sums_from(sums, starts, created)))

    def _sums_before(self, today: int) -> list[int]:
        sums = self._sums
        known = self.created + len(sums) - 1  # the first day that is not summed yet
        if known < today:
            counts = self._counts(known, today - 1)
            sums = self._sums = [*sums[:-1], *accumulate(counts, initial=sums[-1])]
        return sums

    def _counts(self, first: int, last: int) -> list[int]:
        columns = []
        for created, source in self._accounts:
            born = max(first, created)
            if born <= last:
                columns.append([0] * (born - first) + source.counts(born, last))
        return [sum(day) for day in zip(*columns, strict=True)] if len(columns) > 1 else columns[0]

    def _so_far(self, now_s: int) -> int:
        """Give what has been counted of the open day: each project's share of it, rounded down."""
        today, elapsed = divmod(now_s, SECONDS_PER_DAY)
        day, counts = self._open
        if day != today:
            counts = [
                source.counts(today, today)[0] for created, source in self._accounts if created <= today
            ]
            self._open = (today, counts)
        return sum(count * elapsed // SECONDS_PER_DAY for count in counts)


def _sums_from(sums: list[int], starts: Starts, first: int) -> list[int]:
    """Give the sum before each start, where `sums` begins with that of the day `first`: zero before it."""
    if isinstance(starts, range):
        return _sums_to(sums, starts, first)
    before: list[int] = []
    for day, times in starts:
        before += [sums[day - first] if day >= first else 0] * times
    return before


def _sums_to(sums: list[int], days: "Sequence[int]", first: int) -> list[int]:
    """Give the sum at each day, where `sums` begins with the day `first`: zero before it. Days ascend."""
    if isinstance(days, range):  # consecutive days are a slice, which takes a fraction of the time
        early = min(len(days), max(0, first - days.start))
        return [0] * early + sums[days.start + early - first : max(days.stop - first, 0)]
    return [sums[day - first] if day >= first else 0 for day in days]


class Ledger:
    """Everything that was ever counted, by project and day."""

    def __init__(self, accounts: "Mapping[str, tuple[int, DailyCounts]]") -> None:
        """Take each project's key, with its creation day and its counts."""
        self._accounts = dict(accounts)
        self._column = lru_cache(maxsize=COLUMNS_KEPT)(self._make_column)
        self._everything: Final = frozenset(self._accounts)

    def __contains__(self, key: str) -> bool:
        """Tell whether a project key is known."""
        return key in self._accounts

    @property
    def keys(self) -> tuple[str, ...]:
        """Give all project keys, in the world's order."""
        return tuple(self._accounts)

    def column(self, keys: "Collection[str]" = ()) -> Column | None:
        """Give the column of a filter: the known ones of `keys`, or all projects when there is no key.

        None when no key of the filter is known.
        """
        known = self._everything.intersection(keys) if keys else self._everything
        return self._column(known) if known else None

    def _make_column(self, keys: frozenset[str]) -> Column:
        return Column([account for key, account in self._accounts.items() if key in keys])
