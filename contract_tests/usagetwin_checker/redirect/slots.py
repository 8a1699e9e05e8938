"""How a place in the process (an attribute, an environment variable) gets another value, and its own back.

Rule: a value is put back only where ours still stands. What another has put over it is not ours to remove.
"""

import os
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Protocol


class _Missing(Enum):
    MISSING = "there is no value"


MISSING: Final = _Missing.MISSING


class Slot(Protocol):
    """A place that holds a value, or none (MISSING)."""

    def read(self) -> Any:  # noqa: ANN401 -- a place holds anything
        """Give what it holds itself, without what it may inherit."""

    def write(self, value: Any) -> None:  # noqa: ANN401 -- a place holds anything
        """Let it hold this; MISSING empties it."""

    def holds(self, value: object) -> bool:
        """Tell whether it holds this very value."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a module or class."""

    owner: Any
    name: str

    def read(self) -> Any:  # noqa: ANN401 -- a place holds anything
        """Give what the owner itself holds."""
        return vars(self.owner).get(self.name, MISSING)

    def write(self, value: Any) -> None:  # noqa: ANN401 -- a place holds anything
        """Set or delete the attribute."""
        if value is MISSING:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, value)

    def holds(self, value: object) -> bool:
        """Compare by identity."""
        return self.read() is value

    def __str__(self) -> str:
        """Give its name as one would write it."""
        return ".".join(filter(None, (_path(self.owner), self.name)))


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable."""

    name: str

    def read(self) -> Any:  # noqa: ANN401 -- a place holds anything
        """Give its text."""
        return os.environ.get(self.name, MISSING)

    def write(self, value: Any) -> None:  # noqa: ANN401 -- a place holds anything
        """Set or delete it."""
        if value is MISSING:
            os.environ.pop(self.name, None)
        else:
            os.environ[self.name] = value

    def holds(self, value: object) -> bool:
        """Compare by text: each reading gives another object."""
        return bool(self.read() == value)

    def __str__(self) -> str:
        """Give its name as one would write it."""
        return f"${self.name}"


@dataclass(eq=False)
class Replacement:
    """Our value for a slot. `original` is what the slot gave before, where it may have inherited it."""

    slot: Slot
    original: Any
    ours: Any
    before: Any = field(init=False)
    cover: Any = field(init=False, default=MISSING)

    def __post_init__(self) -> None:
        """Note what the slot itself holds."""
        self.before = self.slot.read()

    def make(self) -> None:
        """Let the slot hold our value."""
        self.slot.write(self.ours)

    def undo(self) -> bool:
        """Put back what was there. False when another's value covers ours; try again later then."""
        if self.slot.holds(self.ours):
            self.slot.write(self.before)
        elif not (self.slot.holds(self.before) or self.slot.holds(self.original)):
            covered_as_before = self.cover is MISSING or self.slot.holds(self.cover)
            self.cover = self.slot.read()
            return not covered_as_before
        return True


def _path(owner: Any) -> str:  # noqa: ANN401 -- a module or a class
    module = getattr(owner, "__module__", None)
    return f"{module}.{owner.__qualname__}" if module else str(owner.__name__)
