"""One entry of a HAR as it is written: by us, by browsers, by proxies; with what each tool leaves out.

Rule: what is not there is not made up. A body that was not kept is no empty body.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin.recordings.entries import Entry, PassedOver
from usagetwin.recordings.json_fields import decoded, field, instant_s, joined, of_base64
from usagetwin.recordings.json_streams import number

if TYPE_CHECKING:
    from collections.abc import Mapping

CREATOR: Final = "usagetwin"  # what a recording of ours says that it is written by
VERSIONS: Final = ("1.1", "1.2", "1.3")
NOT_MODIFIED: Final = 304
BODYLESS: Final = (204, 205, NOT_MODIFIED)
TRUNCATED: Final = "truncat"  # as Firefox and Schemathesis say of a body that they did not keep whole
CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})  # a cache asks so
GZIP: Final = b"\x1f\x8b"  # a body that a tool kept as it came
MALFORMED: Final = PassedOver("that are in no known form")
UNANSWERED: Final = PassedOver("without a response")
OF_A_CACHE: Final = PassedOver("answered by a browser's cache")
UNKNOWN_CODING: Final = PassedOver("whose body is written in an unknown way")


def noted(comment: object) -> "Mapping[str, Any]":
    """Give what a comment of ours says; nothing where it is somebody else's."""
    try:
        said = json.loads(comment) if isinstance(comment, str) else None
    except (ValueError, RecursionError):
        return {}
    ours = said.get(CREATOR) if isinstance(said, dict) else None
    return ours if isinstance(ours, dict) else {}


def read(entry: Any) -> Entry | PassedOver:  # noqa: ANN401 -- whatever JSON is in the file
    """Read one entry."""
    request, response = field(entry, "request", dict), field(entry, "response", dict)
    method, url = field(request, "method", str), field(request, "url", str)
    if request is None or not method or not url:
        return MALFORMED
    said = noted(field(entry, "comment", str))
    status = field(response, "status", int)
    if response is None or status is None or (not status and not said.get("failure")):
        return UNANSWERED
    asked_with = joined(field(request, "headers", list))
    if field(entry, "_fromCache", str) or (status == NOT_MODIFIED and not CONDITIONS.isdisjoint(asked_with)):
        return OF_A_CACHE
    try:
        body = _body(response, status, method)
    except ValueError:
        return UNKNOWN_CODING
    posted = field(field(request, "postData", dict), "text", str)
    return Entry(
        method,
        url,
        asked_with,
        status,
        joined(field(response, "headers", list)),
        body,
        posted or "",
        instant_s(field(entry, "startedDateTime", str)),
        max(number(entry.get("time")) or 0.0, 0.0) / 1000,
        said,
    )


def _body(response: "Mapping[str, Any]", status: int, method: str) -> bytes | None:
    """Give the body; None where it was not kept, or not whole: the text is less than its size, and no JSON.

    Raises ValueError for an encoding that nobody knows.
    """
    content = field(response, "content", dict)
    if TRUNCATED in (field(content, "comment", str) or "").lower():
        return None
    text, encoding = field(content, "text", str), field(content, "encoding", str)
    if text is None:
        return b"" if status in BODYLESS or method.upper() == "HEAD" else None
    if not encoding:
        body = bytes(text.encode("utf-8", "surrogatepass"))
        size = number(field(content, "size", object)) or 0.0
        return body if len(body) >= size or _is_json(body) else None
    if encoding.lower() != "base64":
        raise ValueError(encoding)
    body = of_base64(text)
    return decoded(body, joined(field(response, "headers", list))) if body.startswith(GZIP) else body


def _is_json(body: bytes) -> bool:
    """Tell whether a text is whole, though it is shorter than what was received: it was written otherwise."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
