"""One transaction of a session that Charles has exported as JSON (`.chlsj`)."""

from typing import Any, Final

from usagetwin.recordings.entries import Entry, PassedOver
from usagetwin.recordings.har import MALFORMED, UNANSWERED, UNKNOWN_CODING
from usagetwin.recordings.json_fields import decoded, field, instant_s, joined, of_base64
from usagetwin.recordings.json_streams import number

COMPLETE: Final = "COMPLETE"


def transaction(value: Any) -> Entry | PassedOver:  # noqa: ANN401 -- whatever JSON is in the file
    """Read one transaction."""
    request, response = field(value, "request", dict), field(value, "response", dict)
    method, host = field(value, "method", str), field(value, "host", str)
    if request is None or not method or not host:
        return MALFORMED
    status = field(response, "status", int)
    if status is None or field(value, "status", str) != COMPLETE:
        return UNANSWERED
    headers = _headers(response)
    try:
        body = _body(response)
        body = None if body is None else decoded(body, headers)
        asked = _body(request) or b""
    except ValueError:
        return UNKNOWN_CODING
    return Entry(
        method,
        _url(value, host),
        _headers(request),
        status,
        headers,
        body,
        asked.decode("utf-8", "replace"),
        instant_s(field(field(value, "times", dict), "start", str)),
        max(number(field(field(value, "durations", dict), "total", object)) or 0.0, 0.0) / 1000,
    )


def _url(value: "dict[str, Any]", host: str) -> str:
    scheme = field(value, "scheme", str) or "http"
    port = field(value, "port", int) or field(value, "actualPort", int)
    usual = {"http": 80, "https": 443}.get(scheme)
    place = host if port in (None, usual) else f"{host}:{port}"
    query = field(value, "query", str)
    return f"{scheme}://{place}{field(value, 'path', str) or '/'}{f'?{query}' if query else ''}"


def _headers(side: "dict[str, Any] | None") -> "dict[str, str]":
    return joined(field(field(side, "header", dict), "headers", list))


def _body(side: "dict[str, Any] | None") -> bytes | None:
    """Give a body as text or in base64; None where it was not kept. Raises ValueError."""
    body = field(side, "body", dict)
    encoded, text = field(body, "encoded", str), field(body, "text", str)
    if encoded is not None:
        return of_base64(encoded)
    return None if text is None else text.encode("utf-8", "surrogatepass")
