"""The contract as people read it: rules by tier, sentences with their rules, the document by lines."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import rules
from usagetwin.contract.citations import Tier
from usagetwin.contract.document import document_text
from usagetwin.contract.effective import effective_contract
from usagetwin.contract.operation import operation_of
from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin.contract.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.contract.rules import Rule

TIERS: "Final[Mapping[Tier, str]]" = {
    Tier.SCHEMA: "what the document's schemas say",
    Tier.PROSE: "what the document's sentences say",
    Tier.OBSERVED: "what was observed of clients, servers and other documents (docs/facts.md)",
    Tier.CHOSEN: "what the document leaves open, and this project chose (docs/semantics.md)",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the document: where it begins, and the rules that follow from it, or why none does."""

    line: int
    text: str
    rules: tuple[str, ...]
    none: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document, and the rules of the sentences that begin there."""

    number: int
    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the operation, as the effective contract has it."""

    name: str
    place: str
    takes: str
    about: str


@cache
def by_tier() -> "Mapping[Tier, tuple[Rule, ...]]":
    """Give all rules by their tier, in the order of the catalogue."""
    return {tier: tuple(each for each in rules().values() if each.tier is tier) for tier in TIERS}


@cache
def clauses() -> tuple[Clause, ...]:
    """Give all sentences in the order of the document."""
    entries = {entry.sentence: entry for entry in sentence_ledger()}
    found = [(each, entries[each.text]) for each in sentences()]
    return tuple(Clause(each.line, each.text, entry.rules, entry.none) for each, entry in found)


@cache
def lines() -> tuple[Line, ...]:
    """Give the document."""
    beginning: dict[int, dict[str, None]] = {}
    for clause in clauses():
        beginning.setdefault(clause.line, {}).update(dict.fromkeys(clause.rules))
    texts = document_text().splitlines()
    return tuple(
        Line(number, text, tuple(beginning.get(number, ()))) for number, text in enumerate(texts, start=1)
    )


@cache
def parameters() -> tuple[Parameter, ...]:
    """Give what a request of the operation may have."""
    items = operation_of(effective_contract())["parameters"]
    return tuple(
        Parameter(item["name"], item["in"], _takes(item.get("schema", {})), item.get("description", ""))
        for item in items
    )


def for_the_reference() -> dict[str, Any]:
    """Give the effective contract with this twin as its server, which answers what is tried there."""
    return {**effective_contract(), "servers": [{"url": "/", "description": "this twin"}]}


def _takes(schema: "Mapping[str, Any]") -> str:
    """Say in a few words what a schema takes."""
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if "items" in schema:
        return f"{_takes(schema['items'])}, may be repeated"
    kind = str(schema.get("type", "anything"))
    return f"{kind} of the form {schema['pattern']}" if "pattern" in schema else kind
