"""What a change of the document is: its kind, where it is, what it was and became, the rules it touches."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a change means for who keeps to the vendored document and its overlay."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    PROSE = "prose-only"
    NEW = "new"


MEANINGS: Final = {
    Kind.BREAKING: "who keeps to the old document may fail",
    Kind.COMPATIBLE: "who keeps to the old document, and to what its prose says, keeps to this one",
    Kind.PROSE: "words moved, and no schema",
    Kind.NEW: "something that the old document does not have, and nobody has to use",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `before` and `after` are JSON pointers into the two documents, where it is in them.

    `owner` is the part of the old document that it is about: a parameter, an answer, a schema. `was` and
    `is_` are what changed, written as JSON, or a `sentence`; empty where there was or is nothing.
    """

    kind: Kind
    about: str
    before: str | None = None
    after: str | None = None
    owner: str | None = None
    was: str = ""
    is_: str = ""
    sentence: bool = False
    parameter: str = ""  # the name of one that came
    rules: tuple[str, ...] = ()
