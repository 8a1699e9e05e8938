"""The ledger: daily counts as prefix sums, and the views that are differences of two of them.

Rule: nothing here knows about HTTP, and nothing else knows about prefix sums. Only the days that a question
meets are counted; how, and what is kept of them, is `blocks`' to say.
Source: `SEMANTICS` 2. Every value is `S(P, last) - S(P, first - 1)`.
"""

from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Final

from usagetwin.account.blocks import PARTS_KEPT, Blocks, DailyCounts, Store
from usagetwin.days import day_of, months_between, next_month

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from usagetwin.account.blocks import Account

__all__ = ["VIEWS", "Column", "DailyCounts", "Ledger", "Starts"]

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


class Column:
    """The ledger of one filter: the summed counts of its projects, from the earliest creation on."""

    def __init__(
        self, accounts: "Sequence[Account]", store: Store | None = None, parts: "Sequence[Column]" = ()
    ) -> None:
        """Take (creation day, counts) of each project; at least one. `parts` are their columns, if any."""
        self.created: Final = min(created for created, _ in accounts)
        self.blocks: Final[Blocks] = Blocks(
            accounts, Store() if store is None else store, [part.blocks for part in parts]
        )

    @property
    def day_cost(self) -> int:
        """Give how many counts a day takes."""
        return self.blocks.day_cost

    def steps(self, first: int, last: int, now_s: int) -> "Iterator[int]":
        """Count what `values` needs for spans of the days `first` to `last`; give the work of each slice."""
        first, today = max(first, self.created), day_of(now_s)
        closed = min(last, today - 1)
        if first <= closed:
            yield from self.blocks.steps(first, closed)
        if first <= today <= last:
            yield from self.blocks.open_steps(today)

    def values(self, starts: Starts, ends: "Sequence[int]", now_s: int) -> list[int]:
        """Give the sum of the counts of each span of days, from its start to its end, as known at `now_s`.

        Spans ascend, and none ends after the day of `now_s`, which is open.
        """
        today = day_of(now_s)
        if self.created > today or not ends:
            return [0] * len(ends)
        first = max(_first_of(starts), self.created)
        closed = ends[:-1] if ends[-1] == today else ends
        last = min(ends[-1], today - 1)
        counts = self.blocks.counts(first, last) if first <= last else []
        sums = list(
            accumulate(counts, initial=0)
        )  # sums[i] is that of the days from `first` to `first + i - 1`
        totals = _sums_to(sums, closed, first - 1)
        if len(closed) < len(ends):
            totals.append(sums[-1] + self.blocks.so_far(now_s))
        return list(map(sub, totals, _sums_from(sums, starts, first)))


def _first_of(starts: Starts) -> int:
    return starts.start if isinstance(starts, range) else starts[0][0]


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

    def __init__(self, accounts: "Mapping[str, Account]") -> None:
        """Take each project's key, with its creation day and its counts."""
        self._accounts = dict(accounts)
        self._column = lru_cache(maxsize=COLUMNS_KEPT)(self._make_column)
        self._everything: Final = frozenset(self._accounts)
        self._store: Final = Store()
        self._singles: dict[str, Column] = {}

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
        if len(known) == 1:
            return self._single(next(iter(known)))
        return self._column(known) if known else None

    def _single(self, key: str) -> Column:
        found = self._singles.get(key)
        if found is None:
            found = self._singles[key] = Column([self._accounts[key]], self._store)
        return found

    def _make_column(self, keys: frozenset[str]) -> Column:
        """Make the column of several projects; of few, it is added up from what is kept of each."""
        parts = [self._single(key) for key in sorted(keys)] if len(keys) <= PARTS_KEPT else []
        return Column([self._accounts[key] for key in sorted(keys)], self._store, parts)
