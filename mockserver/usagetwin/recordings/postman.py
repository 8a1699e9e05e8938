"""The saved responses of a collection of Postman's, in folders of any depth, each with its request."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.recordings.entries import Entry, PassedOver
from usagetwin.recordings.har import MALFORMED, UNANSWERED
from usagetwin.recordings.json_fields import field, joined
from usagetwin.recordings.json_streams import number

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = "key"
RAW: Final = "raw"


def item(value: Any) -> "Iterator[Entry | PassedOver]":  # noqa: ANN401 -- whatever JSON is in the file
    """Read an item: a request with the responses that were saved of it, or a folder of items."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        waiting += reversed(field(each, "item", list) or [])
        for response in field(each, "response", list) or ():
            yield _entry(response, field(each, "request", dict))


def _entry(response: Any, usual: "dict[str, Any] | None") -> Entry | PassedOver:  # noqa: ANN401 -- any JSON
    request = field(response, "originalRequest", dict) or usual
    url = field(request, "url", str) or field(field(request, "url", dict), RAW, str)
    status = field(response, "code", int)
    if not url:
        return MALFORMED
    if status is None:
        return UNANSWERED
    body = field(response, "body", str)
    return Entry(
        field(request, "method", str) or "GET",
        url,
        joined(field(request, "header", list), KEY),
        status,
        joined(field(response, "header", list), KEY),
        None if body is None else body.encode("utf-8", "surrogatepass"),
        field(field(request, "body", dict), RAW, str) or "",
        None,
        max(number(field(response, "responseTime", object)) or 0.0, 0.0) / 1000,
    )
