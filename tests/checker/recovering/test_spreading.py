"""Tests of shares: of sums that several projects have together, on days that overlap."""

from typing import TYPE_CHECKING

import pytest

from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.recovering.deriving import derive
from usagetwin_checker.recovering.known import CLASHING, Known, Span
from usagetwin_checker.recovering.spreading import spread

if TYPE_CHECKING:
    from usagetwin_checker.recovering.known import Filter

Sums = dict[str, list[tuple[int, int, int]]]
ONE_TAKES_THE_REST: Sums = {"bc": [(1, 4, 6)], "abc": [(2, 3, 10)], "c": [(0, 4, 6)]}
ONE_AFTER_THE_OTHER: Sums = {
    "abc": [(0, 2, 7), (3, 4, 5), (2, 3, 2)],
    "c": [(2, 4, 1)],
    "b": [(3, 4, 0)],
    "a": [(2, 4, 6)],
}
A_CORNER: Sums = {"abc": [(3, 4, 5), (1, 4, 16)], "a": [(1, 2, 5), (2, 4, 5)], "b": [(1, 3, 5)]}


def shared(sums: Sums) -> tuple[dict[str, dict[int, int]], Known]:
    """Spread sums of projects a, b and c over four days: each as first day, day after the last, value."""
    known = Known()
    filters: dict[Filter, Potentials] = {}
    for keys, spans in sums.items():
        filters[frozenset(keys)] = Potentials()
        for span in spans:
            assert filters[frozenset(keys)].add(Span(*span))
    derive(filters, range(5))
    return spread("abc", filters, range(5), known, 0), known


def missed(sums: Sums, counts: dict[str, dict[int, int]]) -> list[tuple[str, int, int, int]]:
    """Give the sums that counts don't have."""
    return [
        (keys, start, end, value)
        for keys, spans in sums.items()
        for start, end, value in spans
        if sum(counts[key][day] for key in keys for day in range(start, end)) != value
    ]


@pytest.mark.parametrize("sums", [ONE_TAKES_THE_REST, ONE_AFTER_THE_OTHER])
def test_where_even_shares_leave_no_room_one_project_takes_what_is_left(sums: Sums) -> None:
    """So that all sums are given, and no count is negative."""
    counts, known = shared(sums)

    assert missed(sums, counts) == []
    assert min(count for days in counts.values() for count in days.values()) >= 0
    assert known.left_out == {}


def test_a_corner_that_is_not_left_is_named() -> None:
    """Some counts give these sums, and no spread of this rule does. What projects have alone is given."""
    counts, known = shared(A_CORNER)

    assert {keys for keys, *_ in missed(A_CORNER, counts)} == {"abc"}
    assert list(known.left_out) == [CLASHING]


def test_what_two_filters_leave_is_known() -> None:
    """B and c from a, b and c without a; c from that without b."""
    filters = {frozenset(keys): Potentials() for keys in ("abcd", "ab", "bc")}
    filters[frozenset("abcd")].add(Span(0, 2, 10))
    filters[frozenset("ab")].add(Span(0, 2, 7))
    filters[frozenset("bc")].add(Span(0, 2, 0))

    derive(filters, range(3))

    assert filters[frozenset("cd")].between(0, 2) == 3
    assert filters[frozenset("d")].between(0, 2) == 3
    assert filters[frozenset("a")].between(0, 1) is None
    assert filters[frozenset("c")].between(0, 1) == 0
