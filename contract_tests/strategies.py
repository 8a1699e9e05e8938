"""Hypothesis strategies: requests drawn from the effective contract, and conversations that belong together.

Rule: a valid value comes from the contract's schema, an invalid one is anything that the schema refuses;
nothing here is expected of an answer.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from contract_tests.classes import NO_PROJECT, enum_of, views
from contract_tests.exchanges import Ask, Credential
from contract_tests.expectation import broken_rules
from mockserver.days import SECONDS_PER_DAY, first_of_month, start_of, to_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.classes import Pairs

LONGEST: Final = 5
DEEPEST_DAYS: Final = 1600
OFFSETS_S: Final = st.sampled_from([0, 0, 0, 1, -1, SECONDS_PER_DAY // 2])
SPREAD: Final = st.one_of(st.integers(0, 3), st.integers(0, 45), st.integers(0, 180))
WIRES: Final = st.tuples(st.sampled_from(["", "", "", "environment"]), st.booleans())
PICK: Final = st.integers(0, 5)
NOTABLE: Final = (
    "",
    "0x10",
    "1e9",
    "-1",
    "1.5",
    "+1",
    " 1",
    "1_0",
    "٣",
    "null",
    "1735689600000",
    "true",
    "now",
    "1\n",
)


def conversations(today: int, keys: "Sequence[str]") -> st.SearchStrategy[tuple[Ask, ...]]:
    """Draw a few requests about the same days and filters; `today` is the target's current day."""
    anchors, filters, views_drawn = _anchors(today), _filters(keys), st.sampled_from(_view_pairs())
    kinds, lengths = st.sampled_from(["valid"] * 5 + ["invalid", "unusual"]), st.integers(1, LONGEST)
    others = {"invalid": _invalid(), "unusual": _unusual()}

    @st.composite
    def drawn(draw: st.DrawFn) -> tuple[Ask, ...]:
        anchor, chosen = draw(anchors), draw(filters)
        asks = []
        for _ in range(draw(lengths)):
            kind = draw(kinds)
            if kind in others:
                asks.append(draw(others[kind]))
            else:
                window, project = _window(draw, anchor, today), draw(PICK) % len(chosen)
                asks.append(_valid(window, draw(views_drawn), chosen[project], draw(WIRES)))
        return tuple(asks)

    return drawn()


def _anchors(today: int) -> st.SearchStrategy[int]:
    """Draw a closed day: recent ones, edges of months and years and leap days, or any."""
    months = [first_of_month(today - 31 * back) for back in range(DEEPEST_DAYS // 31)]
    edges = [day for month in months for day in (month, month - 1) if 0 < day < today]
    days = range(max(today - DEEPEST_DAYS, 0), today)
    leaps = [day for day in days if to_date(day).strftime("%m-%d") == "02-29"]
    return st.one_of(
        st.sampled_from([today - 1, today - 2, *edges, *leaps]),
        st.integers(max(today - DEEPEST_DAYS, 1), today - 1),
    )


def _filters(keys: "Sequence[str]") -> "st.SearchStrategy[list[Pairs]]":
    """Draw the filters of one conversation: some of the known keys, and all projects."""
    if not keys:
        return st.just([()])
    drawn = st.lists(st.sampled_from(sorted(keys)), max_size=3).map(
        lambda chosen: tuple(("projectKey", key) for key in chosen)
    )
    return st.lists(drawn, min_size=1, max_size=3)


@cache
def _view_pairs() -> "list[Pairs]":
    explicit = [pair for _, pair in views()]
    partial = [(part,) for pair in explicit for part in pair if not broken_rules(Ask((part,)))]
    return [*explicit, *dict.fromkeys(partial), ()]


def _window(draw: st.DrawFn, anchor: int, today: int) -> "Pairs":
    """Draw a window around a day, over before today, mostly at day edges."""
    from_s = start_of(anchor - draw(SPREAD)) + draw(OFFSETS_S)
    to_s = start_of(anchor + 1 + draw(SPREAD)) + draw(OFFSETS_S)
    return ("from", str(max(from_s, 0))), ("to", str(min(to_s, start_of(today))))


def _valid(window: "Pairs", view: "Pairs", project: "Pairs", wire: tuple[str, bool]) -> Ask:
    extra, backwards = wire
    parameters = (*window, *view, *project, *(((extra, "x"),) if extra else ()))
    return Ask(tuple(reversed(parameters)) if backwards else parameters)


def _invalid() -> st.SearchStrategy[Ask]:
    """Draw a request that breaks a rule about parameters, and still does on the wire."""
    values = st.one_of(st.sampled_from(NOTABLE), st.text(max_size=12))
    enums = [value for name in ("granularity", "aggregationType") for value in enum_of(name)]
    twisted = st.sampled_from(enums).flatmap(
        lambda value: st.sampled_from([value.upper(), f" {value}", value[:-1], value])
    )
    names = st.sampled_from(["from", "to", "granularity", "aggregationType"])
    pairs = st.lists(st.tuples(names, st.one_of(values, twisted)), min_size=1, max_size=3)
    return pairs.map(lambda drawn: Ask(tuple(drawn))).filter(lambda ask: bool(broken_rules(ask)))


def _unusual() -> st.SearchStrategy[Ask]:
    """Draw a request for a project that does not exist, or without a credential that counts."""
    unknown = st.sampled_from([(), (("aggregationType", "incremental"),)]).map(
        lambda pairs: Ask((*pairs, ("projectKey", NO_PROJECT)))
    )
    bare = st.sampled_from([Credential.NONE, Credential.BLANK, Credential.BEARER]).map(
        lambda kind: Ask((), kind)
    )
    return st.one_of(unknown, bare)
