"""Tests of the table of factors: what is ordinary is valid, and what is unusual says what it is."""

from datetime import date
from typing import Final

import pytest

from tests.checker.conversations import get
from tests.checker.honest import honest
from usagetwin.contract import rules
from usagetwin.days import day_of, from_date
from usagetwin_checker.asking.factors import factors
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
NOW: Final = Now.within(TODAY, TODAY)
KEYS: Final = ("app", "blog", "shop", "web", "zoo")


@pytest.mark.parametrize("keys", [(), ("web",), ("app", "web"), KEYS], ids=len)
def test_ordinary_levels_have_different_names_and_values(keys: tuple[str, ...]) -> None:
    """Where few projects are known, what would be the same filter is one level."""
    for name, levels in factors(NOW, keys).ordinary.items():
        assert len({level.name for level in levels}) == len(levels), name
        assert name == "order" or len({level.parameters for level in levels}) == len(levels), name


def test_filters_are_of_the_keys_that_are_known() -> None:
    """None, one, two in both orders, one of two twice, and several; with one key, none, it, and it twice."""
    several = [level.parameters for level in factors(NOW, KEYS).ordinary["projectKey"]]
    one = [level.parameters for level in factors(NOW, ("web",)).ordinary["projectKey"]]

    def keys(query: str) -> tuple[tuple[str, str], ...]:
        return get(query).parameters

    assert several == [
        (),
        keys("projectKey=app"),
        keys("projectKey=web"),
        keys("projectKey=app&projectKey=blog&projectKey=shop&projectKey=web"),
        keys("projectKey=web&projectKey=app&projectKey=web"),
        keys("projectKey=app&projectKey=web"),
        keys("projectKey=web&projectKey=app"),
    ]
    assert keys("projectKey=web") in one
    assert keys("projectKey=web&projectKey=web") in one


def test_every_ordinary_level_is_valid_and_names_rules_that_exist() -> None:
    """What a level puts to the test is in the catalogue."""
    for levels in factors(NOW, KEYS).ordinary.values():
        for level in levels:
            assert not broken_rules(Ask(level.parameters)), level
            assert level.tests is None or level.tests in rules(), level


def test_everything_unusual_is_answered_by_the_twin_as_is_expected() -> None:
    """Every way to write it, beside an ordinary query, with the twin's own keys."""
    with honest(now="2026-03-17T12:00:00Z", world="business-week") as (target, known):
        assert known.now is not None
        table = factors(Now.within(*[day_of(known.now.latest_s)] * 2), sorted(known.keys))
        for unusual in table.unusual:
            for way in unusual.ways:
                ask = way.of(get("from=2026-03-01&to=2026-03-06"))
                status = target.send(ask).status
                expected = expect(ask, known).rules
                assert expected, unusual.title
                assert all(status in statuses for _, statuses in expected), (unusual.title, ask, status)


def test_what_is_unusual_changes_a_request() -> None:
    """And has a title of its own."""
    table = factors(NOW, KEYS)
    ordinary = get("from=2026-03-01&to=2026-03-06&projectKey=app")

    assert len({each.title for each in table.unusual}) == len(table.unusual)
    assert all(way.of(ordinary) != ordinary for each in table.unusual for way in each.ways)


def test_every_part_of_a_request_can_be_unusual() -> None:
    """Method, path, body, credential, each of the five parameters, and what the document does not name."""
    table = factors(NOW, KEYS)
    credentials = {value for each in table.unusual for way in each.ways for _, value in way.fields}

    assert {each.factor for each in table.unusual} == {
        *("method", "path", "body", "credential", "another parameter"),
        *("window", "from", "to", "projectKey", "granularity", "aggregationType"),
    }
    assert set(Credential) - credentials == {Credential.TOKEN}
