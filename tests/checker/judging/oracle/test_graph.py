"""Tests of the weighted union-find and the smallest conversation, against slow and obvious models."""

from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.judging.oracle.facts import Fact
from usagetwin_checker.judging.oracle.graph import Graph, Potentials, consistent, weight

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = 8

Row = list[Fraction]


def fact(start: int, end: int, value: int, number: int = 1) -> Fact:
    """Make a fact about the days from `start` to `end`, from the exchange of a number."""
    exchange = Exchange(Ask(), number, 0.0, 0.0)
    return Fact(frozenset(), "incremental", start, start, end, value, exchange, closed=True, whole=True)


facts_drawn = st.lists(
    st.builds(
        lambda start, length, value, number: fact(start, min(start + length, DAYS), value, number),
        st.integers(0, DAYS - 1),
        st.integers(1, 4),
        st.integers(0, 3),
        st.integers(1, 4),
    ),
    max_size=9,
)


def _reduced(facts: "Sequence[Fact]") -> list[Row]:
    """Give the equations `sum of the days = value`, reduced to echelon form by exact fractions."""
    rows = [
        [Fraction(fact.start <= day < fact.end) for day in range(DAYS)] + [Fraction(fact.value)]
        for fact in facts
    ]
    done: list[Row] = []
    for column in range(DAYS):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [cell / pivot[column] for cell in pivot]
        rows = [_without(row, pivot, column) for row in rows]
        done = [*(_without(row, pivot, column) for row in done), pivot]
    return [*done, *rows]


def _without(row: Row, pivot: Row, column: int) -> Row:
    return [cell - row[column] * other for cell, other in zip(row, pivot, strict=True)]


def _solvable(facts: "Sequence[Fact]") -> bool:
    """Tell whether the equations have a solution: no row says that nothing is something."""
    return all(any(row[:DAYS]) or not row[DAYS] for row in _reduced(facts))


@given(facts_drawn)
def test_the_union_find_agrees_with_linear_algebra(facts: list[Fact]) -> None:
    """Facts are consistent exactly when their equations have a solution."""
    assert consistent(facts) == _solvable(facts)


@given(facts_drawn, st.integers(0, DAYS - 1), st.integers(1, DAYS))
def test_what_is_known_between_two_days_is_what_the_equations_fix(
    facts: list[Fact], start: int, length: int
) -> None:
    """A sum is known when one value is possible and another one is not; then it is that value."""
    end = min(start + length, DAYS)
    potentials = Potentials()
    kept = [each for each in facts if potentials.add(each)]

    known = potentials.between(start, end)

    if known is None:
        assert _solvable([*kept, fact(start, end, 0)])
        assert _solvable([*kept, fact(start, end, 1)])
    else:
        assert _solvable([*kept, fact(start, end, known)])
        assert not _solvable([*kept, fact(start, end, known + 1)])


@given(facts_drawn, st.integers(0, DAYS - 1), st.integers(1, DAYS))
def test_the_path_has_the_fewest_exchanges(facts: list[Fact], start: int, length: int) -> None:
    """No smaller set of exchanges connects the two days, and the path's sum is what is known between them."""
    end = min(start + length, DAYS)
    potentials = Potentials()
    kept = [each for each in facts if potentials.add(each)]

    path = Graph(kept).path(start, end)

    known = potentials.between(start, end)
    if path is None:
        assert known is None
        return
    assert weight(path) == known
    numbers = [step.exchange.number for step, _ in path]
    changes = sum(one != other for one, other in pairwise(numbers))
    assert len(set(numbers)) <= changes + 1
    assert changes + 1 == _fewest_changes(kept, start, end)


def _fewest_changes(facts: list[Fact], start: int, end: int) -> int:
    """Count the exchanges of the shortest sequence by whose facts, in turn, one day leads to another."""
    numbers = sorted({each.exchange.number for each in facts})
    reached = {start}
    steps = {number: [each for each in facts if each.exchange.number == number] for number in numbers}
    turns = {(start, 0)}
    count = 0
    while end not in reached:
        count += 1
        turns = {
            (day, number) for number in numbers for day in _closure(steps[number], {day for day, _ in turns})
        }
        reached = {day for day, _ in turns}
    return max(count, 0)


def _closure(facts: list[Fact], days: set[int]) -> set[int]:
    found = set(days)
    while True:
        more = {each.end for each in facts if each.start in found} | {
            each.start for each in facts if each.end in found
        }
        if more <= found:
            return found
        found |= more


def test_a_fact_teaches_once_and_contradicts_after() -> None:
    """The first fact between two days teaches; a second one agrees or contradicts."""
    potentials = Potentials()

    assert potentials.between(0, 3) is None
    assert potentials.add(fact(0, 1, 5))
    assert potentials.add(fact(1, 3, 4))
    assert potentials.between(0, 3) == 9
    assert potentials.between(3, 0) == -9
    assert potentials.add(fact(0, 3, 9))
    assert not potentials.add(fact(0, 3, 8))


@given(facts_drawn, facts_drawn)
def test_what_a_copy_learns_the_original_does_not(facts: list[Fact], more: list[Fact]) -> None:
    """Both know the same at first; then the copy alone learns more."""
    potentials, slow = Potentials(), Potentials()
    for each in facts:
        potentials.add(each)
        slow.add(each)

    copied = potentials.copy()
    learned = [copied.add(each) for each in more]

    known = {(start, end): potentials.between(start, end) for start in range(9) for end in range(9)}
    assert known == {(start, end): slow.between(start, end) for start in range(9) for end in range(9)}
    assert learned == [slow.add(each) for each in more]


def test_parts_ascend_by_day() -> None:
    """Each connected part lists its days in order, with their prefix sums relative to one another."""
    potentials = Potentials()
    for each in (fact(4, 6, 3), fact(0, 2, 1), fact(2, 3, 7)):
        potentials.add(each)

    parts = sorted([(day, total - part[0][1]) for day, total in part] for part in potentials.parts())

    assert parts == [[(0, 0), (2, 1), (3, 8)], [(4, 0), (6, 3)]]


def test_facts_of_one_exchange_are_preferred() -> None:
    """Two facts of one exchange are preferred to one fact each of two exchanges."""
    short = [fact(0, 2, 1, number=1), fact(2, 4, 1, number=2)]
    same = [fact(0, 1, 1, number=3), fact(1, 3, 1, number=3), fact(3, 4, 0, number=3)]

    path = Graph([*short, *same]).path(0, 4) or []

    assert {step.exchange.number for step, _ in path} == {3}


def test_every_smallest_contradiction_is_found() -> None:
    """Any two of three facts are consistent, and all of them are not."""
    facts = [fact(0, 1, 1), fact(1, 2, 1), fact(0, 2, 3)]

    assert all(consistent(pair) for pair in combinations(facts, 2))
    assert not consistent(facts)
