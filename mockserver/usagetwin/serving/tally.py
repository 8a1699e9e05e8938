"""What one server process counts of its answers, in plain numbers: each request is counted on its way.

Rule: nothing is locked or formatted here. `exposition` makes metrics of it, and `run_folder` adds up the
processes of one run.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from usagetwin.asgi.notes import KEY
from usagetwin.control.probes import PREFIX

if TYPE_CHECKING:
    from usagetwin.serving.cycle import Cycle

BOUNDS_S: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted up to some instant: answers by status and rule, and how long they took."""

    answers: "Counter[tuple[int, str]]" = field(default_factory=Counter)
    within: tuple[int, ...] = (0,) * (
        len(BOUNDS_S) + 1
    )  # each in the first bound that it keeps, or behind all
    seconds: float = 0.0
    cached: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add those of another process."""
        return Counts(
            self.answers + other.answers,
            tuple(map(sum, zip(self.within, other.within, strict=True))),
            self.seconds + other.seconds,
            self.cached + other.cached,
        )


class Tally:
    """The counts of this process. The server's thread counts; any may read."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._plain: Final = [0] * 600  # answers that break no rule and are not from the cache, by status
        self._ruled: Final[Counter[tuple[int, str]]] = Counter()
        self._within: Final = [0] * (len(BOUNDS_S) + 1)
        self._seconds = 0.0
        self._cached = 0

    def count(self, cycle: "Cycle") -> None:
        """Count a request that was answered; what the twin is asked about itself does not count."""
        took_s = perf_counter() - cycle.began_s
        if cycle.was_kept:
            self._cached += 1
        elif not self._counted(cycle):
            return
        self._within[bisect_left(BOUNDS_S, took_s)] += 1
        self._seconds += took_s

    def _counted(self, cycle: "Cycle") -> bool:
        """Count one that did not come from the cache, by its rule, and tell whether it counts."""
        scope: Any = cycle.scope  # uvicorn's type lacks our key
        if scope["path"].startswith(PREFIX):
            return False
        notes = scope.get(KEY)
        if notes is None or notes.rule is None:
            self._plain[cycle.status] += 1
        else:
            self._ruled[cycle.status, notes.rule] += 1
        return True

    @property
    def counts(self) -> Counts:
        """Give what was counted so far."""
        plain = Counter({(status, ""): number for status, number in enumerate(self._plain) if number})
        plain[HTTPStatus.OK.value, ""] += self._cached  # the cache keeps nothing else
        return Counts(+plain + self._ruled, tuple(self._within), self._seconds, self._cached)
