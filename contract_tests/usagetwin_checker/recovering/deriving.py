"""What follows from the known sums of several filters for single projects, without any guess.

Rule: what is added here is forced: counts are never negative, and a filter counts the sum of its projects.
"""

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.recovering.known import Span, spans_of
from usagetwin_checker.recovering.sums import ImpossibleError, Sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.recovering.known import Filter, Known

MOST_FILTERS: Final = 200  # that are derived from one another
MOST_ROUNDS: Final = 20


def by_members(known: "Known", everyone: "Filter") -> "dict[Filter, Potentials]":
    """Give what is known by the projects that a filter has; all projects are `everyone`."""
    found: dict[Filter, Potentials] = {}
    for keys, potentials in sorted(known.filters.items(), key=lambda item: not item[0]):
        members = keys or everyone
        if members in found:
            for span in spans_of(potentials):
                found[members].add(span)
        else:
            found[members] = potentials.copy()
    return found


def grid_of(filters: "Mapping[Filter, Potentials]", created: "Mapping[str, int]") -> list[int]:
    """Give all days at which some known sum begins or ends, or a project does; ascending."""
    days = {day for each in filters.values() for part in each.parts() for day, _ in part}
    return sorted(days | {day for day in created.values() if day <= max(days, default=day)})


def begun(filters: "dict[Filter, Potentials]", grid: "Sequence[int]", created: "Mapping[str, int]") -> None:
    """Add that a project counts nothing before its creation, where its sums allow that."""
    for key, day in created.items():
        own = filters.setdefault(frozenset((key,)), Potentials())
        if grid and grid[0] < day <= grid[-1]:
            tried = own.copy()
            if tried.add(Span(grid[0], day, 0)) and _is_possible(grid, tried):
                filters[frozenset((key,))] = tried


def _is_possible(grid: "Sequence[int]", potentials: Potentials) -> bool:
    try:
        Sums(grid, potentials)
    except ImpossibleError:
        return False
    return True


def derive(filters: "dict[Filter, Potentials]", grid: "Sequence[int]") -> None:
    """Add to what is known of filters all that follows from others, as far as one sum gives one other."""
    for _ in range(MOST_ROUNDS):
        before = _size(filters)
        for keys in list(filters):
            if len(keys) == 1:
                _fill_zeros(filters[keys], grid)
                continue
            for span in list(spans_of(filters[keys])):
                _single_left(filters, keys, span)
                _others_left(filters, keys, span)
        if _size(filters) == before:
            return


def _size(filters: "Mapping[Filter, Potentials]") -> int:
    """Count what is known: each round adds to it, or is the last one."""
    return sum(len(part) - 1 for each in filters.values() for part in each.parts())


def _fill_zeros(own: Potentials, grid: "Sequence[int]") -> None:
    """Split spans that count nothing: no day of them does."""
    for span in [each for each in spans_of(own) if not each.value]:
        inside = grid[bisect_left(grid, span.start) : bisect_left(grid, span.end) + 1]
        for start, end in pairwise(inside) if len(inside) > 2 else ():
            own.add(Span(start, end, 0))


def _single_left(filters: "dict[Filter, Potentials]", keys: "Filter", span: Span) -> None:
    """Learn what the one project counts of which it is not known; or that all count nothing."""
    parts = {key: _between(filters, frozenset((key,)), span) for key in sorted(keys)}
    unknown = [key for key, value in parts.items() if value is None]
    left = span.value - sum(value for value in parts.values() if value is not None)
    if len(unknown) == 1 or not left:
        for key in unknown:
            filters.setdefault(frozenset((key,)), Potentials()).add(Span(span.start, span.end, left))


def _others_left(filters: "dict[Filter, Potentials]", keys: "Filter", span: Span) -> None:
    """Learn what is left of a filter without another one, on the days of either's sum."""
    for other in [each for each in filters if len(each) > 1 and (each < keys or each > keys)]:
        value, rest = _between(filters, other, span), keys ^ other
        if value is None or (rest not in filters and len(filters) >= MOST_FILTERS):
            continue
        left = span.value - value if other < keys else value - span.value
        if left >= 0:
            filters.setdefault(rest, Potentials()).add(Span(span.start, span.end, left))


def _between(filters: "Mapping[Filter, Potentials]", keys: "Filter", span: Span) -> int | None:
    potentials = filters.get(keys)
    return None if potentials is None else potentials.between(span.start, span.end)
