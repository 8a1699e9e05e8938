"""Hypothesis strategies: requests drawn from the effective contract, and conversations that belong together.

Rule: what is unusual comes from the table of factors, or is any text that the contract's schema refuses;
nothing here is expected of an answer.
"""

from itertools import product
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from usagetwin.contract.operation import LISTED
from usagetwin.days import SECONDS_PER_DAY, first_of_month, start_of, to_date
from usagetwin_checker.asking.covering import may_meet
from usagetwin_checker.asking.factors import Factors, factors
from usagetwin_checker.asking.levels import (
    AGGREGATION,
    AS_DOCUMENTED,
    GRANULARITY,
    KEYS_FIRST,
    REVERSED,
    ordered,
)
from usagetwin_checker.asking.parameters import project, window
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.judging.expectation import broken_rules
from usagetwin_checker.knowing.knowledge import Now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin_checker.asking.parameters import Pairs

LONGEST: Final = 8
MOST_KEYS: Final = 3
DEEPEST_DAYS: Final = 1600
KINDS: Final = (  # of request: what it is, and the order on the wire of one that is not the last one again
    *[("ordinary", AS_DOCUMENTED)] * 6,
    *[("ordinary", REVERSED)] * 5,
    ("ordinary", KEYS_FIRST),
    ("any text", AS_DOCUMENTED),
    ("unusual", AS_DOCUMENTED),
    ("unusual, of the last one", AS_DOCUMENTED),
)
_DAYS: Final = sorted([*range(4)] * 15 + [*range(46)] + [*range(0, 181, 4)])
SPREADS_S: Final = tuple(  # how far a window reaches beyond its day: mostly to the edge of another day
    days * SECONDS_PER_DAY + offset_s for days in _DAYS for offset_s in (0, 0, 0, 1, -1, SECONDS_PER_DAY // 2)
)
RELATED: Final = 6
NOTABLE: Final = ("", "true", "0", "9999999999", "10000000000", "-0", "0x", "1e", "\ufeff1", "1\x00")


def conversations(
    today: int, keys: "Sequence[str]", *, only_get: bool = False
) -> st.SearchStrategy[tuple[Ask, ...]]:
    """Draw a few requests about the same days and filters; `today` is the target's current day.

    Each draw costs time, so that what belongs together is drawn at once, from a table.
    """
    days, known = st.sampled_from(_anchors(today)), tuple(sorted(keys))
    filters, which = st.integers(0, max(_filters_of(known) - 1, 0)), st.integers(0, RELATED - 1)
    kinds, lengths, spreads = st.sampled_from(KINDS), st.integers(1, LONGEST), st.sampled_from(SPREADS_S)
    table = factors(Now.within(today, today), known)
    views_drawn, texts = st.sampled_from(_given_views(table)), _any_text()
    unusual = [way for unusual in table.unusual for way in unusual.ways]
    ways = st.sampled_from([way for way in unusual if not only_get or way.of(Ask()).method == "GET"])

    @st.composite
    def drawn(draw: st.DrawFn) -> tuple[Ask, ...]:
        anchor, related = draw(days), _related(_filter(known, draw(filters)))
        asks: list[Ask] = []
        for _ in range(draw(lengths)):
            kind, order = draw(kinds)
            if kind == "any text":
                asks.append(draw(texts))
                continue
            wire = (*_window(anchor, today, draw(spreads), draw(spreads)), *draw(views_drawn))
            ask = ordered(Ask((*wire, *project(*related[draw(which)]))), order)
            if kind != "ordinary":
                ask = draw(ways).of(asks[-1] if asks and kind != "unusual" else ask)
            asks.append(ask)
        return tuple(asks)

    return drawn()


def _anchors(today: int) -> tuple[int, ...]:
    """Give closed days to draw from: recent ones, edges of months, and leap days, as often as all others."""
    months = [first_of_month(today - 31 * back) for back in range(DEEPEST_DAYS // 31)]
    edges = [day for month in months for day in (month, month - 1) if 0 < day < today]
    days = range(today - 1, max(today - DEEPEST_DAYS, 1) - 1, -1)
    leaps = [day for day in days if to_date(day).strftime("%m-%d") == "02-29"]
    notable = [today - 1, today - 2, *edges, *leaps]
    return (*notable * max(len(days) // len(notable), 1), *days)


def _filters_of(keys: "Sequence[str]") -> int:
    """Count the filters of some keys: none to three, in any order, some perhaps twice."""
    return (MOST_KEYS + 1) * len(keys) ** MOST_KEYS


def _filter(keys: "Sequence[str]", number: int) -> tuple[str, ...]:
    """Give the filter of a number: how many keys it has, then which ones."""
    number, size = divmod(number, MOST_KEYS + 1)
    chosen = []
    for _ in range(size if keys else 0):
        number, index = divmod(number, len(keys))
        chosen.append(keys[index])
    return tuple(chosen)


def _related(keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Give the filters that belong to one: itself, its parts, other ways to write it, and all projects."""
    return keys, keys[:1], keys[1:], keys[::-1], (*keys, *keys[:1]), ()


def _window(anchor: int, today: int, before_s: int, after_s: int) -> "Pairs":
    """Give a window around a day, over before today."""
    from_s = max(start_of(anchor) - before_s, 0)
    return window(from_s, min(start_of(anchor + 1) + after_s, start_of(today)))


def _given_views(table: Factors) -> "list[Pairs]":
    """Give every way to ask for a view, with each of its two parameters given or left out."""
    pairs = product(table.ordinary[AGGREGATION], table.ordinary[GRANULARITY])
    return [(*one.parameters, *other.parameters) for one, other in pairs if may_meet(other.name, one.name)]


def _any_text() -> st.SearchStrategy[Ask]:
    """Draw a request that breaks a rule about parameters, and still does on the wire."""
    values = st.one_of(st.sampled_from(NOTABLE), st.text(max_size=6))
    words = st.sampled_from([word for words in LISTED.values() for word in words])
    names = st.sampled_from(["from", "to", "granularity", "aggregationType"])
    pairs = st.lists(st.tuples(names, st.one_of(values, words)), min_size=1, max_size=3)
    return pairs.map(lambda drawn: Ask(tuple(drawn))).filter(lambda ask: bool(broken_rules(ask)))
