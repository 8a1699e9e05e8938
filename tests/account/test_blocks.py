"""Blocks of counts: made in slices, once for all who ask, and kept within a bound."""

from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import pytest

from usagetwin.account import blocks
from usagetwin.account.blocks import BLOCK_DAYS, SLICE, Blocks, Store
from usagetwin.account.ledger import Ledger
from usagetwin.days import SECONDS_PER_DAY

LAST: Final = 95_000  # a day of the 23rd century


@dataclass
class Recorded:
    """As many sessions every day, and how many days were asked for."""

    each_day: int
    day_cost: int = 1
    asked: list[tuple[int, int]] = field(default_factory=list)

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of a span of days."""
        self.asked.append((first, last))
        return [self.each_day] * (last - first + 1)

    @property
    def days(self) -> int:
        """Give how many days were counted."""
        return sum(last - first + 1 for first, last in self.asked)


def test_only_the_days_that_are_met_are_counted() -> None:
    """A question about two days of the far future counts a block or two, not all since the creation."""
    source = Recorded(7)
    made = Blocks([(0, source)], Store())

    assert made.counts(LAST, LAST + 1) == [7, 7]
    assert source.days <= 2 * BLOCK_DAYS


def test_what_is_kept_is_not_counted_again() -> None:
    """Whoever asks, and whichever days of the block."""
    source = Recorded(7)
    made = Blocks([(0, source)], Store())

    for first in range(64, 96):
        assert made.counts(first, 95) == [7] * (96 - first)

    assert source.days == BLOCK_DAYS


def test_nothing_is_counted_before_a_creation() -> None:
    """The days before are zero."""
    source = Recorded(7)

    assert Blocks([(40, source)], Store()).counts(32, 45) == [0] * 8 + [7] * 6
    assert source.asked == [(40, 63)]


def test_a_slice_is_bounded_however_many_projects_there_are() -> None:
    """It ends with the project that fills it."""
    sources = [Recorded(1) for _ in range(10_000)]
    made = Blocks([(0, source) for source in sources], Store())

    slices = list(made.steps(100, 110))

    assert max(slices) <= SLICE + BLOCK_DAYS
    assert sum(slices) == 10_000 * BLOCK_DAYS
    assert made.counts(100, 110) == [10_000] * 11
    assert all(source.days == BLOCK_DAYS for source in sources)


def test_the_open_day_is_counted_in_slices_too() -> None:
    """Once for its day; each share is rounded by itself."""
    sources = [Recorded(3) for _ in range(10_000)]
    made = Blocks([(0, source) for source in sources], Store())

    slices = list(made.open_steps(50))

    assert max(slices) <= SLICE + BLOCK_DAYS
    for second, share in ((0, 0), (SECONDS_PER_DAY // 2, 10_000), (SECONDS_PER_DAY - 1, 20_000)):
        assert made.so_far(50 * SECONDS_PER_DAY + second) == share
    assert all(source.asked == [(50, 50)] for source in sources)


def test_a_costly_day_fills_a_slice_sooner() -> None:
    """Where a project's counts take a hundred times the work, a slice has few of them."""
    made = Blocks([(0, Recorded(1, day_cost=100)) for _ in range(20)], Store())

    assert max(made.steps(0, 0)) <= SLICE + 100 * BLOCK_DAYS
    assert made.day_cost == 2_000


def test_two_who_ask_at_once_share_the_work() -> None:
    """The second goes on where the first stands."""
    sources = [Recorded(1) for _ in range(2_000)]
    made = Blocks([(0, source) for source in sources], Store())

    first, second = made.steps(0, 0), made.steps(0, 0)
    next(first)
    rest = list(second)

    assert list(first) == []
    assert sum(rest) < 2_000 * BLOCK_DAYS
    assert all(len(source.asked) == 1 for source in sources)


def test_filters_share_what_is_counted_of_each_project() -> None:
    """Seventy filters of eight projects, over all that there is: each day of each project once."""
    sources = {f"p{number}": Recorded(number) for number in range(8)}
    ledger = Ledger({key: (0, source) for key, source in sources.items()})
    now_s = 3_000 * SECONDS_PER_DAY

    for keys in combinations(sources, 4):
        column = ledger.column(keys)
        assert column is not None
        (total,) = column.values(((0, 1),), [2_999], now_s)
        assert total == 3_000 * sum(int(key[1:]) for key in keys)

    assert all(source.days <= 3_000 + BLOCK_DAYS for source in sources.values())


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes first, and is counted again when it is asked for."""
    monkeypatch.setattr(blocks, "BLOCKS_KEPT", 3)
    source, store = Recorded(5), Store()
    made = Blocks([(0, source)], store)

    assert made.counts(0, 10 * BLOCK_DAYS - 1) == [5] * 10 * BLOCK_DAYS
    assert len(store) == 3
    assert made.counts(0, 0) == [5]
    assert source.days == 11 * BLOCK_DAYS


def test_counts_that_fit_no_machine_word_are_kept_exactly() -> None:
    """Thousands of projects at the largest count that one may have."""
    made = Blocks([(0, Recorded(2**53 - 1)) for _ in range(2_000)], Store())

    assert made.counts(0, 0) == [2_000 * (2**53 - 1)]
