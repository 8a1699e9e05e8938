"""One project's prefix sums on a grid of days: what is known, what is fixed since, and what is left possible.

Rule: counts are never negative, and never more than those of a filter that has the project. Every value in
the bounds that are given can be fixed, and leaves some ledger possible.

It is a system of difference constraints: what a sum may be at most is a shortest path.
"""

from collections import deque
from typing import TYPE_CHECKING

from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.recovering.known import Span, spans_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    Edges = dict[int, list[tuple[int, int]]]


class ImpossibleError(ValueError):
    """No counts that are never negative give these sums."""


class Sums:
    """The prefix sums of one project."""

    def __init__(self, grid: "Sequence[int]", known: Potentials | None, most: "Sequence[Span]" = ()) -> None:
        """Take the days of the grid, what is known, and what spans have at most. Raises ImpossibleError."""
        self._grid = grid
        self.known = Potentials() if known is None else known.copy()
        for day in grid:
            if self.known.part_of(day) is None:
                self.known.add(Span(day, day, 0))
        self._most = tuple(most)
        self._edges: Edges | None = None
        self._distance(grid[-1], grid[0])  # which meets every day: is anything possible at all?

    def between(self, start: int, end: int) -> int | None:
        """Give the count of a span, where it is known or fixed."""
        return self.known.between(start, end)

    def fix(self, span: Span) -> None:
        """Fix the count of a span."""
        self.known.add(span)
        self._edges = None

    def bounds(self, start: int, end: int) -> tuple[int, int | None]:
        """Give the least and the most that a span may count; None where it may be anything more."""
        fixed = self.between(start, end)
        if fixed is not None:
            return fixed, fixed
        least = self._distance(end, start)
        return 0 if least is None else -least, self._distance(start, end)

    def covering(self, day: int) -> Span | None:
        """Give the shortest known sum that a day is in, if there is one."""
        found = (span for span in spans_of(self.known) if span.start <= day < span.end)
        return min(found, key=lambda span: span.end - span.start, default=None)

    def _distance(self, start: int, end: int) -> int | None:
        """Give what the prefix sum at `end` is at most more than at `start`. Raises ImpossibleError."""
        edges = self._made_edges()
        (source, before), (target, after) = self._place(start), self._place(end)
        found, pops = {source: 0}, dict.fromkeys(edges, 0)
        queue, waiting = deque([source]), {source}
        while queue:
            here = queue.popleft()
            waiting.discard(here)
            pops[here] = pops.get(here, 0) + 1
            if pops[here] > len(edges) + 1:
                raise ImpossibleError
            for there, weight in edges.get(here, ()):
                reached = found[here] + weight
                if there not in found or reached < found[there]:
                    found[there] = reached
                    if there not in waiting:
                        waiting.add(there)
                        queue.append(there)
        return found[target] + after - before if target in found else None

    def _made_edges(self) -> "Edges":
        """Give the constraints between connected parts, each as how much more the second is at most."""
        if self._edges is None:
            self._edges = {}
            for before, day in zip(self._grid, self._grid[1:], strict=False):
                self._add(day, before, 0)
            for span in self._most:
                self._add(span.start, span.end, span.value)
        return self._edges

    def _add(self, start: int, end: int, most: int) -> None:
        assert self._edges is not None  # noqa: S101 -- for the type checker; the caller has made them
        (source, before), (target, after) = self._place(start), self._place(end)
        weight = most + before - after
        if source != target:
            self._edges.setdefault(source, []).append((target, weight))
        elif weight < 0:
            raise ImpossibleError

    def _place(self, day: int) -> tuple[int, int]:
        """Give the part that a day is in, and its prefix sum there."""
        part = self.known.part_of(day)
        assert part is not None  # noqa: S101 -- every day of the grid is in one
        return id(part), part[day]
