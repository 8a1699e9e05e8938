"""The covering arrays: which levels meet in a request, so that every pair that may meet does.

Rule: this alone knows the library, and works on names alone. Two arrays are made. The ordinary one covers
every pair of ordinary levels. The unusual one covers every pair of something unusual and a kind of each
factor; since what is unusual is one factor of it, no request is unusual in two ways.
"""

from functools import cache
from itertools import combinations, cycle, product
from typing import TYPE_CHECKING, Final

from covertable import criteria, make

from usagetwin_checker.asking.levels import (
    AGGREGATION,
    AS_DOCUMENTED,
    GRANULARITY,
    LEFT_OUT,
    ORDER,
    PROJECTS,
    WINDOW,
)
from usagetwin_checker.asking.parameters import views
from usagetwin_checker.asking.windows import DAYS, YEAR
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin_checker.asking.factors import Factors

    Row = Mapping[str, str]  # from a factor's name to the name of a level, or of a kind
    Shape = tuple[tuple[str, tuple[str, ...]], ...]
    Pair = frozenset[tuple[str, str]]

UNUSUAL: Final = "unusual"
COMPARED: Final = {WINDOW: YEAR, PROJECTS: LEFT_OUT, ORDER: AS_DOCUMENTED}  # in every view: see `nearest`
BY_DEFAULT: Final = {GRANULARITY: LEFT_OUT, AGGREGATION: LEFT_OUT}
SINGLE_DAYS: Final = {GRANULARITY: "daily", AGGREGATION: "incremental"}  # what other views are sums of


def ordinary_shape(factors: "Factors") -> "Shape":
    """Give the factors and levels of the ordinary array."""
    return tuple((name, tuple(level.name for level in levels)) for name, levels in factors.ordinary.items())


def unusual_shape(factors: "Factors") -> "Shape":
    """Give the factors and kinds of the unusual array."""
    kinds = tuple(
        (name, tuple(dict.fromkeys(level.kind for level in levels)))
        for name, levels in factors.ordinary.items()
        if name != ORDER
    )
    return ((UNUSUAL, tuple(each.title for each in factors.unusual)), *kinds)


@cache
def covering(shape: "Shape") -> "tuple[Row, ...]":
    """Give rows in which every pair of a shape meets that may meet, beginning with the nearest ones."""
    together = {
        "operator": "fn",
        "requires": [GRANULARITY, AGGREGATION],
        "evaluate": lambda row: may_meet(row[GRANULARITY], row[AGGREGATION]),
    }
    rows = make(dict(shape), criterion=criteria.simple, constraints=[together], presets=nearest(shape))
    return tuple(rows)


@cache
def nearest(shape: "Shape") -> "list[Row]":
    """Give rows that differ in one thing from what all is compared with: one factor, or the two of a view.

    A window is asked for in the view of single days and in another one in turn, a filter in all, and an order
    of several keys in the view of single days.
    """
    return list(_unusual_beside(shape) if UNUSUAL in dict(shape) else _ordinary_beside(shape))


def _unusual_beside(shape: "Shape") -> "Iterator[Row]":
    turns = cycle(dict(view) for _, view in views())
    usual = {WINDOW: DAYS, PROJECTS: LEFT_OUT}
    yield from ({UNUSUAL: level, **usual, **next(turns)} for level in dict(shape)[UNUSUAL])


def _ordinary_beside(shape: "Shape") -> "Iterator[Row]":
    levels = dict(shape)
    named = [BY_DEFAULT, *(dict(view) for _, view in views())]
    turns = cycle((SINGLE_DAYS, *(view for view in named if view != SINGLE_DAYS)))
    filter_ = levels[PROJECTS][-1]
    yield from ({**COMPARED, **next(turns), WINDOW: level} for level in levels[WINDOW])
    yield from ({**COMPARED, **SINGLE_DAYS, WINDOW: level} for level in levels[WINDOW])
    orders = ({PROJECTS: filter_, ORDER: level} for level in levels[ORDER])
    yield from ({**COMPARED, **SINGLE_DAYS, **order} for order in orders)
    yield from ({**COMPARED, **view, PROJECTS: level} for view in named for level in levels[PROJECTS])
    for granularity, aggregation in product(levels[GRANULARITY], levels[AGGREGATION]):
        if may_meet(granularity, aggregation):
            yield {**COMPARED, GRANULARITY: granularity, AGGREGATION: aggregation}


@cache
def may_meet(granularity: str, aggregation: str) -> bool:
    """Tell whether the contract has these two words, or one of them left out, in one query."""
    words = ((GRANULARITY, granularity), (AGGREGATION, aggregation))
    return not broken_rules(Ask(tuple(word for word in words if word[1] != LEFT_OUT)))


def pairs_of(row: "Row") -> "Iterable[Pair]":
    """Give every two levels that meet in a row."""
    return map(frozenset, combinations(row.items(), 2))


def coverage(factors: "Factors", rows: "Iterable[Row]") -> tuple[tuple[str, int, int], ...]:
    """Count the pairs that meet in some rows, and those that may, for each of the two arrays."""
    met = {pair for row in rows for pair in pairs_of(row)}
    return tuple(
        (about, len(pairs & met), len(pairs))
        for about, pairs in (
            ("pairs of ordinary levels", allowed(ordinary_shape(factors))),
            ("pairs of something unusual and a kind of each other factor", _with_unusual(factors)),
        )
    )


def _with_unusual(factors: "Factors") -> "frozenset[Pair]":
    """Give every pair of something unusual and a kind of a factor of which it leaves something."""
    replaced = {(UNUSUAL, each.title): each.replaces for each in factors.unusual}
    return frozenset(
        pair
        for pair in allowed(unusual_shape(factors))
        for unusual in pair & replaced.keys()
        if not replaced[unusual] & {factor for factor, _ in pair}
    )


def allowed(shape: "Shape") -> "frozenset[Pair]":
    """Give every pair of a shape that may meet."""
    pairs = (
        pair
        for (one, levels), (other, others) in combinations(shape, 2)
        for pair in product(((one, level) for level in levels), ((other, level) for level in others))
    )
    return frozenset(frozenset(pair) for pair in pairs if _may_meet(dict(pair)))


def _may_meet(row: "Row") -> bool:
    return not row.keys() >= {GRANULARITY, AGGREGATION} or may_meet(row[GRANULARITY], row[AGGREGATION])
