"""What one server process counts of its answers, in plain numbers: each request is counted on its way.

Rule: nothing is locked or formatted here. `exposition` makes metrics of it, and `run_folder` adds up the
processes of one run.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import KEY
from usagetwin.control.probes import PREFIX

if TYPE_CHECKING:
    from usagetwin.serving.cycle import Cycle

BOUNDS_S: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
_BEHIND: Final = len(PREFIX)


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
        self._plain: Final = [0] * 600  # answers that break no rule, by status
        self._ruled: Final[Counter[tuple[int, str]]] = Counter()
        self._within: Final = [0] * (len(BOUNDS_S) + 1)
        self._seconds = 0.0
        self._cached = 0

    def count(self, cycle: "Cycle") -> None:
        """Count a request that was answered; what the twin is asked about itself does not count."""
        scope = cycle.scope
        if scope["path"][:_BEHIND] == PREFIX:
            return
        took_s = perf_counter() - cycle.began_s
        notes = scope.get(KEY)
        if notes is None or notes.rule is None:  # type: ignore[attr-defined]  # -- a key that uvicorn's type lacks
            self._plain[cycle.status] += 1
        else:
            self._ruled[cycle.status, notes.rule] += 1  # type: ignore[attr-defined]  # -- as above
        self._within[bisect_left(BOUNDS_S, took_s)] += 1
        self._seconds += took_s
        self._cached += cycle.was_kept

    @property
    def counts(self) -> Counts:
        """Give what was counted so far."""
        plain = Counter({(status, ""): number for status, number in enumerate(self._plain) if number})
        return Counts(plain + self._ruled, tuple(self._within), self._seconds, self._cached)
