"""The unknown ledger of one filter, as a graph: days are nodes, facts are edges with a weight.

An edge from `start` to `end` says how much more the prefix sum is at `end`. A weighted union-find
tells in near-linear time whether some ledger fulfils all edges; a search for the path with the fewest
exchanges finds the smallest set of facts that none does.
"""

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin_checker.judging.oracle.facts import Fact

Step = tuple["Fact", int]  # a fact, and +1 along it or -1 against it
Part = dict[int, int]  # of connected days, each with its prefix sum; the differences count


class Sum(Protocol):  # a fact is one
    """How much more the prefix sum is at day `end` than at day `start`."""

    @property
    def start(self) -> int:
        """Give the first day that is summed."""

    @property
    def end(self) -> int:
        """Give the day after the last one."""

    @property
    def value(self) -> int:
        """Give the sum."""


class Potentials:
    """A weighted union-find: what is known of the differences between prefix sums.

    Each connected part is one table of days with their prefix sums. Where two parts meet, the smaller one
    moves into the larger one, so that what is known of a day is always one look-up away.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self._parts: dict[int, Part] = {}

    def add(self, fact: Sum) -> bool:
        """Learn a fact; False when it contradicts what is known."""
        start, end = fact.start, fact.end
        part, other = self._parts.get(start), self._parts.get(end)
        if part is not None and other is not None:
            if part is other:
                return part[end] - part[start] == fact.value
            self._join(part, other, part[start] + fact.value - other[end])
        elif part is not None:
            self._parts[end] = part
            part[end] = part[start] + fact.value
        elif other is not None:
            self._parts[start] = other
            other[start] = other[end] - fact.value
        else:
            self._parts[start] = self._parts[end] = {start: 0, end: fact.value}
        return True

    def _join(self, part: Part, other: Part, shift: int) -> None:
        """Make two parts one; `shift` brings the prefix sums of the other to those of the first."""
        if len(part) < len(other):
            part, other, shift = other, part, -shift
        for day, total in other.items():
            part[day] = total + shift
            self._parts[day] = part

    def between(self, start: int, end: int) -> int | None:
        """Give the sum of the days from `start` up to, without, `end`, where it is known."""
        part = self._parts.get(start)
        return part[end] - part[start] if part is not None and end in part else None

    def part_of(self, day: int) -> "Part | None":
        """Give the connected part that a day is in; None for a day of which nothing is known."""
        return self._parts.get(day)

    def parts(self) -> "Iterable[list[tuple[int, int]]]":
        """Give each connected part as (day, prefix sum), ascending by day."""
        parts = {id(part): part for part in self._parts.values()}
        return [sorted(part.items()) for part in parts.values()]

    def copy(self) -> "Potentials":
        """Give what is known, to learn more without this one's learning it."""
        other = Potentials()
        for part in {id(part): part for part in self._parts.values()}.values():
            own = dict(part)
            other._parts.update(dict.fromkeys(own, own))
        return other


def consistent(facts: "Iterable[Fact]") -> bool:
    """Tell whether some ledger fulfils all facts."""
    potentials = Potentials()
    return all(potentials.add(fact) for fact in facts)


class Graph:
    """All facts of one filter, for the search of a smallest conversation."""

    def __init__(self, facts: "Iterable[Fact]") -> None:
        """Take the facts."""
        self._steps: dict[int, list[tuple[int, Step]]] = {}
        for fact in facts:
            self._steps.setdefault(fact.start, []).append((fact.end, (fact, 1)))
            self._steps.setdefault(fact.end, []).append((fact.start, (fact, -1)))

    def path(self, start: int, end: int, *, without: "Fact | None" = None) -> list[Step] | None:
        """Give the path between two days with the fewest exchanges, then facts; None without one."""
        queue: list[tuple[int, int, int, int, int]] = [(0, 0, 0, start, 0)]
        came: dict[tuple[int, int], tuple[tuple[int, int], Step]] = {}
        best: dict[tuple[int, int], tuple[int, int]] = {(start, 0): (0, 0)}
        order = 0
        while queue:
            changes, length, _, node, last = heappop(queue)
            if node == end:
                return _unwound(came, (node, last))
            if best[(node, last)] < (changes, length):
                continue
            for after, step in self._steps.get(node, ()):
                if step[0] is without:
                    continue
                number = step[0].exchange.number
                cost = (changes + (number != last), length + 1)
                state = (after, number)
                if cost < best.get(state, (1 << 30, 0)):
                    best[state] = cost
                    came[state] = ((node, last), step)
                    order += 1
                    heappush(queue, (*cost, order, after, number))
        return None


def _unwound(came: dict[tuple[int, int], tuple[tuple[int, int], Step]], state: tuple[int, int]) -> list[Step]:
    steps = []
    while state in came:
        state, step = came[state]
        steps.append(step)
    return steps[::-1]


def weight(steps: "Iterable[Step]") -> int:
    """Give the sum along a path."""
    return sum(fact.value * direction for fact, direction in steps)
