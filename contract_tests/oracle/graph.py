"""The unknown ledger of one filter, as a graph: days are nodes, facts are edges with a weight.

An edge from `start` to `end` says how much more the prefix sum is at `end`. A weighted union-find
tells in near-linear time whether some ledger fulfils all edges; a search for the path with the fewest
exchanges finds the smallest set of facts that none does.
"""

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.oracle.facts import Fact

Step = tuple["Fact", int]  # a fact, and +1 along it or -1 against it


class Potentials:
    """A weighted union-find: what is known of the differences between prefix sums."""

    def __init__(self) -> None:
        """Know nothing."""
        self._parent: dict[int, int] = {}
        self._offset: dict[int, int] = {}  # S(node) - S(parent)

    def find(self, node: int) -> tuple[int, int]:
        """Give the root of a node's part, and the difference of its prefix sum to the root's."""
        parent = self._parent.setdefault(node, node)
        if parent == node:
            return node, self._offset.setdefault(node, 0)
        path = []
        while self._parent[node] != node:
            path.append(node)
            node = self._parent[node]
        root, total = node, 0
        for member in reversed(path):
            total += self._offset[member]
            self._offset[member] = total
            self._parent[member] = root
        return root, total

    def add(self, fact: "Fact") -> bool:
        """Learn a fact; False when it contradicts what is known."""
        root_a, offset_a = self.find(fact.start)
        root_b, offset_b = self.find(fact.end)
        if root_a == root_b:
            return offset_b - offset_a == fact.value
        self._parent[root_b] = root_a
        self._offset[root_b] = offset_a + fact.value - offset_b
        return True

    def between(self, start: int, end: int) -> int | None:
        """Give the sum of the days from `start` up to, without, `end`, where it is known."""
        if start not in self._parent or end not in self._parent:
            return None
        root_a, offset_a = self.find(start)
        root_b, offset_b = self.find(end)
        return offset_b - offset_a if root_a == root_b else None

    def parts(self) -> "Iterable[list[tuple[int, int]]]":
        """Give each connected part as (day, prefix sum), ascending by day."""
        members: dict[int, list[tuple[int, int]]] = {}
        for node in sorted(self._parent):
            root, offset = self.find(node)
            members.setdefault(root, []).append((node, offset))
        return members.values()


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
