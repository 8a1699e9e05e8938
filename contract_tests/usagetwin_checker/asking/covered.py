"""What some requests cover of the table of factors: how often each class was asked for, and which pairs met.

Rule: a request counts for every row of the plan that is written as it is, whatever it was sent for.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from usagetwin_checker.asking.covering import UNUSUAL, coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.asking.covering import Row
    from usagetwin_checker.asking.factors import Factors
    from usagetwin_checker.asking.plan import Plan
    from usagetwin_checker.exchanges import Ask


@dataclass(frozen=True, slots=True)
class Asked:
    """One class of values, and how many requests had it; `unusual` says that it is something unusual."""

    factor: str
    level: str
    unusual: bool
    requests: int


@dataclass(frozen=True, slots=True)
class Covered:
    """Each class in the order of the table; and of each array its name, its pairs that met, of how many."""

    classes: tuple[Asked, ...] = ()
    pairs: tuple[tuple[str, int, int], ...] = ()


def covered(plan: "Plan", asks: "Iterable[Ask]") -> Covered:
    """Count what the requests cover of a plan's table; one that was sent twice counts twice."""
    rows: dict[Ask, list[Row]] = defaultdict(list)
    for step in plan.made():
        rows[step.ask].append(step.row)
    met = [rows[ask] for ask in asks if ask in rows]
    counts = Counter(chain.from_iterable({each for row in alike for each in _classes(row)} for alike in met))
    return Covered(tuple(_counted(plan.factors, counts)), coverage(plan.factors, chain.from_iterable(met)))


def _classes(row: "Row") -> "Iterator[tuple[str, str]]":
    """Give the classes of a row: beside something unusual a row has kinds, which are no classes."""
    return ((name, level) for name, level in row.items() if UNUSUAL not in row or name == UNUSUAL)


def _counted(factors: "Factors", counts: "Counter[tuple[str, str]]") -> "Iterator[Asked]":
    for factor, levels in factors.ordinary.items():
        yield from (
            Asked(factor, each.name, unusual=False, requests=counts[factor, each.name]) for each in levels
        )
    for each in factors.unusual:
        yield Asked(each.factor, each.name, unusual=True, requests=counts[UNUSUAL, each.title])
