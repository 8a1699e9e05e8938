"""The errors that users meet; every error that we raise on purpose derives from `UsageTwinError`.

Facts are fields; the text is built in `__str__`: what happened, where, and what to do about it.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

QUOTED_LENGTH: Final = 64
LONGEST_TEXT: Final = 600
NAMES_LISTED: Final = 12
NAMES_COMPARED: Final = 300  # those that begin alike, where there are more
BEGINNINGS: Final = (1, 2, 4, 8, 16)
NAMES_NEAR: Final = 3
SHORTEST_PART: Final = 3  # characters of a name that say which one is meant


class UsageTwinError(Exception):
    """The root of all errors that this project raises on purpose."""


class RemediedError(UsageTwinError):
    """An error that says what is wrong and what would be right, and where, if it knows."""

    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """Give where it is wrong; empty where there is no place to name."""
        return ""

    def __str__(self) -> str:
        """Say where, what is wrong, and what would be right."""
        problem = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{problem}\n  try   {self.remedy}"


@dataclass(eq=False)
class FileError(RemediedError):
    """A file of the user's (a world, a table of counts) that can't be used."""

    file: str
    line: int | None
    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """Give the file, and the line if one is to blame."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(eq=False)
class SettingError(RemediedError):
    """An option, policy, profile or instant that does not exist or makes no sense.

    `setting` is the field of `Settings` that it is about, if it is about one; `where` is who gave it, if that
    is not plain.
    """

    problem: str
    remedy: str
    setting: str = ""
    where: str = ""

    @property
    def place(self) -> str:
        """Give who gave it."""
        return self.where


@dataclass(eq=False)
class ContractError(RemediedError):
    """A part of the contract (document, overlay, rule catalogue) that can't be used."""

    where: str
    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """Give the part."""
        return self.where


@dataclass(eq=False)
class Refusal(UsageTwinError):
    """A request that gets an error answer: its status, its `code`, and its message.

    `rule` is the id of the broken rule in the catalogue, where one exists.
    """

    status: int
    code: str | None
    message: str
    rule: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Give the message that the client reads."""
        return self.message


def quoted(value: str) -> str:
    """Quote a value for a message: escaped by `repr`, and cut where it would drown the message."""
    if len(value) <= QUOTED_LENGTH:
        return repr(value)
    return f"{value[:QUOTED_LENGTH]!r}... ({len(value)} characters)"


def quoted_url(url: str) -> str:
    """Quote what is meant as a URL; nothing of it is shown where a user name and password may be in it."""
    return "this value" if "@" in url else quoted(url)


def readable(text: str) -> str:
    """Make a text that may quote a target fit for a terminal: no control characters, and no end of it."""
    shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}... ({len(text)} characters)"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in shown)


def nearest(name: str, valid: "Iterable[str]") -> str:
    """Name the valid name that is nearest, where one is near, and list the valid names (the first dozen)."""
    names = list(valid)
    compared = names
    if len(names) > NAMES_COMPARED:  # comparing takes some 30 microseconds a name
        compared = nlargest(
            NAMES_COMPARED, names, key=lambda each: sum(each[:n] == name[:n] for n in BEGINNINGS)
        )
    listed = ", ".join(names[:NAMES_LISTED])
    if len(names) > NAMES_LISTED:
        listed = f"{listed}, ... ({len(names)} in all)"
    close = get_close_matches(name[:LONGEST_TEXT], compared, n=1)
    return f"{close[0]} (valid: {listed})" if close else f"one of {listed}"


def nearby(name: str, valid: "Iterable[str]") -> str:
    """Name the few of a long catalogue's names that are near, and none of the others."""
    names = list(valid)
    near = matching(name, names)
    return " or ".join(near) if near else f"one of the {len(names)} that exist, such as {names[0]}"


def matching(name: str, valid: "Iterable[str]") -> tuple[str, ...]:
    """Give the few valid names that are near a wrong one, then those that have it as a part."""
    names = list(valid)
    part = name.strip().lower()
    having = [known for known in names if len(part) >= SHORTEST_PART and part in known.lower()]
    close = get_close_matches(name[:LONGEST_TEXT], names, n=NAMES_NEAR)
    return tuple(dict.fromkeys((*close, *having)))[:NAMES_NEAR]
