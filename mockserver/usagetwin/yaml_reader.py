"""The YAML library, for all who read YAML: no other module imports it for that, or names its loader.

Rule: what a text means is the readers' to say. The contract is ours: it is read as values, in which no key
stands twice. A world is a user's: its texts get no type, and what could make a small file large is refused.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingNode,
    MappingStartEvent,
    Node,
    ScalarEvent,
    SequenceEndEvent,
    SequenceNode,
    SequenceStartEvent,
)

from usagetwin.errors import UsageTwinError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    class Readable(Protocol):
        """A file of bytes."""

        def read(self, size: int = ..., /) -> bytes:
            """Read the next of them."""


__all__ = [
    "LOADER",
    "AliasEvent",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingNode",
    "MappingStartEvent",
    "Node",
    "NotYamlError",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceNode",
    "SequenceStartEvent",
    "composed",
    "events",
    "typed",
]

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, if the wheel has it


@dataclass(eq=False)
class NotYamlError(UsageTwinError):
    """A text that is no YAML: why, its 1-based line if that is known, the remedy, and the library's text."""

    reason: str
    line: int | None
    remedy: str
    text: str

    def __str__(self) -> str:
        """Give the library's own text."""
        return self.text


def composed(text: str) -> Node | None:
    """Parse a document into nodes, which know their lines; None for an empty one. Raises NotYamlError."""
    try:
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error


def events(text: "str | Readable", loader: Any = LOADER) -> "Iterator[Event]":  # noqa: ANN401 -- two classes without a common base
    """Give the parser's events, one by one; of a file, as it is read. Raises NotYamlError."""
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error
    except (ValueError, OverflowError) as error:  # an escape that names no character, without libyaml
        reason = "an escape in a quoted text names no character"
        raise NotYamlError(reason, None, "valid escapes", reason) from error


def typed(text: str) -> Any:  # noqa: ANN401 -- YAML holds anything
    """Give the value of a plain scalar, as YAML takes it."""
    return yaml.safe_load(text)


def _not_yaml(error: yaml.YAMLError) -> NotYamlError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be parsed"
    line = mark.line + 1 if mark else None
    return NotYamlError(f"this is not YAML: {reason}", line, "valid YAML, indented with spaces", str(error))
