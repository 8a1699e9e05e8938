"""What a shell writes as NAME=VALUE, as the values that the control API takes."""

import re
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,18}\.[0-9]{1,18}")


def pairs(texts: "Iterable[str]", example: str) -> list[tuple[str, str]]:
    """Take texts apart at their first `=`. Raises SettingError for one that has none."""
    taken = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            problem = f"{quoted(text)} is no NAME=VALUE"
            raise SettingError(problem, example)
        taken.append((name, value))
    return taken


def number_or_text(text: str) -> int | float | str:
    """Read a number, or take the text for what it is."""
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def conditions(texts: "Iterable[str]") -> "dict[str, str | list[str] | None]":
    """Read what a request must have; without a value: must not have.

    A name that comes twice has all its values.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs(texts, "--when projectKey=mobile"):
        values.setdefault(name, []).append(value)
    return {name: _one_or_all(given) for name, given in values.items()}


def _one_or_all(values: list[str]) -> str | list[str] | None:
    if len(values) > 1:
        return values
    return values[0] or None
