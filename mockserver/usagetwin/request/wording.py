"""How a refused path or parameter is explained: which rule it breaks, and what to send instead.

Rule: whether a value is refused is the validators' to say; this only words it.
Source: `SEMANTICS` 3.
"""

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import PATH, REPEATABLE
from usagetwin.errors import Refusal, quoted
from usagetwin.request.parameters import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin.request.parameters import Parameters

MILLISECONDS: Final = re.compile(r"[0-9]{12,13}")
TOO_LONG: Final = re.compile(r"[0-9]{11,}")
LETTERS_AFTER_DIGITS: Final = re.compile(r"[0-9]+[A-Za-z]+")
HEX: Final = re.compile(r"[0-9a-fA-F]+")

_ENUM_RULES: Final = {
    "granularity": "granularity-is-documented",
    "aggregationType": "aggregation-type-is-documented",
}


def unknown_path(path: str, served: "Sequence[str]" = (PATH,)) -> Refusal:
    """Make the 404 of a path that the contract does not have; `served` are the paths of its operations."""
    message = (
        f"Invalid resource identifier: there is no path {quoted(path)}. "
        f"This twin serves GET {', '.join(served)}, without a slash at its end."
    )
    return Refusal(404, "not_found", message, "unknown-path-not-found")


def explain(name: str, parameters: "Parameters", schema: "Mapping[str, Any]") -> Refusal:
    """Make the answer to a value that the contract's schema for this parameter refuses."""
    value = parameters[name]
    if name == REPEATABLE:
        return _empty_key()
    if "enum" in schema:
        return _not_listed(name, str(value), [str(item) for item in schema["enum"]])
    return _no_timestamp(name, str(value))


def _empty_key() -> Refusal:
    return bad_request(
        "projectKey='' is empty; a project key has at least one character. "
        "Send a project's key, or leave projectKey out for all projects.",
        "project-key-not-empty",
    )


def _not_listed(name: str, value: str, valid: list[str]) -> Refusal:
    meant = value.strip().lower()
    only_spelling = meant in ("", *valid)
    close = get_close_matches(meant, valid, n=1)
    return bad_request(
        f"{name}={quoted(value)} is not valid; {name} takes {', '.join(valid)}, spelled exactly so. "
        f"Send {name}={close[0] if close else valid[0]}, or leave it out for the default.",
        "enum-exact-spelling" if only_spelling else _ENUM_RULES[name],
    )


def _no_timestamp(name: str, value: str) -> Refusal:
    if MILLISECONDS.fullmatch(value):
        seconds = int(value) // 1000
        return bad_request(
            f"{name}={value!r} looks like milliseconds; {name} takes Unix seconds, at most 10 digits. "
            f"Send {name}={seconds}.",
            "timestamp-fits-ten-digits",
        )
    if TOO_LONG.fullmatch(value):
        return bad_request(
            f"{name}={quoted(value)} has {len(value)} digits; {name} takes Unix seconds, at most 10 digits. "
            f"Send whole seconds since 1970-01-01.",
            "timestamp-fits-ten-digits",
        )
    return bad_request(
        f"{name}={quoted(value)} is not a timestamp; {name} takes Unix seconds, 1 to 10 digits from 0 to 9 "
        f"and nothing else. Send for example {name}=1735689600.",
        f"{name}-is-unix-seconds" if _no_number_at_all(value) else "timestamp-is-plain-digits",
    )


def _no_number_at_all(value: str) -> bool:
    """Tell whether a value is no number in any notation, by the document's plain words."""
    if not value.strip():
        return False
    if not any(character.isdigit() for character in value):
        return True
    return bool(LETTERS_AFTER_DIGITS.fullmatch(value)) and not HEX.fullmatch(value)
