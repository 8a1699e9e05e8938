"""Which faults are served, and what counts as found in one and as a false alarm."""

import pytest

from benchmarks.faults import binding_faults, by_set, false_alarms, kills, spread
from benchmarks.finders import Said


def said(*objections: str) -> Said:
    """Make what a tool says of a target."""
    return Said(frozenset(objections), requests=10, seconds=1.5)


@pytest.mark.parametrize(
    ("count", "chosen"), [(1, "a"), (2, "ad"), (3, "ace"), (5, "abcde"), (6, "abcdef"), (9, "abcdef")]
)
def test_a_sample_is_spread_evenly_from_the_first_name_on(count: int, chosen: str) -> None:
    """The same names give the same sample, and no name comes twice."""
    assert spread(list("abcdef"), count) == list(chosen)


def test_without_a_number_everything_is_served() -> None:
    """That is `--all-faults`."""
    assert spread(list("abc"), None) == ["a", "b", "c"]


def test_the_faults_served_break_a_rule_of_tier_schema_or_prose_first() -> None:
    """Default mode promises nothing of the other tiers."""
    names = binding_faults()

    assert "metadata-missing" in names
    assert "time-is-bucket-noon" not in names
    assert names == sorted(set(names))


def test_what_a_tool_objects_to_in_the_honest_twin_is_no_find() -> None:
    """One honest run with the objection is enough."""
    honest = [said("usual"), said("usual", "seldom")]
    broken = {"found": said("usual", "beyond"), "missed": said("seldom"), "silent": said()}

    assert kills(honest, broken) == {"found": ["beyond"]}


def test_any_objection_to_a_correct_target_is_a_false_alarm() -> None:
    """Whether the honest twin gets it as well makes no difference to who reads it."""
    assert false_alarms({"honest": said(), "slow": said("b", "a")}) == {"slow": ["a", "b"]}


def test_the_finds_are_told_by_set() -> None:
    """The two sets are written apart, so a figure for each says more than their sum."""
    held_out = {"third"}

    assert by_set(["first", "second", "third"], ["second"], held_out) == "1 of 2 known, 0 of 1 held out"
