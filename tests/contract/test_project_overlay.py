"""Tests of the project's own overlay: conformant, cited, and nothing in it idle."""

import json
from typing import Any

import pytest

from usagetwin.contract import Tier, rules
from usagetwin.contract.citations import Citation
from usagetwin.contract.document import DOCUMENT_FILE, document
from usagetwin.contract.files import OVERLAY_FILE, contract_bytes, parsed
from usagetwin.contract.overlay import Action, actions, apply
from usagetwin.contract.sentences import sentence_lines
from usagetwin.data import openapi_folder

OURS = {"x-tier", "x-cites", "x-rules"}
each_action = pytest.mark.parametrize("action", actions(), ids=lambda action: f"action-{action.number}")


def test_the_overlay_has_the_form_of_overlay_1_0() -> None:
    """Its fields are those of the specification, and it extends the vendored document."""
    overlay = parsed(contract_bytes(OVERLAY_FILE).decode(), OVERLAY_FILE)

    assert overlay.keys() == {"overlay", "info", "extends", "actions"}
    assert overlay["overlay"] == "1.0.0"
    assert overlay["info"].keys() == {"title", "version"}
    assert (openapi_folder() / overlay["extends"]).name == DOCUMENT_FILE
    written = [json.dumps(action, sort_keys=True) for action in overlay["actions"]]
    assert len(set(written)) == len(written)


@each_action
def test_an_action_states_what_it_does_and_why(action: Action) -> None:
    """It has a description, a tier, citations and rules; and it updates or removes, not both."""
    assert action.raw.keys() - {"update", "remove"} == {"target", "description"} | OURS
    assert action.target.startswith("$")
    assert action.raw["description"].endswith(".")
    assert ("update" in action.raw) is not action.remove


@each_action
def test_the_citations_of_an_action_hold(action: Action) -> None:
    """Without a rule it would enforce what nothing says; its tier is that of one of its rules."""
    source, known = document(), sentence_lines()

    assert [p for cite in action.raw["x-cites"] if (p := Citation(cite).problem(source, known))] == []
    assert Tier(action.raw["x-tier"]) in {Citation(cite).tier for cite in action.raw["x-cites"]}


@each_action
def test_the_rules_of_an_action_exist(action: Action) -> None:
    """Without a rule it would enforce what nothing says; its tier is that of one of its rules."""
    assert action.raw["x-rules"]
    assert {rules()[rule_id].tier for rule_id in action.raw["x-rules"]} >= {Tier(action.raw["x-tier"])}


@each_action
def test_an_action_changes_something(action: Action) -> None:
    """Left out, the contract would be another one."""
    before = apply(document(), actions()[: action.number - 1])

    assert apply(before, [action]) != before


def responses_200(contract: dict[str, Any]) -> str:
    """Write what a 200 answer is made of."""
    schemas = contract["components"]["schemas"]
    parts = ("SeriesListRep", "SeriesMetadataRep", "SeriesTimeSliceRep")
    return json.dumps([schemas[name] for name in parts])


def test_nothing_chosen_is_asked_of_a_200() -> None:
    """The schema of a 200 judges foreign servers, so schema and prose alone may shape it."""
    contract = document()
    for action in actions():
        changed = apply(contract, [action])
        if responses_200(changed) != responses_200(contract):
            assert action.raw["x-tier"] in {"schema", "prose"}
            assert {rules()[rule_id].tier for rule_id in action.raw["x-rules"]} <= {Tier.SCHEMA, Tier.PROSE}
        contract = changed
