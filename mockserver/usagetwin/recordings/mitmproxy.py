"""Flows as mitmproxy dumps them (`mitmdump -w FILE`): typed netstrings, one for each flow.

Rule: this alone knows the form. The package `tnetstring3` reads it without mitmproxy's own tag for text, `;`.
"""

from typing import IO, TYPE_CHECKING, Any, Final

from usagetwin.recordings.entries import Entry, Head, PassedOver
from usagetwin.recordings.har import MALFORMED, UNANSWERED, UNKNOWN_CODING
from usagetwin.recordings.json_fields import by_name, decoded, field
from usagetwin.recordings.json_streams import MOST_PIECE, NotReadError, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLON: Final = b":"
MOST_DIGITS: Final = 12  # of a length
MOST_DEEP: Final = 30  # a flow is nested some six times
LARGE: Final = PassedOver(f"of more than {MOST_PIECE >> 20} MiB")
OTHER: Final = PassedOver("that are not HTTP")
NO_FLOW: Final = "it is no dump of mitmproxy's: a flow does not begin with its length"
PIECE: Final = 1 << 16


def flows(file: IO[bytes], head: Head) -> "Iterator[Entry | PassedOver]":
    """Give the flows of a dump. Notes in the head where it is cut off. Raises NotReadError."""
    while (length := _length(file, head)) is not None:
        if length > MOST_PIECE:
            head.cut = not _skipped(file, length + 1)
            yield LARGE
            continue
        content = file.read(length + 1)
        if len(content) <= length:
            head.cut = True
            return
        head.found = True
        yield _entry(_value(content[-1:], content[:-1], 0))


def _length(file: IO[bytes], head: Head) -> int | None:
    """Read the length of the next flow; None at the end, and where the file is cut off."""
    digits = b""
    while (byte := file.read(1)) != COLON:
        if not byte:
            head.cut = head.cut or bool(digits)
            return None
        digits += byte
        if not digits.isdigit() or len(digits) > MOST_DIGITS:
            raise NotReadError(NO_FLOW)
    if not digits:
        raise NotReadError(NO_FLOW)
    return int(digits)


def _skipped(file: IO[bytes], length: int) -> bool:
    while length and (piece := file.read(min(length, PIECE))):
        length -= len(piece)
    return not length


def _value(tag: bytes, content: bytes, depth: int) -> Any:  # noqa: ANN401 -- of any type
    """Read a value by its tag; None where it is none. Raises NotReadError where it is nested without end."""
    if depth > MOST_DEEP:
        message = f"it is nested more than {MOST_DEEP} times"
        raise NotReadError(message)
    if tag == b"]":
        return list(_values(content, depth))
    if tag == b"}":
        values = list(_values(content, depth))
        pairs = zip(values[::2], values[1::2], strict=False)
        return {_text(name): value for name, value in pairs if isinstance(name, str | bytes)}
    scalar = SCALARS.get(tag)
    return None if scalar is None else scalar(content)


def _values(content: bytes, depth: int) -> "Iterator[Any]":
    at = 0
    while (colon := content.find(COLON, at, at + MOST_DIGITS + 1)) > at and content[at:colon].isdigit():
        end = colon + 1 + int(content[at:colon])
        yield _value(content[end : end + 1], content[colon + 1 : end], depth + 1)
        at = end + 1


def _whole(content: bytes) -> int | None:
    return int(content) if len(content) <= MOST_DIGITS and content.removeprefix(b"-").isdigit() else None


def _float(content: bytes) -> float | None:
    try:
        return number(float(content))
    except ValueError:
        return None


SCALARS: "Final[dict[bytes, Callable[[bytes], Any]]]" = {
    b",": bytes,
    b";": lambda content: content.decode("utf-8", "replace"),
    b"#": _whole,
    b"^": _float,
    b"!": lambda content: content == b"true",
}


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _entry(flow: Any) -> Entry | PassedOver:  # noqa: ANN401 -- whatever is in the file
    if field(flow, "type", object) not in ("http", b"http"):
        return OTHER
    request, response = field(flow, "request", dict), field(flow, "response", dict)
    host, path = field(request, "host", object), field(request, "path", object)
    if not host or not path:
        return MALFORMED
    status = field(response, "status_code", int)
    if status is None:
        return UNANSWERED
    headers, content = _headers(response), field(response, "content", bytes)
    try:
        content = None if content is None else decoded(content, headers)
    except ValueError:
        return UNKNOWN_CODING
    at_s, ended_s = (number(field(side, "timestamp_start", object)) for side in (request, response))
    return Entry(
        _text(request["method"]) if "method" in request else "GET",
        _url(request, _text(host), _text(path)),
        _headers(request),
        status,
        headers,
        content,
        (field(request, "content", bytes) or b"").decode("utf-8", "replace"),
        at_s,
        max((ended_s or 0.0) - (at_s or 0.0), 0.0) if at_s and ended_s else 0.0,
    )


def _url(request: "dict[str, Any]", host: str, path: str) -> str:
    scheme, port = _text(request.get("scheme", "http")), field(request, "port", int)
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}{'' if port in (None, usual) else f':{port}'}{path}"


def _headers(side: "dict[str, Any]") -> "dict[str, str]":
    pairs = field(side, "headers", list) or ()
    return by_name(
        (_text(pair[0]), _text(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2
    )
