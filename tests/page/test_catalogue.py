"""The contract as people read it."""

from usagetwin.contract import effective_contract, rules, sentences
from usagetwin.contract.citations import Tier
from usagetwin.contract.document import document_text
from usagetwin.page import catalogue


def test_each_rule_stands_in_its_tier_once() -> None:
    """All rules, and every tier."""
    listed = catalogue.by_tier()

    assert set(listed) == set(Tier)
    assert sorted(each.id for found in listed.values() for each in found) == sorted(rules())
    assert all(each.tier is tier for tier, found in listed.items() for each in found)


def test_each_sentence_leads_to_its_rules_or_says_why_there_are_none() -> None:
    """In the document's order, and each rule exists."""
    clauses = catalogue.clauses()

    assert [(each.line, each.text) for each in clauses] == [(each.line, each.text) for each in sentences()]
    assert all(bool(each.rules) is not bool(each.none) for each in clauses)
    assert {rule for each in clauses for rule in each.rules} <= set(rules())


def test_the_document_is_shown_as_it_is() -> None:
    """Line by line, with the rules of the sentence that begins there."""
    lines = catalogue.lines()

    assert "\n".join(each.text for each in lines) == document_text().removesuffix("\n")
    assert [each.number for each in lines] == list(range(1, len(lines) + 1))
    line = next(each for each in catalogue.clauses() if "Unix seconds" in each.text).line
    assert "from-is-unix-seconds" in lines[line - 1].rules


def test_the_parameters_are_those_of_the_effective_contract() -> None:
    """With what each takes."""
    takes = {each.name: each.takes for each in catalogue.parameters()}

    assert takes == {
        "from": "string of the form ^[0-9]{1,10}$",
        "to": "string of the form ^[0-9]{1,10}$",
        "projectKey": "string, may be repeated",
        "granularity": "daily or monthly",
        "aggregationType": "month_to_date or incremental or rolling_30d",
    }


def test_the_reference_is_tried_on_this_twin() -> None:
    """And is the effective contract otherwise."""
    described = catalogue.for_the_reference()

    assert described["servers"] == [{"url": "/", "description": "this twin"}]
    assert described["paths"] == effective_contract()["paths"]
