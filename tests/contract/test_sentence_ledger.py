"""Tests of the sentence ledger: every sentence accounted for, and every omission noticed."""

import pytest

from usagetwin.contract import Tier, rules, sentences
from usagetwin.contract.document import document_text
from usagetwin.contract.sentence_ledger import Entry, entries_of, gaps, sentence_ledger
from usagetwin.contract.sentences import sentences_of
from usagetwin.errors import ContractError


def test_every_sentence_maps_to_rules_or_says_why_none_follows() -> None:
    """Document, sentence ledger and catalogue account for one another without a gap."""
    assert gaps(sentences(), sentence_ledger(), rules()) == ()


def test_every_prose_rule_is_named_by_a_sentence() -> None:
    """What the prose says is found from the sentence as well as from the rule."""
    named = {rule_id for entry in sentence_ledger() for rule_id in entry.rules}

    assert named == {found.id for found in rules().values() if found.tier is Tier.PROSE}


def test_a_new_sentence_is_a_gap() -> None:
    """A refreshed document that says more is noticed, with the line."""
    altered = document_text().replace(
        "Defaults to the current time.", "Defaults to the current time. At most a year."
    )

    assert gaps(sentences_of(altered), sentence_ledger(), rules()) == (
        "line 29: no entry for the sentence 'At most a year.'",
    )


def test_a_lost_sentence_is_a_gap() -> None:
    """A refreshed document that says less is noticed, by the entry and by each rule that cites it."""
    altered = document_text().replace(" one query parameter per project key.", " comma-separated.")
    lost = "Can be specified multiple times, one query parameter per project key."

    found = gaps(sentences_of(altered), sentence_ledger(), rules())

    assert f"the document has no sentence {lost!r}" in found
    assert f"project-key-repeats cites {lost!r}, which the document does not have" in found
    assert "line 37: no entry for the sentence 'Can be specified multiple times, comma-separated.'" in found
    assert len(found) == 3


def test_an_unknown_rule_is_a_gap() -> None:
    """An entry can't name a rule that the catalogue doesn't have."""
    entries = (*sentence_ledger()[1:], Entry("LaunchDarkly REST API", ("no-such-rule",), None))

    assert gaps(sentences(), entries, rules()) == (
        "'LaunchDarkly REST API' names the unknown rule no-such-rule",
    )


def test_a_rule_that_does_not_cite_the_sentence_is_a_gap() -> None:
    """Both sides must agree on what follows from what."""
    entries = (*sentence_ledger()[1:], Entry("LaunchDarkly REST API", ("rate-limited",), None))

    assert gaps(sentences(), entries, rules()) == (
        "'LaunchDarkly REST API' names the rule rate-limited, which does not cite it",
    )


def test_a_citation_without_its_entry_is_a_gap() -> None:
    """A rule that cites a sentence must be named by it."""
    entries = tuple(
        Entry(entry.sentence, (), "Left out.")
        if entry.sentence == "Specifies the data granularity."
        else entry
        for entry in sentence_ledger()
    )

    assert gaps(sentences(), entries, rules()) == (
        "monthly-sums cites 'Specifies the data granularity.', whose entry does not name the rule",
    )


def test_two_entries_for_one_sentence_are_a_gap() -> None:
    """One entry speaks for all appearances of a text."""
    doubled = (*sentence_ledger(), Entry("Any type", (), "Once more."))

    assert gaps(sentences(), doubled, rules()) == ("more than one entry for the sentence 'Any type'",)


@pytest.mark.parametrize(
    "entry",
    [
        "- {sentence: It rains.}",
        "- {sentence: It rains., rules: [wet], none: A reason.}",
        "- {sentence: It rains., rules: []}",
        "- {sentence: It rains., none: ''}",
        "- {sentence: It rains., rules: [wet], more: x}",
        "- It rains.",
    ],
)
def test_an_entry_has_rules_or_a_reason(entry: str) -> None:
    """Neither, both, an empty one and unknown fields are refused by the entry's number."""
    with pytest.raises(ContractError, match=r"sentences\.yaml: entry 2"):
        entries_of(f"- {{sentence: First., none: A reason.}}\n{entry}\n")
