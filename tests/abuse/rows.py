"""A row of the table: what was tried, how often, what did not hold, and the figures with their bounds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.claims import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.claims import Line

HEAD: Final = ("tried", "attempts", "held", "figures", "")
MOST_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much a run tries, and where its chances start."""

    seed: int
    mutated: int  # requests
    kinds: int  # of stops, connections, outputs and targets: the last ones of each list
    stops: int  # of each kind
    held_open: int  # connections of each kind
    clients: int  # that ask at once
    load_s: float  # of each kind of load that is held
    kill_every_s: float  # during it
    replaced: int  # replicas of each kind
    logged: int  # requests, each with a line of log
    targets: int  # of each kind that answers by chance
    megabytes: tuple[int, ...]  # sizes of a target's answers
    spoiled: int  # checks
    unique: int  # queries of which no two are alike
    projects: int
    events: int
    worlds: int  # files of each kind
    table_bytes: int  # of a CSV file


FULL: Final = Effort(
    seed=1,
    mutated=15_000,
    kinds=99,
    stops=10,
    held_open=100,
    clients=1_000,
    load_s=600,
    kill_every_s=30,
    replaced=9,
    logged=10_000,
    targets=40,
    megabytes=(1, 10, 100),
    spoiled=100,
    unique=60_000,
    projects=10_000,
    events=20_000,
    worlds=20,
    table_bytes=63_000_000,
)
SAMPLE: Final = Effort(
    seed=2,
    mutated=300,
    kinds=1,
    stops=1,
    held_open=5,
    clients=40,
    load_s=2,
    kill_every_s=0.8,
    replaced=1,
    logged=400,
    targets=1,
    megabytes=(1,),
    spoiled=1,
    unique=600,
    projects=200,
    events=400,
    worlds=1,
    table_bytes=500_000,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What came of one kind of attempt. `problems` has a text for each attempt that did not hold."""

    tried: str
    attempts: int
    problems: tuple[str, ...]
    figures: "tuple[Line, ...]" = ()

    @property
    def held(self) -> int:
        """Count the attempts that ended as they should."""
        return self.attempts - len(self.problems)

    @property
    def kept(self) -> bool:
        """Tell whether every attempt held, and every figure is within its bound."""
        return not self.problems and all(figure.kept is not False for figure in self.figures)

    @property
    def words(self) -> str:
        """Write the figures with their bounds, and the first problems."""
        said = [
            f"{one.claim} {one.measured}" + (f" ({one.bar.replace('<=', 'at most')})" if one.bar else "")
            for one in self.figures
        ]
        more = len(self.problems) - MOST_SHOWN
        said += [f"NOT: {problem}" for problem in self.problems[:MOST_SHOWN]]
        return "; ".join(said + ([f"and {more} more"] if more > 0 else []))

    @property
    def cells(self) -> tuple[str, ...]:
        """Write the cells below HEAD."""
        return (self.tried, f"{self.attempts:,}", f"{self.held:,}", self.words, MARKS[self.kept])


def problems_of(found: "Iterable[str | None]") -> tuple[str, ...]:
    """Give the problems among what attempts came to; None is an attempt that held."""
    return tuple(problem for problem in found if problem is not None)
