"""The sentence ledger: which rules follow from each sentence of the document, and what it leaves open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from usagetwin.contract.citations import Tier
from usagetwin.contract.files import SENTENCES_FILE, contract_bytes, parsed
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin.contract.rules import Rule
    from usagetwin.contract.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """What follows from one sentence: rules, or a reason why there are none."""

    sentence: str
    rules: tuple[str, ...]
    none: str | None


def sentence_ledger() -> tuple[Entry, ...]:
    """Give the entries of the project's sentence ledger."""
    return entries_of(contract_bytes(SENTENCES_FILE).decode())


def entries_of(text: str) -> tuple[Entry, ...]:
    """Read a sentence ledger from YAML.

    Raises `ContractError` for an entry with both rules and a reason, or neither.
    """
    return tuple(_entry(number, raw) for number, raw in enumerate(parsed(text, SENTENCES_FILE), start=1))


def gaps(
    sentences: "Iterable[Sentence]", entries: "Iterable[Entry]", rules: "Mapping[str, Rule]"
) -> tuple[str, ...]:
    """Say, a line each, where document, sentence ledger and rule catalogue don't account for one another."""
    entries = tuple(entries)
    texts = {sentence.text: sentence.line for sentence in sentences}
    return (
        *_unmatched(texts, entries),
        *(line for entry in entries for line in _unknown_rules(entry, rules)),
        *(
            line
            for rule in rules.values()
            if rule.tier is Tier.PROSE
            for line in _unlisted(rule, texts, entries)
        ),
    )


def _entry(number: int, raw: object) -> Entry:
    if isinstance(raw, dict) and raw.keys() == {"sentence", "none"} and raw["none"]:
        return Entry(str(raw["sentence"]), (), str(raw["none"]))
    if isinstance(raw, dict) and raw.keys() == {"sentence", "rules"} and raw["rules"]:
        return Entry(str(raw["sentence"]), tuple(raw["rules"]), None)
    raise ContractError(
        where=f"{SENTENCES_FILE}: entry {number}",
        problem="is not a sentence with either rules or a reason",
        remedy="give one of the two",
    )


def _unmatched(texts: "Mapping[str, int]", entries: tuple[Entry, ...]) -> "Iterator[str]":
    listed = [entry.sentence for entry in entries]
    for text, line in texts.items():
        if text not in listed:
            yield f"line {line}: no entry for the sentence {text!r}"
    for text in dict.fromkeys(listed):
        if text not in texts:
            yield f"the document has no sentence {text!r}"
        if listed.count(text) > 1:
            yield f"more than one entry for the sentence {text!r}"


def _unknown_rules(entry: Entry, rules: "Mapping[str, Rule]") -> "Iterator[str]":
    for rule_id in entry.rules:
        if rule_id not in rules:
            yield f"{entry.sentence!r} names the unknown rule {rule_id}"
        elif entry.sentence not in rules[rule_id].cites:
            yield f"{entry.sentence!r} names the rule {rule_id}, which does not cite it"


def _unlisted(rule: "Rule", texts: "Mapping[str, int]", entries: tuple[Entry, ...]) -> "Iterator[str]":
    for cite in rule.cites:
        if cite not in texts:
            yield f"{rule.id} cites {cite!r}, which the document does not have"
        elif not any(entry.sentence == cite and rule.id in entry.rules for entry in entries):
            yield f"{rule.id} cites {cite!r}, whose entry does not name the rule"
