"""Tests of applying an overlay, on documents small enough to see."""

from typing import Any

import pytest

from usagetwin.contract.overlay import actions_of, apply
from usagetwin.errors import ContractError


def overlay(*actions: object, **fields: object) -> dict[str, Any]:
    """Write an overlay with these actions."""
    return {
        "overlay": "1.0.0",
        "info": {"title": "A test", "version": "1"},
        "actions": list(actions),
        **fields,
    }


def applied(document: dict[str, Any], *actions: object) -> dict[str, Any]:
    """Apply these actions."""
    return apply(document, actions_of(overlay(*actions)))


def test_an_update_merges_deeply() -> None:
    """Objects merge by name, scalars are replaced, new names are added at the end."""
    document = {"a": {"b": {"x": 1, "y": 2}, "c": 3}}

    changed = applied(document, {"target": "$.a", "update": {"b": {"y": 5, "z": {"w": 6}}}})

    assert changed == {"a": {"b": {"x": 1, "y": 5, "z": {"w": 6}}, "c": 3}}
    assert list(changed["a"]["b"]) == ["x", "y", "z"]


def test_the_given_document_stays_as_it_is() -> None:
    """Application is a function of its arguments."""
    document = {"a": {"b": [1]}, "c": [{}]}

    applied(document, {"target": "$.a", "update": {"b": [2]}}, {"target": "$.c[*]", "remove": True})

    assert document == {"a": {"b": [1]}, "c": [{}]}


def test_an_array_target_takes_one_entry() -> None:
    """The update is appended as it is."""
    assert applied({"a": [1]}, {"target": "$.a", "update": {"n": 2}}) == {"a": [1, {"n": 2}]}


def test_an_array_inside_an_update_is_appended() -> None:
    """Arrays below the target grow; they are not replaced."""
    assert applied({"a": {"b": [1]}}, {"target": "$.a", "update": {"b": [2, 3]}}) == {"a": {"b": [1, 2, 3]}}


def test_targets_of_one_action_share_nothing() -> None:
    """Each target gets its own copy of the update."""
    changed = applied(
        {"a": {}, "b": {}},
        {"target": "$.*", "update": {"n": {}}},
        {"target": "$.a.n", "update": {"only": "a"}},
    )

    assert changed == {"a": {"n": {"only": "a"}}, "b": {"n": {}}}


def test_actions_apply_in_their_order() -> None:
    """What one removes, the next can build again."""
    changed = applied(
        {"a": {"s": {"old": 1}}},
        {"target": "$.a.s", "remove": True},
        {"target": "$.a", "update": {"s": {"new": 2}}},
    )

    assert changed == {"a": {"s": {"new": 2}}}


def test_several_entries_of_an_array_are_removed_at_once() -> None:
    """Indexes are those before the action; the rest closes up in order."""
    document = {"a": [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]}

    assert applied(document, {"target": "$.a[?@.n < 4 && @.n != 2]", "remove": True}) == {
        "a": [{"n": 2}, {"n": 4}]
    }


def test_nested_targets_are_removed_at_once() -> None:
    """A target inside another target goes with it."""
    document = {"a": {"x": {"k": {"x": {}}}}, "b": {"x": {}}, "c": 1}

    assert applied(document, {"target": "$..x", "remove": True}) == {"a": {}, "b": {}, "c": 1}


def test_remove_false_does_not_remove() -> None:
    """An action removes only when it says true; then its update has no effect."""
    assert applied({"a": {}}, {"target": "$.a", "remove": False, "update": {"b": 1}}) == {"a": {"b": 1}}
    assert applied({"a": {}}, {"target": "$.a", "remove": True, "update": {"b": 1}}) == {}


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        ({"target": "$.none", "update": {}}, "selects nothing"),
        ({"target": "$.none", "remove": True}, "selects nothing"),
        ({"target": "$.a.s", "update": {}}, "selects the value 'text'"),
        ({"target": "$.a.s", "remove": True}, "selects the value 'text'"),
        ({"target": "$.a.null", "remove": True}, "selects the value None"),
        ({"target": "$.a[", "update": {}}, "is no JSONPath"),
        ({"target": "$", "remove": True}, "the whole document"),
        ({"target": "$.a", "update": "text"}, "its update is none"),
        ({"target": "$.a", "update": [1]}, "its update is none"),
        ({"target": "$.l", "update": [1]}, "an array to an array"),
        ({"target": "$.a", "update": {"s": {"b": 1}}}, "'s'"),
        ({"target": "$", "update": {"a": "text"}}, "'a'"),
        ({"target": "$", "update": {"a": [1]}}, "'a'"),
        ({"target": "$", "update": {"l": {"b": 1}}}, "'l'"),
        ({"target": "$.a"}, "neither updates nor removes"),
        ({"target": "$.a", "remove": False}, "neither updates nor removes"),
        ({"target": "$.a", "remove": "yes"}, "its remove is 'yes'"),
        ({"target": "$.a", "update": {}, "copy": "$.l"}, "no field 'copy'"),
    ],
)
def test_an_action_that_cannot_apply_is_named(action: dict[str, Any], problem: str) -> None:
    """The error has the number and the target of the action."""
    document = {"a": {"s": "text", "null": None}, "l": [1]}

    with pytest.raises(ContractError) as refusal:
        applied(document, {"target": "$.a", "update": {"fine": 1}}, action)

    assert "overlay.yaml: action 2" in str(refusal.value)
    assert action["target"] in str(refusal.value)
    assert problem in str(refusal.value)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (None, "is no overlay"),
        ({}, "is no overlay"),
        (overlay({"target": "$", "update": {}}, overlay="1.1.0"), "is no overlay of version 1.0.0"),
        (overlay({"target": "$", "update": {}}, extra=1), "no field 'extra'"),
        (overlay({"target": "$", "update": {}}, info={"title": "No version"}), "lacks title or version"),
        (overlay({"target": "$", "update": {}}, info=None), "lacks title or version"),
        (
            overlay({"target": "$", "update": {}}, info={"title": "A", "version": "1", "summary": "B"}),
            "no field 'summary'",
        ),
        (overlay(), "no actions"),
        (overlay(actions={}), "no actions"),
        (overlay("text"), "no target"),
        (overlay({"update": {}}), "no target"),
        (overlay({"target": 1, "update": {}}), "no target"),
    ],
)
def test_what_is_no_overlay_is_refused(raw: object, problem: str) -> None:
    """Wrong versions, unknown fields and missing parts are named."""
    with pytest.raises(ContractError) as refusal:
        actions_of(raw)

    assert problem in str(refusal.value)


def test_extensions_are_kept_and_ignored() -> None:
    """Fields that begin with x- are allowed everywhere and change nothing."""
    raw = overlay(
        {"target": "$.a", "update": {"b": 1}, "x-why": "because"},
        info={"title": "A", "version": "1", "x-by": "us"},
        **{"x-note": 1},
    )

    assert actions_of(raw)[0].raw["x-why"] == "because"
    assert apply({"a": {}}, actions_of(raw)) == {"a": {"b": 1}}
