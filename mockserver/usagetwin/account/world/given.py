"""Counts that a file gives day by day: every day once, none left out, in any order."""

from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NoReturn

from usagetwin.account.traffic import GivenCounts
from usagetwin.account.world.place import Place
from usagetwin.days import to_date


@dataclass(slots=True)
class DayTable:
    """The counts of one project while its file is read."""

    file: str
    _counts: dict[int, int] = field(default_factory=dict)
    _lines: "array[int]" = field(default_factory=lambda: array("Q"))  # beside _counts, to save memory

    def add(self, day: int, count: int, place: Place) -> None:
        """Take the count of one more day; raise `FileError` when that day has one already."""
        if day in self._counts:
            problem = f"{to_date(day)} is given twice, first on line {self._line_of(day)}"
            place.refuse(problem, "one count for each day")
        self._counts[day] = count
        self._lines.append(place.line or 0)

    def finished(self, key: str) -> GivenCounts:
        """Give the counts from the first day to the last; raise `FileError` when a day between is missing."""
        days = sorted(self._counts)
        for before, after in pairwise(days):
            if after != before + 1:
                self._gap(before, after, key)
        return GivenCounts(days[0], tuple(self._counts[day] for day in days))

    def _gap(self, before: int, after: int, key: str) -> NoReturn:
        missing, last = to_date(before + 1), to_date(after - 1)
        span = f"{missing}" if missing == last else f"{missing} to {last}"
        problem = f"project {key!r} has {to_date(after)} but no count for {span}"
        Place(self.file, self._line_of(after)).refuse(problem, "a count for every day, 0 included")

    def _line_of(self, day: int) -> int:
        return self._lines[list(self._counts).index(day)]
