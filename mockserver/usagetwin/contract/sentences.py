"""The sentences of the document's prose, and the line where each begins.

Prose is every string under `summary` or `description`, and the title of the document. A sentence ends with
a full stop before a capital, with a `<br/>`, or with the string; its text is on one line, as YAML folds it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import DOCUMENT_FILE, document_text, pointer_token
from usagetwin.contract.files import composed
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

PROSE_KEYS: Final = frozenset({"summary", "description"})
TITLE: Final = "/info/title"
_BOUNDARY: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|<br\s*/?>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the document: its text, the 1-based line where it begins, the string it stands in."""

    text: str
    line: int
    pointer: str


@cache
def sentences() -> tuple[Sentence, ...]:
    """Give every sentence of the vendored document's prose, in its order; a text may stand several times."""
    return sentences_of(document_text())


@cache
def sentence_lines() -> dict[str, int]:
    """Give the line of each sentence's first appearance; read-only."""
    return {sentence.text: sentence.line for sentence in reversed(sentences())}


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Give the sentences of any OpenAPI document in YAML."""
    root = composed(text, DOCUMENT_FILE)
    lines = text.splitlines()
    return tuple(sentence for pointer, node in _prose(root, "") for sentence in _split(node, pointer, lines))


def split(prose: str) -> tuple[str, ...]:
    """Cut a text into its sentences, each on one line."""
    return tuple(words for part in _BOUNDARY.split(prose) if (words := " ".join(part.split())))


def _prose(node: Any, pointer: str) -> "Iterator[tuple[str, Any]]":  # noqa: ANN401 -- a YAML node or none
    if node is None or node.id == "scalar":
        return
    if node.id == "sequence":
        for index, item in enumerate(node.value):
            yield from _prose(item, f"{pointer}/{index}")
        return
    for key, value in node.value:
        place = pointer + pointer_token(key.value)
        if value.id == "scalar" and (key.value in PROSE_KEYS or place == TITLE):
            yield place, value
        else:
            yield from _prose(value, place)


def _split(node: Any, pointer: str, lines: list[str]) -> "Iterator[Sentence]":  # noqa: ANN401 -- a YAML scalar
    """Cut a string into sentences, and look each up in the lines that the string occupies."""
    first = node.start_mark.line
    source = "\n".join(lines[first : node.end_mark.line + 1])
    offset = node.start_mark.column
    for part in _BOUNDARY.split(node.value):
        words = part.split()
        if not words:
            continue
        found = re.compile(r"\s+".join(map(re.escape, words))).search(source, offset)
        if found is None:
            raise ContractError(
                where=f"{DOCUMENT_FILE}:{first + 1}",
                problem=f"can't find {part!r} in the source",
                remedy="write the string without escapes",
            )
        offset = found.end()
        yield Sentence(" ".join(words), first + 1 + source.count("\n", 0, found.start()), pointer)
