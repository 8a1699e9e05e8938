"""What a known fault sees beside what is asked: one bucket of the honest answer, keys, labels."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import to_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.shape import Request

Point = dict[str, Any]
Counts = dict[tuple[str, int], int]
MS_PER_DAY: Final = 86_400_000
TOTAL: Final = "0"  # the key field of a total
FEBRUARY: Final = 2


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket of an honest answer: `first` is the day that the answer begins with."""

    asked: "Asked"
    day: int
    value: int
    first: int
    label: str
    counts: Counts

    @property
    def closed(self) -> bool:
        """Tell whether the bucket is over."""
        return self.asked.last_day(self.day) < self.asked.today

    def sum(self, first: int, last: int) -> int:
        """Give the sessions of the days from `first` to `last`, as the incremental view has them."""
        return sum(self.counts.get((self.label, day), 0) for day in range(first, last + 1))


def having_keys(request: "Request", keys: "Iterable[str]") -> "Request":
    """Give the same request with other project keys, after its other parameters."""
    others = request.without("projectKey").parameters
    return replace(request, parameters=(*others, *(("projectKey", key) for key in keys)))


def having_header(request: "Request", name: str, value: str) -> "Request":
    """Give the same request with another header."""
    others = tuple(pair for pair in request.headers if pair[0] != name)
    return replace(request, headers=(*others, (name, value)))


def day_at(point: Point) -> int:
    """Give the day that a point of the honest twin starts with."""
    day: int = point["time"] // MS_PER_DAY
    return day


def labels(point: Point) -> list[str]:
    """Give the labels of a point's key fields."""
    return [label for label in point if label != "time"]


def keys_of(request: "Request") -> tuple[str, ...]:
    """Give the distinct project keys of a request, in order of first appearance."""
    return tuple(dict.fromkeys(request.values("projectKey")))


def is_leap_day(day: int) -> bool:
    """Tell whether a day is a 29 February."""
    date = to_date(day)
    return (date.month, date.day) == (FEBRUARY, 29)
