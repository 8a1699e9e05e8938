"""A world's YAML as a tree of texts that know their lines.

Rule: no value gets a type here, nothing is constructed and nothing is expanded. Anchors, aliases, tags,
further documents and deep nesting are refused by name, so a small file stays a small tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from usagetwin.account.world.place import Place
from usagetwin.errors import quoted
from usagetwin.yaml_reader import (
    LOADER,
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NotYamlError,
    SequenceEndEvent,
    SequenceStartEvent,
)
from usagetwin.yaml_reader import events as parsed_events

_DEEPEST: Final = 8  # a world needs six
_MOST_EVENTS: Final = 600_000  # some two seconds of parsing; a day of counts takes two
_PLAIN_WORD: Final = re.compile("[A-Za-z_]{1,20}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMPTY: Final = "a mapping with name, about and projects"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it is written, whatever YAML would take it for."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; its keys are texts, each there once."""

    entries: "dict[str, tuple[Place, Node]]"
    place: Place


Node: TypeAlias = Scalar | Listing | Table


def compose(text: str, file: str, loader: Any = LOADER) -> Node:  # noqa: ANN401 -- two classes without a common base
    """Read the one document of a YAML file; raise `FileError` for all that a world doesn't need."""
    events = _events(text, file, loader)
    root: Node | None = None
    for event in events:
        if not isinstance(event, DocumentStartEvent):
            continue
        if root is not None:
            _place(event, file).refuse("a second document starts here", "one world in one file")
        root = _node(next(events), events, file, 0)
    if root is None:
        Place(file).refuse("the file is empty", _EMPTY)
    return root


def is_plain_word(text: str) -> bool:
    """Tell whether a key can be shown, whatever file it is from: a word or a date, and no secret."""
    return _PLAIN_WORD.fullmatch(text) is not None


def _node(event: Event, events: Iterator[Event], file: str, depth: int) -> Node:
    place = _place(event, file)
    if depth > _DEEPEST:
        place.refuse(
            f"nested deeper than {_DEEPEST} levels", "no deeper than world, projects, traffic, events"
        )
    if isinstance(event, MappingStartEvent):
        return Table(_entries(events, file, depth), place)
    if isinstance(event, SequenceStartEvent):
        return Listing(tuple(_items(events, file, depth)), place)
    return Scalar(_encodable(event.value, place), place)  # type: ignore[attr-defined]  # the stubs lack `value`


def _items(events: Iterator[Event], file: str, depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), SequenceEndEvent):
        yield _node(event, events, file, depth + 1)


def _entries(events: Iterator[Event], file: str, depth: int) -> dict[str, tuple[Place, Node]]:
    entries: dict[str, tuple[Place, Node]] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        key = _node(event, events, file, depth + 1)
        if not isinstance(key, Scalar):
            key.place.refuse("a key is not a plain text", "a name before the colon")
        if key.text in entries:
            first = entries[key.text][0].line
            shown = quoted(key.text) if is_plain_word(key.text) else "this key"
            problem = f"{shown} is given twice, first on line {first}"
            key.place.refuse(problem, "each key once")
        entries[key.text] = (key.place, _node(next(events), events, file, depth + 1))
    return entries


def _events(text: str, file: str, loader: Any) -> Iterator[Event]:  # noqa: ANN401 -- as in compose
    """Give the parser's events, with what is refused and what is no YAML as `FileError`."""
    try:
        for number, event in enumerate(parsed_events(text, loader)):
            if number == _MOST_EVENTS:
                _place(event, file).refuse("too many values for YAML end here", "the counts as CSV")
            _refuse_reuse_and_types(event, file)
            yield event
    except NotYamlError as error:
        Place(file, error.line).refuse(error.reason, error.remedy)


def _refuse_reuse_and_types(event: Event, file: str) -> None:
    if isinstance(event, AliasEvent):
        _place(event, file).refuse("an alias (*name) is not allowed here", "the value itself, written out")
    if getattr(event, "anchor", None) is not None:
        _place(event, file).refuse("an anchor (&name) is not allowed here", "the value without an anchor")
    if getattr(event, "tag", None) is not None:
        _place(event, file).refuse("a tag (!name) is not allowed here", "the value without a tag")


def _encodable(text: str, place: Place) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        place.refuse("half of a surrogate pair is no character", "the whole character")
    return text


def _place(event: Event, file: str) -> Place:
    mark = event.start_mark
    return Place(file, mark.line + 1 if mark else None)
