"""Tests of recipes, and of `order.json`: that it is of this plan, and orders the plan of any target."""

from collections import Counter
from datetime import date
from typing import Final

import pytest

from usagetwin.days import from_date
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.asking.recipes import Recipe, best, first_shown, written
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
NOW: Final = Now.within(TODAY, TODAY)
ACCOUNTS: Final = [(), ("web",), ("app", "web"), ("app", "blog", "shop", "web"), tuple("qwertz")]
UNUSUAL: Final = Recipe((("window", "a year"),), "credential: none", 1)
ORDINARY: Final = Recipe((("granularity", "daily"),))


def test_recipes_are_read_as_they_were_written() -> None:
    """With what is unusual in them, and with what each is the first to show, which is for people."""
    text = written([(UNUSUAL, ("a-fault",)), (ORDINARY, ())])

    assert list(first_shown(text).items()) == [(UNUSUAL, ("a-fault",)), (ORDINARY, ())]
    assert len(text.splitlines()) == 4


def test_what_is_not_worth_a_word_is_in_no_recipe() -> None:
    """What is left out, and the order that is documented."""
    row = {"window": "left out", "granularity": "daily", "order": "as documented"}

    assert Recipe.of(row) == ORDINARY


def test_each_request_of_the_order_is_one_of_the_plan() -> None:
    """`make order` makes it again when a level gets another name."""
    planned = {step.recipe for step in Plan(NOW, ACCOUNTS[3], ()).steps()}

    assert [recipe for recipe in best() if recipe not in planned] == []
    assert max(Counter(best()).values()) == 1


def test_each_fault_of_the_order_is_known_and_shown_first_once() -> None:
    """None is held out: the order is not computed from those."""
    shown = Counter(name for names in first_shown().values() for name in names)

    assert set(shown) <= {fault.name for fault in FAULTS}
    assert set(shown.values()) == {1}


def test_the_plan_begins_with_the_order() -> None:
    """On an account that has all of its levels."""
    steps = list(Plan(NOW, ACCOUNTS[3]).steps())

    assert tuple(step.recipe for step in steps[: len(best())]) == best()


def test_none_comes_before_the_one_that_it_follows() -> None:
    """Nor is another one asked in between where it is the newest day that is to be shown just before."""
    planned = {step.recipe: step for step in Plan(NOW, ACCOUNTS[3], ()).steps()}
    places = {recipe: place for place, recipe in enumerate(best())}
    followed = {place: planned[recipe].before for recipe, place in places.items() if planned[recipe].before}

    assert followed
    for place, before in followed.items():
        assert before is not None
        assert places[before.recipe] < place


@pytest.mark.parametrize("keys", ACCOUNTS, ids=len)
def test_an_order_loses_no_request(keys: tuple[str, ...]) -> None:
    """Whatever projects there are, all are asked as often; beside them some of another account's plan are."""
    usual = Counter(step.ask for step in Plan(NOW, keys, ()).steps())
    asked = Counter(step.ask for step in Plan(NOW, keys).steps())

    assert usual <= asked
    assert (asked - usual).total() < len(best()) / 2
    assert len(keys) != 4 or asked == usual


def test_what_a_target_has_no_level_for_is_left_out() -> None:
    """Without a second project there are no two to ask for, and of the first one is asked as always."""
    one = Recipe((("projectKey", "a project"), ("window", "a year")))
    another = Recipe((("projectKey", "another project"), ("window", "a year")))
    gone = Recipe((("window", "a level of yesterday"),))
    other = Recipe((), "credential: of yesterday")

    first = next(iter(Plan(NOW, ("web",), (gone, other, another, one)).steps()))

    assert first.recipe == one
    assert first.ask.values("projectKey") == ("web",)
