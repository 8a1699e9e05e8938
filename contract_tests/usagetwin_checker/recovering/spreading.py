"""How sums that are known without their days become days, where nothing forces them: the rule of guesses.

In this order, each within what all known sums leave possible: what several projects have together is shared
evenly among those whose own count is not known; what a span of days has together is spread evenly over its
days; days of which nothing is known have nothing. What does not divide goes where the seed draws. Where even
shares leave no room for some sum, one project takes what the others leave.
"""

from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from usagetwin.errors import SettingError
from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.judging.oracle.words import days_between, filter_name
from usagetwin_checker.recovering.known import CLASHING, Span, spans_of
from usagetwin_checker.recovering.sums import ImpossibleError, Sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.recovering.known import Filter, Known

    Equation = tuple[Filter, Span]
    Counts = dict[str, dict[int, int]]

MOST_OPEN: Final = 10_000_000  # counts that are not known, times days of the grid: a minute or so
MOST_TRIED: Final = 4  # projects that what is left may go to


def spread(
    projects: "Sequence[str]",
    filters: "Mapping[Filter, Potentials]",
    grid: "Sequence[int]",
    known: "Known",
    seed: int,
) -> "Counts":
    """Give the counts of each project on the days of the grid, where it has any.

    What can't be given is left out of what is known. Raises ImpossibleError, with the project, where no
    counts give its own sums, and SettingError where too much is open.
    """
    _refuse_too_open(projects, filters, grid)
    system = _system(projects, filters, grid, seed)
    best = system.even()
    for key in reversed(projects[-MOST_TRIED:]):
        if best.missed:
            best = min(best, system.left_to(key), key=lambda tried: len(tried.missed))
    for keys, span in best.missed:
        days = days_between(span.start, span.end)
        known.leave_out(CLASHING, f"{span.value} for {filter_name(keys)} {days}")
    return best.counts


def _refuse_too_open(
    projects: "Sequence[str]", filters: "Mapping[Filter, Potentials]", grid: "Sequence[int]"
) -> None:
    """Raise SettingError where so much is left open that guesses would take minutes."""
    still_open = 0
    for key in projects:
        own = filters.get(frozenset((key,)), Potentials())
        still_open += sum(own.between(start, end) is None for start, end in pairwise(grid))
    if still_open * len(grid) > MOST_OPEN:
        problem = f"the recording leaves {still_open} counts of projects and days open"
        raise SettingError(problem, "a recording of fewer days, or one that asks for more of them alone")


class Tried(NamedTuple):
    """One try: the counts of each project, and the sums of several that they do not give."""

    counts: "Counts"
    missed: "list[Equation]"


def _system(
    projects: "Sequence[str]", filters: "Mapping[Filter, Potentials]", grid: "Sequence[int]", seed: int
) -> "_System":
    several = [(keys, span) for keys, each in filters.items() if len(keys) > 1 for span in spans_of(each)]
    several.sort(key=lambda each: (each[1].end - each[1].start, len(each[0]), each[1].start))
    most = (*several, *_most_in_gaps(filters, grid))
    return _System(tuple(projects), filters, grid, seed, tuple(several), most)


def _most_in_gaps(filters: "Mapping[Filter, Potentials]", grid: "Sequence[int]") -> "Iterator[Equation]":
    """Give what a filter of several has at most between two days of the grid, where its sums say so."""
    for keys, potentials in filters.items():
        try:
            own = Sums(grid, potentials) if len(keys) > 1 else None
        except ImpossibleError:
            continue
        for start, end in pairwise(grid) if own is not None else ():
            most = own.bounds(start, end)[1] if own is not None else None
            if most is not None:
                yield keys, Span(start, end, most)


@dataclass(frozen=True, slots=True)
class _System:
    """What is to be given: own sums, and those of `several` projects; and what a filter has at `most`."""

    projects: tuple[str, ...]
    filters: "Mapping[Filter, Potentials]"
    grid: "Sequence[int]"
    seed: int
    several: "tuple[Equation, ...]"
    most: "tuple[Equation, ...]"

    def even(self) -> Tried:
        """Share each sum of several projects evenly, the shortest first."""
        try:
            sums = {key: self.sums_of(key) for key in self.projects}
            missed = [(keys, span) for keys, span in self.several if not self._share(keys, span, sums)]
            return Tried({key: dict(self._days(key, each)) for key, each in sums.items()}, missed)
        except ImpossibleError:
            if not self.most:
                raise
        return replace(self, most=()).even()  # what each has at most was too much, all together

    def left_to(self, last: str) -> Tried:
        """Spread the others by themselves, and leave the rest of each sum to one project."""
        others = tuple(key for key in self.projects if key != last)
        several = tuple(each for each in self.several if last not in each[0])
        tried = replace(self, projects=others, several=several).even() if several else self._by_turns(others)
        own = self.filters.get(frozenset((last,)))
        potentials, missed = Potentials() if own is None else own.copy(), list(tried.missed)
        for keys, span in self.several:
            if last in keys:
                left = span.value - _counted(tried.counts, keys - {last}, span)
                if left < 0 or not potentials.add(Span(span.start, span.end, left)):
                    missed.append((keys, span))
        try:
            counts = dict(self._days(last, Sums(self.grid, potentials)))
        except ImpossibleError:
            return Tried(tried.counts, list(self.several) * 2)  # worse than any other
        return Tried({**tried.counts, last: counts}, missed)

    def _by_turns(self, projects: "Sequence[str]") -> Tried:
        """Spread one project after the other, each within what those before leave of all sums."""
        counts: Counts = {}
        for key in projects:
            most = [
                (keys, Span(span.start, span.end, span.value - _counted(counts, keys, span)))
                for keys, span in self.most
            ]
            try:
                sums = replace(self, most=tuple(most)).sums_of(key)
                counts[key] = dict(self._days(key, sums))
            except ImpossibleError:
                sums = replace(self, most=()).sums_of(key)
                counts[key] = dict(self._days(key, sums))
        return Tried(counts, [])

    def sums_of(self, key: str) -> Sums:
        """Give a project's sums. Raises ImpossibleError, with the project where that is why."""
        own = self.filters.get(frozenset((key,)))
        try:
            return Sums(self.grid, own, [span for keys, span in self.most if key in keys])
        except ImpossibleError:
            raise ImpossibleError(key) from None

    def _share(self, keys: "Filter", span: Span, sums: "Mapping[str, Sums]") -> bool:
        """Share what several projects have together; False where no shares are possible."""
        parts = {key: sums[key].between(span.start, span.end) for key in keys}
        left = span.value - sum(part for part in parts.values() if part is not None)
        unknown = [key for key, part in parts.items() if part is None]
        unknown.sort(key=lambda key: _drawn(self.seed, key, span.start))
        bounds = [sums[key].bounds(span.start, span.end) for key in unknown]
        for at, key in enumerate(unknown):
            value = _part_of(left, bounds[at], bounds[at + 1 :])
            if value is None:
                return False
            sums[key].fix(Span(span.start, span.end, value))
            left -= value
        return left == 0

    def _days(self, key: str, sums: Sums) -> "Iterator[tuple[int, int]]":
        """Give the counts of all days, gap by gap between the days of the grid."""
        for start, end in pairwise(self.grid):
            total = sums.between(start, end)
            if total is None:
                total = _guess(sums, start, end)
                sums.fix(Span(start, end, total))
            each, more = divmod(total, end - start)
            drawn = sorted(range(start, end), key=lambda day: _drawn(self.seed, key, day)) if more else []
            lucky = set(drawn[:more])
            yield from ((day, each + (day in lucky)) for day in range(start, end))


def _counted(counts: "Counts", keys: "Filter", span: Span) -> int:
    """Count what projects have on the days of a span, as far as they have counts."""
    found = [counts[key] for key in keys if key in counts]
    return sum(each.get(day, 0) for each in found for day in range(span.start, span.end))


def _part_of(
    left: int, own: tuple[int, int | None], others: "Sequence[tuple[int, int | None]]"
) -> int | None:
    """Give an even part of what is left for one of several; None where there is none within all bounds."""
    least, most = own
    highest = [high for _, high in others if high is not None]
    if len(highest) == len(others):
        least = max(least, left - sum(highest))
    room = left - sum(low for low, _ in others)
    most = room if most is None else min(most, room)
    return None if least > most else min(max(left // (len(others) + 1), least), most)


def _guess(sums: Sums, start: int, end: int) -> int:
    """Give a gap its days' share of the shortest sum that it is in; none where it is in none."""
    least, most = sums.bounds(start, end)
    span = sums.covering(start)
    wanted = 0 if span is None else span.value * (end - start) // (span.end - span.start)
    return max(least, wanted if most is None else min(wanted, most))


def _drawn(seed: int, key: str, day: int) -> bytes:
    """Draw what an order is made by: the same on every machine."""
    return blake2b(f"{seed}/{day}/{key}".encode(), digest_size=8).digest()
