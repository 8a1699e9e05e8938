"""Which rules a change of the document touches: those that cite what changed, or a sentence about it."""

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from usagetwin.contract import Tier, rules, sentences
from usagetwin.contract.document import document, pointer_token
from usagetwin.contract.overlay import actions
from usagetwin_checker.drifting.changes import Kind
from usagetwin_checker.drifting.edition import OPERATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin_checker.drifting.changes import Change


def rules_touched(change: "Change") -> tuple[str, ...]:
    """Give the ids of the rules, in the order of the catalogue."""
    if change.sentence:
        return _ordered(set(_citing().get(change.was, ())))
    if change.owner is None or change.kind is Kind.PROSE:
        return ()
    about, owner = change.before or change.owner, change.owner
    cited = {rule_id for pointer, ids in _pointing().items() if _meet(pointer, about) for rule_id in ids}
    said = {each.text for each in sentences() if _within(each.pointer, owner)}
    quoted = {rule_id for text in said for rule_id in _citing().get(text, ())}
    enforced = {rule_id for pointer, ids in _enforcing() if _within(about, pointer) for rule_id in ids}
    return _ordered(cited | quoted | enforced)


def _ordered(found: set[str]) -> tuple[str, ...]:
    return tuple(rule_id for rule_id in rules() if rule_id in found)


def _within(pointer: str, owner: str) -> bool:
    return pointer == owner or pointer.startswith(f"{owner}/")


def _meet(one: str, other: str) -> bool:
    return _within(one, other) or _within(other, one)


@cache
def _citing() -> "Mapping[str, tuple[str, ...]]":
    """Give the rules by the sentences that they cite."""
    return _by_citation(Tier.PROSE)


@cache
def _pointing() -> "Mapping[str, tuple[str, ...]]":
    """Give the rules by the JSON pointers that they cite."""
    return _by_citation(Tier.SCHEMA)


@cache
def _enforcing() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the places below the operation and among the schemas that the overlay changes, with its rules."""
    from jsonpath_rfc9535 import find

    found = []
    for action in actions():
        for node in find(action.target, document()):
            pointer = "".join(map(pointer_token, node.location))
            if pointer and pointer != OPERATION:
                found.append((pointer, tuple(action.raw["x-rules"])))
    return tuple(found)


def _by_citation(tier: Tier) -> "Mapping[str, tuple[str, ...]]":
    found: dict[str, list[str]] = {}
    for rule in rules().values():
        if rule.tier is tier:
            for cite in rule.cites:
                found.setdefault(cite, []).append(rule.id)
    return MappingProxyType({cite: tuple(ids) for cite, ids in found.items()})
