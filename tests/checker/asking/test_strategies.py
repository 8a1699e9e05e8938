"""Tests of what the fuzz phase draws: valid and invalid requests that belong together, none by accident."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from tests.checker.conversations import seconds
from usagetwin.days import start_of
from usagetwin_checker.asking.factors import factors
from usagetwin_checker.asking.parameters import project, window
from usagetwin_checker.asking.strategies import LONGEST, conversations
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.knowing.knowledge import Knowledge, Now

if TYPE_CHECKING:
    from collections.abc import Callable

DAY_S: Final = 86_400
TODAY: Final = seconds("2028-03-01") // DAY_S
KEYS: Final = ("app", "web")
KNOWN: Final = Knowledge(frozenset(KEYS), now=Now(start_of(TODAY) + 1, start_of(TODAY) + 1))
DRAWN: Final = conversations(TODAY, KEYS)
WAYS: Final = [way for unusual in factors(Now.within(TODAY, TODAY), KEYS).unusual for way in unusual.ways]
ORDINARY: Final = Ask((*window(start_of(TODAY - 9), start_of(TODAY - 2)), *project("web")))
QUIET: Final = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def is_window(ask: Ask) -> bool:
    """Tell whether a request gives its whole window."""
    return bool(ask.values("from")) and bool(ask.values("to"))


def is_ordinary(ask: Ask) -> bool:
    """Tell whether a request is valid, and not as something unusual makes it."""
    return not broken_rules(ask) and all(way.of(ask) != ask for way in WAYS)


@QUIET
@given(DRAWN)
def test_a_conversation_is_a_few_requests_with_known_expectations(drawn: tuple[Ask, ...]) -> None:
    """There are one to eight, and something is expected of each."""
    assert 1 <= len(drawn) <= LONGEST
    for ask in drawn:
        assert expect(ask, KNOWN).rules


@QUIET
@given(DRAWN)
def test_an_ordinary_request_asks_for_closed_days_alone(drawn: tuple[Ask, ...]) -> None:
    """What is not meant to be refused has a window that ends by the start of the current day."""
    for ask in drawn:
        if is_ordinary(ask):
            ((rule, statuses),) = expect(ask, KNOWN).rules
            assert statuses == {200}, (ask, rule)
            assert int(ask.values("to")[0]) <= start_of(TODAY)
            assert 0 <= int(ask.values("from")[0]) < int(ask.values("to")[0])
            assert set(ask.values("projectKey")) <= set(KEYS)


@QUIET
@given(DRAWN)
def test_ordinary_requests_of_a_conversation_are_about_the_same_days(drawn: tuple[Ask, ...]) -> None:
    """Some day lies in all of their windows, so that their answers can contradict."""
    windows = [(int(ask.values("from")[0]), int(ask.values("to")[0])) for ask in drawn if is_ordinary(ask)]
    if windows:
        assert max(from_s for from_s, _ in windows) < min(to_s for _, to_s in windows)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda ask: ask.values("projectKey") == (),
        lambda ask: len(set(ask.values("projectKey"))) == 2,
        lambda ask: max(Counter(ask.values("projectKey")).values(), default=0) > 1,
        lambda ask: ask.values("granularity") == ("monthly",),
        lambda ask: ask.values("aggregationType") == ("rolling_30d",),
        lambda ask: is_window(ask) and not ask.values("aggregationType") and not ask.values("granularity"),
        lambda ask: ask.parameters[-1:] != () and ask.parameters[-1][0] == "from",
        lambda ask: is_window(ask) and str(seconds("2028-02-29")) in ask.values("from"),
        lambda ask: is_window(ask) and str(start_of(TODAY)) in ask.values("to"),
        lambda ask: ask.credential is Credential.NONE and is_window(ask),
        lambda ask: "usagetwin-no-such-project" in ask.values("projectKey"),
        lambda ask: "scalar-parameters-once" in broken_rules(ask),
        lambda ask: "timestamp-is-plain-digits" in broken_rules(ask),
        lambda ask: "enum-exact-spelling" in broken_rules(ask),
    ],
)
def test_every_kind_of_request_can_be_drawn(wanted: "Callable[[Ask], bool]") -> None:
    """Each of these is found among the conversations."""
    drawn = find(
        DRAWN,
        lambda asks: any(map(wanted, asks)),
        settings=settings(max_examples=5000, deadline=None, database=None, phases=[Phase.generate]),
    )

    assert drawn


@pytest.mark.parametrize(
    "wanted",
    [
        lambda ask: bool(ask.values("environment")),
        lambda ask: ask.method == "HEAD",
        lambda ask: ask.suffix == "/",
        lambda ask: any(not key.isascii() for key in ask.values("projectKey")),
        lambda ask: any(len(value) > 4_300 for value in ask.values("to")),
    ],
)
def test_what_is_rare_is_one_of_the_ways_that_are_drawn_from(wanted: "Callable[[Ask], bool]") -> None:
    """Each of some two hundred ways comes about once in a thousand requests, too seldom to wait for."""
    assert any(wanted(way.of(ORDINARY)) for way in WAYS)


def test_an_unusual_way_is_taken_of_a_request_and_of_the_last_one_again() -> None:
    """So that what is rare meets what was just answered."""
    drawn = find(
        DRAWN,
        lambda asks: any(way.of(before) == after for before, after in pairwise(asks) for way in WAYS),
        settings=settings(max_examples=1000, deadline=None, database=None, phases=[Phase.generate]),
    )

    assert drawn


def test_a_query_is_repeated_without_its_credential() -> None:
    """What was just asked for may be asked for again by a stranger."""
    drawn = find(
        DRAWN,
        lambda asks: any(
            other.credential is Credential.NONE and replace(other, credential=Credential.TOKEN) == ask
            for ask, other in pairwise(asks)
        ),
        settings=settings(max_examples=5000, deadline=None, database=None, phases=[Phase.generate]),
    )

    assert drawn


@QUIET
@given(conversations(TODAY, ("a", "b", "c", "d", "e")))
def test_the_filters_of_a_conversation_belong_together(drawn: tuple[Ask, ...]) -> None:
    """There are three keys at most, beside one that something unusual may bring."""
    usual = [ask for ask in drawn if not broken_rules(ask) and set(ask.values("projectKey")) <= set("abcde")]

    assert len({key for ask in usual for key in ask.values("projectKey")}) <= 3


def test_without_known_projects_all_are_asked_for() -> None:
    """An account of which no key is known is asked about all projects, unless the request is unusual."""

    @QUIET
    @given(conversations(TODAY, ()))
    def holds(drawn: tuple[Ask, ...]) -> None:
        for ask in filter(is_ordinary, drawn):
            assert not ask.values("projectKey")

    holds()


@given(conversations(TODAY, KEYS, only_get=True))
@QUIET
def test_another_method_is_not_drawn_where_none_may_be_sent(asks: tuple[Ask, ...]) -> None:
    """What is unusual is so in another way."""
    assert {ask.method for ask in asks} == {"GET"}
