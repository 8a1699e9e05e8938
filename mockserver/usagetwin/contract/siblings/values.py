"""YAML and JSON texts as plain values, whatever is in them: bounded, and with no key twice.

Rule: event by event, so that deep nesting ends where it begins, and an alias copies nothing. Types are those
of YAML's core schema, in which `2024-01-01` and `yes` are texts.
"""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from usagetwin.errors import ContractError, quoted
from usagetwin.yaml_reader import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NotYamlError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    events,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.yaml_reader import Event

DEEPEST: Final = 100
MOST_VALUES: Final = 2_000_000  # with what aliases stand for; 16 MiB of YAML have some 600,000
WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER: Final = re.compile(r"[-+]?[0-9]{1,100}")
NUMBER: Final = re.compile(r"[-+]?(\.[0-9]{1,100}|[0-9]{1,100}(\.[0-9]{0,100})?)([eE][-+]?[0-9]{1,3})?")
KEY: Final = object()  # stands where a mapping waits for its next key


def from_json(text: str, file: str) -> Any:  # noqa: ANN401 -- JSON holds anything
    """Read JSON. Raises ContractError."""
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ContractError(
            where=_at(file, error.lineno), problem=f"is no JSON: {error.msg}", remedy="valid JSON"
        ) from None
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError as error:
        raise ContractError(file, f"is no JSON that is read: {error}", "valid JSON") from None
    _refuse_deep(value, file)
    return value


def from_yaml(text: str, file: str) -> Any:  # noqa: ANN401 -- YAML holds anything
    """Read YAML, of one document. Raises ContractError."""
    tree = _Tree(file)
    try:
        for event in events(text):
            tree.take(event)
    except NotYamlError as error:
        raise ContractError(_at(file, error.line), error.reason, error.remedy) from None
    return tree.value


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has not ended, its anchor, and the key that waits for its value."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    key: object = KEY
    size: int = 1  # how many values it is, with all that are in it


@dataclass(slots=True)
class _Tree:
    """The values of the events so far."""

    file: str
    value: Any = None
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)  # the value, and its size
    _documents: int = 0

    def take(self, event: "Event") -> None:
        """Take the next event."""
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._begin(event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            ended = self._open.pop()
            self._put(ended.value, ended.size, ended.anchor, event)
        elif isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                self._refuse(event, f"*{event.anchor} stands for what is not complete there", "write it out")
            self._put(*self._anchors[event.anchor], None, event)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "a second document begins", "one document, without `---` in it")

    def _begin(self, event: "MappingStartEvent | SequenceStartEvent") -> None:
        if len(self._open) >= DEEPEST:
            raise _too_deep(_at(self.file, _line(event)))
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is KEY:
            self._refuse(event, "a key is no text", "a text as the key")
        value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(value, event.anchor))

    def _scalar(self, event: ScalarEvent) -> None:
        within = self._open[-1] if self._open else None
        if within is not None and isinstance(within.value, dict) and within.key is KEY:
            if event.value in within.value:
                self._refuse(
                    event, f"{quoted(event.value)} stands twice in one mapping", "remove one of the two"
                )
            within.key = event.value
        else:
            plain = event.implicit[0] and not event.style
            self._put(_typed(event.value) if plain else event.value, 1, event.anchor, event)

    def _put(self, value: Any, size: int, anchor: str | None, event: "Event") -> None:  # noqa: ANN401 -- YAML holds anything
        if anchor is not None:
            self._anchors[anchor] = (value, size)
        if not self._open:
            self.value = value
            return
        within = self._open[-1]
        within.size += size
        if within.size > MOST_VALUES:
            self._refuse(event, f"it has more than {MOST_VALUES} values", "a document without the rest")
        if isinstance(within.value, list):
            within.value.append(value)
        elif within.key is KEY:
            self._refuse(event, "a key is no text", "a text as the key")
        else:
            within.value[str(within.key)] = value
            within.key = KEY

    def _refuse(self, event: "Event", problem: str, remedy: str) -> NoReturn:
        raise ContractError(_at(self.file, _line(event)), problem, remedy)


def _typed(text: str) -> Any:  # noqa: ANN401 -- YAML holds anything
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text


def _refuse_deep(value: object, file: str) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [each for within in level for each in _values(within)]
    if any(isinstance(each, dict | list) for each in level):
        raise _too_deep(file)


def _values(value: object) -> "Iterable[object]":
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"{quoted(twice)} stands twice in one object"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> float:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _line(event: "Event") -> int | None:
    return None if event.start_mark is None else event.start_mark.line + 1


def _at(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _too_deep(where: str) -> ContractError:
    return ContractError(where, f"is nested more than {DEEPEST} deep", "a document of OpenAPI, which is not")
