"""One interaction of a cassette: of VCR.py, of VCR for Ruby, of Schemathesis in its form; and its events.

Rule: a cassette's values may be texts where others have numbers; they are read as what they say.
"""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.recordings.entries import Entry, PassedOver
from usagetwin.recordings.har import MALFORMED, UNANSWERED, UNKNOWN_CODING
from usagetwin.recordings.json_fields import decoded, field, instant_s, listed, of_base64
from usagetwin.recordings.json_streams import number

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE64: Final = "$base64"  # what Schemathesis calls bytes in JSON


def interaction(value: Any) -> "Iterator[Entry | PassedOver]":  # noqa: ANN401 -- whatever is in the file
    """Read one interaction of a cassette."""
    request, response = field(value, "request", dict), field(value, "response", dict)
    status = field(response, "status", dict) or {}
    at_s = instant_s(field(value, "recorded_at", str))
    cut = field(response, "truncated_from", object) is not None
    yield _entry(request, response, status.get("code"), field(response, "body", object), at_s, cut=cut)


def scenario(value: Any) -> "Iterator[Entry | PassedOver]":  # noqa: ANN401 -- whatever is in the file
    """Read the interactions of a scenario, as Schemathesis lists them among its events."""
    for each in value.values() if isinstance(value, dict) else ():
        response, at_s = field(each, "response", dict), number(field(each, "timestamp", object))
        status, body = field(response, "status_code", object), field(response, "content", object)
        cut = field(response, "content_size", object) is not None
        yield _entry(field(each, "request", dict), response, status, body, at_s, cut=cut)


def _entry(  # noqa: PLR0913 -- the parts of an exchange
    request: "dict[str, Any] | None",
    response: "dict[str, Any] | None",
    code: object,
    body: object,
    at_s: float | None,
    *,
    cut: bool,
) -> Entry | PassedOver:
    method, url = field(request, "method", str), field(request, "uri", str)
    if request is None or not method or not url:
        return MALFORMED
    status = _whole(code)
    if response is None or status is None:
        return UNANSWERED
    headers = listed(field(response, "headers", dict))
    try:
        content = None if cut else _bytes(body)
        content = None if content is None else decoded(content, headers)
        asked = _bytes(field(request, "body", object)) or b""
    except ValueError:
        return UNKNOWN_CODING
    return Entry(
        method,
        url,
        listed(field(request, "headers", dict)),
        status,
        headers,
        content,
        asked.decode("utf-8", "replace"),
        at_s,
        max(number(_number(field(response, "elapsed", object))) or 0.0, 0.0),
    )


def _bytes(body: object) -> bytes | None:
    """Give a body in any of the forms that it has; None where it is in none. Raises ValueError."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    for name in (BASE64, "base64_string"):
        encoded = field(body, name, str)
        if encoded is not None:
            return of_base64(encoded)
    inner = field(body, "string", object)
    return _bytes(inner) if isinstance(inner, str | bytes) else None


def _whole(code: object) -> int | None:
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) == 3 else None


def _number(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return None
