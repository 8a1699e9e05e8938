"""Sentences of a document that came or went where nothing else is compared: beside a reference, at a path.

Rule: of a document with more paths, only what the operation can be told by is read, references followed.
"""

from collections import deque
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from usagetwin.contract.document import at_pointer, pointer_token
from usagetwin.contract.operation import PATH
from usagetwin.contract.sentences import PROSE_KEYS, TITLE, split
from usagetwin.contract.siblings.resolving import object_of
from usagetwin_checker.drifting.changes import Change, Kind
from usagetwin_checker.drifting.parts import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin_checker.drifting.edition import Edition

INFO: Final = TITLE.rpartition("/")[0]
SCHEMES: Final = "#/components/securitySchemes"


def overlooked(older: "Edition", newer: "Edition", changes: "Iterable[Change]") -> "Iterator[Change]":
    """Give a change for each sentence that came or went and is no part of the changes so far."""
    was, is_ = _sentences(older), _sentences(newer)
    told = {text for change in changes if change.sentence for text in (change.was, change.is_)}
    gone = [change.before for change in changes if change.before and not change.after]
    came = [change.after for change in changes if change.after and not change.before]
    for text, pointer in was.items():
        if text not in is_ and text not in told and not _within(pointer, gone):
            yield Change(Kind.PROSE, "a sentence is gone", pointer, None, None, was=text, sentence=True)
    for text, pointer in is_.items():
        if text not in was and text not in told and not _within(pointer, came):
            yield Change(Kind.PROSE, "a sentence is new", None, pointer, None, is_=text, sentence=True)


def _within(pointer: str, places: "Iterable[str]") -> bool:
    return any(pointer.startswith(f"{place}/") for place in places)


def _sentences(edition: "Edition") -> dict[str, str]:
    """Give each sentence, and where it stands first."""
    found: dict[str, str] = {}
    waiting, seen = deque(_parts(edition.value)), set()
    while waiting:
        pointer, value = waiting.popleft()
        for key, each in _below(value):
            at = pointer + pointer_token(key)
            if isinstance(each, dict | list):
                waiting.append((at, each))
            elif (key in PROSE_KEYS or at == TITLE) and each is not None:
                found |= {text: at for text in split(str(each)) if text not in found}
            elif key == "$ref" and isinstance(each, str) and each not in seen:
                seen.add(each)
                waiting.extend(_referred(edition.value, each))
    return found


def _parts(root: "Mapping[str, Any]") -> "Iterator[tuple[str, Any]]":
    """Give the whole document where it has no other path, else what is said of the operation alone."""
    if root["paths"].keys() == {PATH}:
        yield "", root
        return
    item = root["paths"].get(PATH)
    own = {key: each for key, each in _below(item) if key == "get" or key not in METHODS}
    yield f"/paths{pointer_token(PATH)}", own
    yield INFO, {"title": object_of(root.get("info")).get("title")}
    yield from _referred(root, SCHEMES)


def _below(value: object) -> "Iterable[tuple[Any, Any]]":
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def _referred(root: "Mapping[str, Any]", reference: str) -> "Iterator[tuple[str, Any]]":
    """Give what a reference leads to, if it leads anywhere in the document."""
    try:
        pointer = unquote(reference.removeprefix("#"))
        yield pointer, at_pointer(root, pointer)
    except LookupError:
        return
