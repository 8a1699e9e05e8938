"""Tests of the coverage of the plan, counted on what is sent, by other means than the code that makes it."""

from datetime import date
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.days import from_date
from usagetwin_checker.asking.covering import allowed, covering, may_meet, nearest, pairs_of, unusual_shape
from usagetwin_checker.asking.factors import factors
from usagetwin_checker.asking.levels import KEYS_FIRST, REVERSED
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.knowing.knowledge import Now

if TYPE_CHECKING:
    from usagetwin_checker.asking.levels import Level, Unusual
    from usagetwin_checker.exchanges import Ask

    Sent = dict[str, tuple[tuple[str, str], ...]]  # what an `Ask` says of each factor

TODAY: Final = from_date(date(2026, 3, 17))
NOW: Final = Now.within(TODAY, TODAY)
DOCUMENTED: Final = ("from", "to", "projectKey", "granularity", "aggregationType")
NAMES: Final = {
    "window": {"from", "to"},
    "projectKey": {"projectKey"},
    "granularity": {"granularity"},
    "aggregationType": {"aggregationType"},
}
ACCOUNTS: Final = [(), ("web",), ("app", "web"), ("a", "b", "c", "d", "e", "f")]


def orders(ask: "Ask") -> set[str]:
    """Tell in which orders the parameters of a request are: in several, where there are few of them."""
    at = [DOCUMENTED.index(name) for name, _ in ask.parameters]
    keys = DOCUMENTED.index("projectKey")
    found = {"as documented"} if at == sorted(at) else set()
    found |= {REVERSED} if at == sorted(at, reverse=True) else set()
    return found | ({KEYS_FIRST} if at == sorted(at, key=lambda place: (place != keys, place)) else set())


def says(ask: "Ask", factor: str, level: "Level", given: frozenset[str] = frozenset()) -> bool:
    """Tell whether a request has a level, in as far as `given` does not stand in its place."""
    if factor == "order":
        return level.name in orders(ask)
    names = NAMES[factor] - given
    sent = [pair for pair in ask.parameters if pair[0] in names]
    return sorted(sent) == sorted(pair for pair in level.parameters if pair[0] in names) and (
        sent in (_as_in(level, names), _as_in(level, names)[::-1])
    )


def _as_in(level: "Level", names: set[str]) -> list[tuple[str, str]]:
    return [pair for pair in level.parameters if pair[0] in names]


def may(pair: "dict[str, Level]") -> bool:
    """Tell whether two levels may meet: months are of month_to_date alone, which is the default."""
    words = {factor: level.name for factor, level in pair.items()}
    return words.get("granularity") != "monthly" or words.get("aggregationType") not in {
        "incremental",
        "rolling_30d",
    }


@pytest.mark.parametrize("keys", ACCOUNTS, ids=len)
def test_every_pair_of_ordinary_levels_meets_in_a_request(keys: tuple[str, ...]) -> None:
    """Counted on the requests that say nothing unusual; as many as the plan itself counts."""
    plan = Plan(NOW, keys)
    table = plan.factors.ordinary
    asks = {step.ask for step in plan.steps() if "unusual" not in step.row}
    count = 0

    for (one, levels), (other, others) in combinations(table.items(), 2):
        for pair in product(levels, others):
            if may(dict(zip((one, other), pair, strict=True))):
                count += 1
                met = [ask for ask in asks if says(ask, one, pair[0]) and says(ask, other, pair[1])]
                assert met, (one, pair[0].name, other, pair[1].name)

    assert plan.coverage[0][1:] == (count, count)


@pytest.mark.parametrize("keys", ACCOUNTS, ids=len)
def test_everything_unusual_meets_every_kind_of_each_other_factor(keys: tuple[str, ...]) -> None:
    """Counted on the requests that are as something unusual makes them."""
    plan = Plan(NOW, keys)
    asks = {step.ask for step in plan.steps()}
    count = 0

    for unusual in plan.factors.unusual:
        given = frozenset(name for way in unusual.ways for name, _ in way.values)
        with_it = [ask for ask in asks if any(way.of(ask) == ask for way in unusual.ways)]
        for factor, levels in plan.factors.ordinary.items():
            if factor == "order" or NAMES[factor] <= given:
                continue
            for kind in {level.kind for level in levels}:
                count += 1
                of_kind = [level for level in levels if level.kind == kind]
                assert any(says(ask, factor, level, given) for ask in with_it for level in of_kind), (
                    unusual.title,
                    factor,
                    kind,
                )

    assert plan.coverage[1][1:] == (count, count)


def test_no_request_is_unusual_in_two_ways() -> None:
    """What one thing does is not hidden by another one; but a stranger's query may be refused as well."""
    plan = Plan(NOW, ("app", "web"))

    for step in plan.steps():
        found = [each for each in plan.factors.unusual if _has(step.ask, each)]
        assert len({each.factor for each in found}) <= 1 or step.row["unusual"].startswith(
            "credential: none, of"
        ), (
            step.about,
            [each.title for each in found],
        )


def _has(ask: "Ask", unusual: "Unusual") -> bool:
    """Tell whether a request is unusual in this way; to leave a parameter out is ordinary."""
    return any(way.of(ask) == ask for way in unusual.ways if all(values for _, values in way.values))


def test_the_arrays_are_made_without_chance() -> None:
    """The same table gives the same rows, in the same order."""
    shape = unusual_shape(factors(NOW, ("app", "web")))

    made = covering.__wrapped__(shape)

    assert made == covering(shape)


def test_an_array_begins_with_what_is_nearest_to_what_all_is_compared_with() -> None:
    """Those rows count for the coverage as all others do."""
    shape = unusual_shape(factors(NOW, ("app", "web")))
    rows = covering(shape)

    assert list(rows[: len(nearest(shape))]) == nearest(shape)
    assert {pair for row in rows for pair in pairs_of(row)} == allowed(shape)


def test_months_do_not_meet_days() -> None:
    """The contract says which words go together; one that is left out goes as its default does."""
    assert may_meet("monthly", "month_to_date")
    assert may_meet("monthly", "left out")
    assert may_meet("left out", "rolling_30d")
    assert not may_meet("monthly", "incremental")
