"""Tests of the order of a plan, on requests made by hand."""

from typing import Any

from usagetwin_checker.asking.ordering import most_first
from usagetwin_checker.asking.steps import Step
from usagetwin_checker.exchanges import Ask


def step(name: str, *covers: str, **settings: Any) -> Step:  # noqa: ANN401 -- what a Step has
    """Make a request of this name that covers these levels."""
    return Step(name, Ask(method=name), covers=frozenset((each, each) for each in covers), **settings)


def names(*steps: Step, first: tuple[Step, ...] = ()) -> str:
    """Give the names in the order that is made of some requests."""
    return " ".join(each.about for each in most_first(first, steps))


def test_what_covers_most_comes_first() -> None:
    """What was covered by then counts no more."""
    assert names(step("two", "a", "b"), step("three", "a", "b", "c"), step("new", "d")) == "three new two"


def test_what_is_compared_with_comes_before_all_and_covers_too() -> None:
    """Its order is kept, and what it covers is not worth asking again."""
    first = (step("x", "a"), step("y", "b"))

    assert names(step("ab", "a", "b"), step("c", "c"), first=first) == "x y c ab"


def test_what_is_near_comes_before_the_rest() -> None:
    """However little it covers: its answer says the most."""
    assert names(step("far", "a", "b", "c"), step("near", "d", near=True)) == "near far"


def test_what_is_worth_less_covers_less() -> None:
    """Three levels of a rule that binds nobody come after two of one that does."""
    assert names(step("chosen", "a", "b", "c", worth=0.5), step("binding", "d", "e")) == "binding chosen"


def test_what_is_followed_comes_before_it() -> None:
    """A request that is to have been answered before is asked then, and once."""
    before = step("plain", "a")

    assert names(before, step("unusual", "b", "c", before=before)) == "plain unusual"


def test_a_request_is_asked_once() -> None:
    """Two steps with one request are one."""
    assert names(step("same", "a"), step("same", "b")) == "same"


def test_the_order_does_not_hang_on_chance() -> None:
    """Of those that cover as much, the one that was made first comes first."""
    assert names(*(step(name, name) for name in "qwerty")) == "q w e r t y"
