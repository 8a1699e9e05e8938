"""What readers of recordings take out of JSON of any shape: a field of a kind, headers, a time, a body."""

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from usagetwin.bodies import MOST_BYTES, Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PSEUDO = ":"  # the headers of HTTP/2 that are no headers begin so


def field(value: Any, name: str, kind: type) -> Any:  # noqa: ANN401 -- of the kind that is asked for
    """Give a field of an object, if it is one and the field is of this kind; else None."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) and not isinstance(found, bool) else None


def joined(pairs: "Iterable[Any] | None", name: str = "name") -> "dict[str, str]":
    """Give headers that are listed as objects, by name; pseudo-headers are none."""
    return by_name((field(pair, name, str), field(pair, "value", str)) for pair in pairs or ())


def listed(headers: "Mapping[str, Any] | None") -> "dict[str, str]":
    """Give headers that have a list of values each, or one."""
    pairs = headers.items() if headers else ()
    return by_name(
        (name, value)
        for name, values in pairs
        for value in (values if isinstance(values, list) else [values])
    )


def by_name(pairs: "Iterable[tuple[Any, Any]]") -> "dict[str, str]":
    """Give headers by their names in lower case, those of one name joined as HTTP does."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if isinstance(name, str) and isinstance(value, str) and name and not name.startswith(PSEUDO):
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def instant_s(text: str | None) -> float | None:
    """Give an instant in Unix seconds; None where the text is none."""
    try:
        instant = datetime.fromisoformat(text or "")
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def of_base64(text: str) -> bytes:
    """Decode. Raises ValueError."""
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def decoded(content: bytes, headers: "Mapping[str, str]") -> bytes:
    """Give a body without its encoding; tools keep the header, whether they decode the body or not.

    Raises ValueError where it can't be told what it was.
    """
    encoding = headers.get("content-encoding", "")
    if not encoding or content[:1] in (b"{", b"[", b""):
        return content
    body = Body(encoding, MOST_BYTES)
    body.add(content)
    found = body.whole()
    if not found:
        message = "it ends before it begins"
        raise ValueError(message)
    return found
