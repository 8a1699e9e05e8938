"""YAML of any size, read event by event: each element of one list, as JSON would have it.

Rule: a plain value stays the text that it is; only an empty one is None, and `!!binary` bytes. What is named
once and used again is the same value, never a copy of it, so that nothing small becomes large.
"""

import binascii
from typing import IO, TYPE_CHECKING, Any, Final

from usagetwin.errors import readable
from usagetwin.recordings.json_streams import MOST_DEEP, Bounded, NotReadError
from usagetwin.yaml_reader import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    NotYamlError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    events,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from usagetwin.recordings.entries import Head
    from usagetwin.yaml_reader import Event

BINARY: Final = "tag:yaml.org,2002:binary"
NOTHING: Final = ("", "~", "null")
MOST_NAMED: Final = 10_000  # values that are used again
STARTS: Final = (MappingStartEvent, SequenceStartEvent)
ENDS: Final = (MappingEndEvent, SequenceEndEvent)


def elements(file: IO[bytes], names: "Collection[str]", head: "Head") -> "Iterator[Any]":
    """Give each element of the list that has one of the names in the outermost mapping.

    Notes in the head where the file is cut off. Raises NotReadError.
    """
    bounded = Bounded(file)
    stack: list[_Part] = []
    named: dict[str, Any] = {}
    for event in _events(bounded, head):
        if isinstance(event, ENDS):
            part = stack.pop()
            done, found = True, part.value
        elif isinstance(event, STARTS):
            part = _Part(event, stack, names)
            head.found = head.found or part.listed
            _remember(named, event, part.value)
            stack.append(part)
            done, found = False, None
            if len(stack) > MOST_DEEP:
                message = f"it is nested more than {MOST_DEEP} times"
                raise NotReadError(message)
        elif isinstance(event, ScalarEvent | AliasEvent):
            found, done = _scalar(event, named), True
        else:
            continue
        if not done or not stack:
            continue
        if stack[-1].kept or len(stack) == 1:
            stack[-1].add(found)
        elif stack[-1].listed:
            yield found
            bounded.pending = 0
        if len(stack) == 1:
            bounded.pending = 0


class _Part:
    """A mapping or list that is read; `listed` is the list whose elements are given, and `kept`."""

    def __init__(self, event: "Event", within: "Sequence[_Part]", names: "Collection[str]") -> None:
        a_list = isinstance(event, SequenceStartEvent)
        self.value: Any = [] if a_list else {}
        self.kept: bool = bool(within) and (within[-1].kept or within[-1].listed)
        self.listed: bool = a_list and len(within) == 1 and within[-1].name in names
        self.name: str | None = None
        self._named = False

    def add(self, value: Any) -> None:  # noqa: ANN401 -- of any type
        if isinstance(self.value, list):
            self.value.append(value)
        elif not self._named:
            self.name, self._named = str(value), True
        else:
            if self.kept:
                self.value[self.name] = value
            self._named = False


def _events(bounded: Bounded, head: "Head") -> "Iterator[Event]":
    try:
        yield from events(bounded)
    except NotYamlError as error:
        if not bounded.ended or not head.found:
            raise NotReadError(readable(f"it is neither JSON nor YAML: {error.reason}")) from None
        head.cut = True


def _remember(named: "dict[str, Any]", event: Any, value: Any) -> None:  # noqa: ANN401 -- of any type
    if event.anchor and len(named) < MOST_NAMED:
        named[event.anchor] = value


def _scalar(event: "ScalarEvent | AliasEvent", named: "dict[str, Any]") -> Any:  # noqa: ANN401 -- of any type
    if isinstance(event, AliasEvent):
        return named.get(str(event.anchor))
    value: Any = event.value
    if event.tag == BINARY:
        value = _bytes(event.value)
    elif event.implicit[0] and event.value in NOTHING:
        value = None
    _remember(named, event, value)
    return value


def _bytes(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return None
