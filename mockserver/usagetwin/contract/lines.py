"""Where the words that a rule rests on stand: files as they are in a checkout, and lines in them."""

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.citations import EVIDENCE, Citation, Tier
from usagetwin.contract.document import DOCUMENT_FILE, document_text, pointer_token
from usagetwin.contract.files import OVERLAY_FILE, composed, contract_bytes, parsed
from usagetwin.contract.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from usagetwin.contract.evidence import Evidence
    from usagetwin.contract.rules import Rule

FOLDER: Final = "openapi"
DOCUMENT: Final = f"{FOLDER}/{DOCUMENT_FILE}"
OVERLAY: Final = f"{FOLDER}/{OVERLAY_FILE}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, counted from 1, of a file that is named as in a checkout: `openapi/overlay.yaml`."""

    file: str
    number: int


def lines_of(rule: "Rule") -> tuple[Line, ...]:
    """Give the lines that a rule cites, of the document or of the project's own two texts, in its order."""
    found = [line for cite in rule.cites for line in _cited(Citation(cite))]
    return tuple(dict.fromkeys(found))


def overlay_lines(rule: "Rule") -> tuple[Line, ...]:
    """Give the lines where the actions of the overlay begin that let a validator enforce a rule."""
    return tuple(Line(OVERLAY, number) for number in _actions().get(rule.id, ()))


def _cited(citation: Citation) -> "Iterator[Line]":
    if citation.tier is Tier.SCHEMA:
        yield Line(DOCUMENT, _pointers()[citation.written])
    elif citation.tier is Tier.PROSE:
        yield from (Line(DOCUMENT, each.line) for each in sentences() if each.text == citation.written)
    else:
        evidence = EVIDENCE[citation.tier]
        (quotation,) = citation.quotations()
        yield Line(evidence.name, _line_of(quotation.text, citation.number, evidence))


@cache
def _pointers() -> "Mapping[str, int]":
    """Give the line of each part of the document, by its JSON pointer."""
    return MappingProxyType(dict(_parts(composed(document_text(), DOCUMENT_FILE), "")))


def _parts(node: Any, pointer: str) -> "Iterator[tuple[str, int]]":  # noqa: ANN401 -- a YAML node
    if node.id == "mapping":
        for key, value in node.value:
            place = pointer + pointer_token(key.value)
            yield place, key.start_mark.line + 1
            yield from _parts(value, place)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            place = f"{pointer}/{index}"
            yield place, item.start_mark.line + 1
            yield from _parts(item, place)


@cache
def _actions() -> "Mapping[str, tuple[int, ...]]":
    """Give the lines of the overlay's actions, by the ids of the rules that each lets a validator enforce."""
    text = contract_bytes(OVERLAY_FILE).decode()
    nodes = dict(_parts(composed(text, OVERLAY_FILE), ""))
    found: dict[str, list[int]] = {}
    for index, action in enumerate(parsed(text, OVERLAY_FILE)["actions"]):
        for rule_id in action.get("x-rules", ()):
            found.setdefault(rule_id, []).append(nodes[f"/actions/{index}"])
    return MappingProxyType({rule_id: tuple(lines) for rule_id, lines in found.items()})


def _line_of(words: str, number: int, evidence: "Evidence") -> int:
    """Give the line where the cited words begin in one part of a text, however its lines break."""
    text = evidence.path.read_text(encoding="utf-8")
    part = next(found for found in evidence.form.finditer(text) if int(found[1]) == number)
    spaced = re.compile(r"\s+".join(map(re.escape, words.split())))
    found = spaced.search(text, part.start())
    return text.count("\n", 0, part.start() if found is None else found.start()) + 1
