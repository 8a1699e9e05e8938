"""Tests of the order that is computed from the known faults: on requests made by hand, and a sample again."""

from typing import Any, Final

import pytest

from benchmarks.ordering import Fault, ordered
from benchmarks.shown import Shown, shown
from usagetwin_checker.asking.recipes import Recipe, best, first_shown
from usagetwin_checker.asking.steps import Step
from usagetwin_checker.exchanges import Ask

SAMPLE: Final = ("error-in-a-list", "large-values-grouped")


def recipe(name: str) -> Recipe:
    """Make a recipe of this name."""
    return Recipe((("window", name),))


def step(name: str, **settings: Any) -> Step:  # noqa: ANN401 -- what a Step has
    """Make a request of this name, which covers nothing."""
    return Step(name, Ask(suffix=name), recipe=recipe(name), **settings)


def fault(name: str, *alone: str, worth: float = 1, **together: str) -> Fault:
    """Make a fault that some requests show alone, or two together."""
    pairs = {recipe(one): frozenset({recipe(other)}) for one, other in together.items()}
    return Fault(name, worth, Shown(frozenset(map(recipe, alone)), pairs))


def order(faults: list[Fault], *steps: Step) -> str:
    """Give the names of the requests in the order that is made of them, with what each is first to show."""
    return ", ".join(
        " ".join((dict(each.levels)["window"], *names)) for each, names in ordered(faults, steps)
    )


def test_what_shows_most_comes_first_and_what_shows_nothing_new_does_not_come() -> None:
    """A fault that was shown before counts less, and nothing is chosen for it alone."""
    faults = [fault("x", "one", "both"), fault("y", "other", "both"), fault("z", "last")]

    assert order(faults, step("one"), step("other"), step("last"), step("both")) == "both x y, last z"


def test_a_fault_of_another_tier_counts_half() -> None:
    """Two of them are one."""
    faults = [fault("x", "light", worth=0.5), fault("y", "heavy")]

    assert order(faults, step("light"), step("heavy")) == "heavy y, light x"


def test_two_requests_show_a_fault_together() -> None:
    """The second one does, once the first was chosen for something else."""
    faults = [fault("x", "one"), fault("y", one="other", other="one")]

    assert order(faults, step("other"), step("one")) == "one x, other y"


def test_a_rule_that_was_not_put_to_the_test_counts_too() -> None:
    """Less than a fault that fails a target, and more than one that counts little."""
    schema = step("schema", covers=frozenset({"status-is-documented"}))
    faults = [fault("x", "light", worth=0.1), fault("y", "heavy")]

    assert order(faults, step("light"), schema, step("heavy")) == "heavy y, schema, light x"


def test_after_a_dozen_every_second_request_is_the_next_of_the_plan() -> None:
    """So that what nobody thought of has its chance within sixty requests."""
    names = [f"plan {number}" for number in range(4)] + [f"fault {number}" for number in range(14)]
    faults = [fault("x" * (number + 1), f"fault {number}") for number in range(14)]

    last = order(faults, *map(step, names)).split(", ")[-3:]

    assert last == ["fault 12 xxxxxxxxxxxxx", "plan 0", "fault 13 xxxxxxxxxxxxxx"]


def test_what_is_followed_comes_right_before() -> None:
    """Also where it would be chosen by itself."""
    newest = step("newest")
    default = step("default", before=newest)

    assert order([fault("x", "newest"), fault("y", "default")], newest, default) == "newest x, default y"
    assert order([fault("x", "newest"), fault("y", "b")], newest, default, step("b")).startswith("b y")


def test_what_differs_in_one_thing_comes_before_what_shows_a_fault_of_half_the_weight_again() -> None:
    """It may find what nobody thought of."""
    near = step("near", covers=frozenset({("window", "near")}), near=True)
    faults = [fault("x", "one", "two"), fault("y", "two", "three"), fault("z", "three", worth=0.1)]

    assert order(faults, step("one"), step("two"), step("three"), near) == "two x y, near, three z"


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_the_order_is_as_it_was_computed(name: str) -> None:
    """The request that is the first to show a fault, as the file says, is the first that does."""
    found = shown(name)
    by = next(each for each, names in first_shown().items() if name in names)
    places = range(len(best()))

    assert found is not None
    assert next(
        place for place in places if found.by(best()[place], frozenset(best()[:place]))
    ) == best().index(by)


def test_what_the_probes_show_takes_no_request() -> None:
    """Every run notices it."""
    assert shown("json-as-text") is None
