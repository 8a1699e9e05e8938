"""The daily counts of filters, made a slice at a time, and kept in blocks of days for all who ask.

Rule: this alone decides how much is made between two pauses, and how much of it is kept. Whoever needs a
block that is being made goes on where it stands, so that nothing is made twice because many ask at once.
"""

from array import array
from collections.abc import Sequence
from itertools import count
from operator import add
from threading import RLock
from typing import TYPE_CHECKING, Final, Protocol

from usagetwin.days import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_DAYS: Final = 32
SLICE: Final = 8_192  # counts between two pauses: some 12 ms
BLOCKS_KEPT: Final = 32_768  # of 32 days, in some 350 bytes each
PARTS_KEPT: Final = 64  # a filter of at most so many projects is added up from what is kept of each
MOST_IN_AN_ARRAY: Final = 2**63 - 1

Account = tuple[int, "DailyCounts"]


class DailyCounts(Protocol):
    """One project's sessions, day by day.

    It may say as `day_cost` how many times the work of a plain count one of its days takes.
    """

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days `first` to `last`, both included; none is negative."""


class Store:
    """What is kept of all the filters of one ledger; what has been there longest goes first."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.lock: Final = RLock()
        self._kept: dict[tuple[int, int], Sequence[int]] = {}
        self._numbers = count()

    def __len__(self) -> int:
        """Give how many blocks are kept."""
        return len(self._kept)

    def number(self) -> int:
        """Give a number that no other filter has."""
        return next(self._numbers)

    def get(self, owner: int, index: int) -> Sequence[int] | None:
        """Give a filter's block, if it is kept."""
        return self._kept.get((owner, index))

    def keep(self, owner: int, index: int, block: list[int]) -> None:
        """Keep a block."""
        while len(self._kept) >= BLOCKS_KEPT:
            del self._kept[next(iter(self._kept))]
        small = max(block) <= MOST_IN_AN_ARRAY
        self._kept[owner, index] = array("q", block) if small else tuple(block)


class Blocks:
    """The counts of one filter, from those of its projects, or from the blocks of its parts."""

    def __init__(self, accounts: Sequence[Account], store: Store, parts: "Sequence[Blocks]" = ()) -> None:
        """Take (creation day, counts) of each project, where blocks are kept, and those of each by itself."""
        self.day_cost: Final = sum(getattr(source, "day_cost", 1) for _, source in accounts)
        self._accounts: Final = accounts
        self._store: Final = store
        self._number: Final = store.number()
        self._parts: Final = parts
        self._begun: dict[
            int, tuple[int, list[int]]
        ] = {}  # block: how many projects are in it, and their sum
        self._open: tuple[int, list[int]] = (-1, [])  # a day, and the counts of its projects, as far as made

    def steps(self, first: int, last: int) -> "Iterator[int]":
        """Make ready what `counts` needs, and give after each slice how many counts were made."""
        for index in range(first // BLOCK_DAYS, last // BLOCK_DAYS + 1):
            while self._store.get(self._number, index) is None:
                yield self._go_on(index)

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days `first` to `last`, both included."""
        found: list[int] = []
        for index in range(first // BLOCK_DAYS, last // BLOCK_DAYS + 1):
            while (block := self._store.get(self._number, index)) is None:
                self._go_on(index)
            found += block
        skipped = first % BLOCK_DAYS
        return found[skipped : skipped + last - first + 1]

    def open_steps(self, day: int) -> "Iterator[int]":
        """Make ready what `so_far` needs of a day, in slices."""
        while (made := self._count_open(day)) > 0:
            yield made

    def so_far(self, now_s: int) -> int:
        """Give what has been counted of the open day: each project's share of it, rounded down."""
        day, elapsed = divmod(now_s, SECONDS_PER_DAY)
        while self._count_open(day) > 0:
            pass
        whole = self._open[1]
        return sum(each * elapsed // SECONDS_PER_DAY for each in whole)

    def _go_on(self, index: int) -> int:
        """Make a slice of a block, keep the block when that was the last, and give how much was made."""
        with self._store.lock:
            if self._store.get(self._number, index) is not None:  # by another thread, meanwhile
                return 0
            return self._add_parts(index) if self._parts else self._add_accounts(index)

    def _add_parts(self, index: int) -> int:
        made = 0
        block = [0] * BLOCK_DAYS
        for part in self._parts:
            while (counts := self._store.get(part._number, index)) is None:  # noqa: SLF001 -- one of us
                made += part._go_on(index)  # noqa: SLF001 -- one of us
                if made >= SLICE:
                    return made
            block = list(map(add, block, counts))
        self._store.keep(self._number, index, block)
        return made + len(self._parts) * BLOCK_DAYS

    def _add_accounts(self, index: int) -> int:
        done, block = self._begun.pop(index, (0, [0] * BLOCK_DAYS))
        first = index * BLOCK_DAYS
        made = 0
        while made < SLICE and done < len(self._accounts):
            created, source = self._accounts[done]
            born = max(first, created)
            if born < first + BLOCK_DAYS:
                counts = source.counts(born, first + BLOCK_DAYS - 1)
                block[born - first :] = map(add, block[born - first :], counts)
            made += BLOCK_DAYS * getattr(source, "day_cost", 1)
            done += 1
        if done < len(self._accounts):
            self._begun[index] = (done, block)
        else:
            self._store.keep(self._number, index, block)
        return made

    def _count_open(self, day: int) -> int:
        """Make a slice of the open day's counts, and give how much was made; 0 when all are there."""
        with self._store.lock:
            if self._open[0] != day:
                self._open = (day, [])
            known = self._open[1]
            made = 0
            while made < SLICE and len(known) < len(self._accounts):
                created, source = self._accounts[len(known)]
                known.append(source.counts(day, day)[0] if created <= day else 0)
                made += BLOCK_DAYS // 2 * getattr(source, "day_cost", 1)  # a count alone has its overhead
            return made
