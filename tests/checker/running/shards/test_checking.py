"""Tests of `usagetwin_checker.running.shards.checking`: checks of which some shards come to no end."""

from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.checker.running.shards.cut import WHERE, cut
from usagetwin.errors import SettingError
from usagetwin_checker.findings import Verdict
from usagetwin_checker.running.shards.checking import check_in_shards
from usagetwin_checker.running.shards.places import Done, Here, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

In = TypeVar("In")
Out = TypeVar("Out")


class Losing:
    """A place that loses the first so many parts."""

    def __init__(self, lost: int) -> None:
        """Take how many."""
        self._lost = lost

    def each(
        self, work: "Callable[[In], Out]", parts: "Sequence[In]", stopped: "Callable[[], bool]"
    ) -> "Iterator[Done[Out]]":
        """Work on the others, the last one first."""
        assert not stopped()
        for index in reversed(range(len(parts))):
            yield Done(index, Lost("it is dark") if index < self._lost else work(parts[index]))


def test_a_lost_shard_is_named() -> None:
    """There is no verdict without it, and its requests are not counted."""
    told: list[tuple[int, int]] = []

    report = check_in_shards(WHERE, *cut(2, 40), Losing(1), progress=lambda sent, of: told.append((sent, of)))

    assert report is not None
    assert (report.verdict, report.reasons) == (
        Verdict.INCONCLUSIVE,
        ("shard 1 of 2 was lost: it is dark",),
    )
    assert told == [(report.requests, 40)]


def test_where_all_are_lost_there_is_nothing_to_report() -> None:
    """It says what may help."""
    with pytest.raises(SettingError, match="no shard came to an end: shard 1 of 2 was lost: it is dark"):
        check_in_shards(WHERE, *cut(2, 60), Losing(2))


def test_a_signal_before_any_shard_leaves_no_report() -> None:
    """Nothing is begun."""
    assert check_in_shards(WHERE, *cut(2, 60), Here(), signal=lambda: "SIGINT") is None
