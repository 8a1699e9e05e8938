"""HAR as it is written: by us, by browsers, by proxies. Its entries, with what each tool leaves out.

Rule: what is not there is not made up. A body that was not kept is no empty body.
"""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from usagetwin_checker.talking.recordings.entries import Entry, Head, PassedOver
from usagetwin_checker.talking.recordings.json_streams import ITEM, NotReadError, number, values
from usagetwin_checker.talking.recordings.writing import CREATOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENTRIES: Final = ("log", "entries", ITEM)
VERSIONS: Final = ("1.1", "1.2", "1.3")
PSEUDO: Final = ":"  # the headers of HTTP/2 that are no headers begin so
NOT_MODIFIED: Final = 304
BODYLESS: Final = (204, 205, NOT_MODIFIED)
CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})  # a cache asks so
MALFORMED: Final = PassedOver("that are no entries of a HAR")
UNANSWERED: Final = PassedOver("without a response")
OF_A_CACHE: Final = PassedOver("answered by a browser's cache")
UNKNOWN_CODING: Final = PassedOver("whose body is written in an unknown way")


def har(file: IO[bytes], head: Head) -> "Iterator[Entry | PassedOver]":
    """Give the entries of a HAR, and fill the head. Raises NotReadError."""

    def beside(at: "tuple[str | None, ...]", value: object) -> None:
        if at == ("log", "version") and str(value) not in VERSIONS:
            message = f"it is HAR {str(value)[:20]!r}, and {' and '.join(VERSIONS)} are read"
            raise NotReadError(message)
        if at == ("log", "creator", "name") and isinstance(value, str):
            head.writer = value
        if at == ("log", "comment"):
            head.known = noted(value)

    for entry in values(file, ENTRIES, head, beside):
        yield read(entry)


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
    request, response = _field(entry, "request", dict), _field(entry, "response", dict)
    method, url = _field(request, "method", str), _field(request, "url", str)
    if request is None or not method or not url:
        return MALFORMED
    said = noted(_field(entry, "comment", str))
    status = _field(response, "status", int)
    if response is None or status is None or (not status and not said.get("failure")):
        return UNANSWERED
    asked_with = headers(_field(request, "headers", list))
    if _field(entry, "_fromCache", str) or (status == NOT_MODIFIED and not CONDITIONS.isdisjoint(asked_with)):
        return OF_A_CACHE
    try:
        body = _body(response, status, method)
    except (ValueError, binascii.Error):
        return UNKNOWN_CODING
    posted = _field(_field(request, "postData", dict), "text", str)
    return Entry(
        method,
        url,
        asked_with,
        status,
        headers(_field(response, "headers", list)),
        body,
        posted or "",
        instant_s(_field(entry, "startedDateTime", str)),
        max(number(entry.get("time")) or 0.0, 0.0) / 1000,
        said,
    )


def _field(value: Any, name: str, kind: type) -> Any:  # noqa: ANN401 -- of the kind that is asked for
    """Give a field of an object, if it is one and the field is of this kind."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) and not isinstance(found, bool) else None


def headers(pairs: "list[Any] | None") -> "dict[str, str]":
    """Give headers by name, those of one name joined as HTTP does; pseudo-headers are none."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        name, value = _field(pair, "name", str), _field(pair, "value", str)
        if name and value is not None and not name.startswith(PSEUDO):
            name = name.lower()
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _body(response: "Mapping[str, Any]", status: int, method: str) -> bytes | None:
    """Give the body; None where it was not kept. Raises ValueError for an encoding that nobody knows."""
    content = _field(response, "content", dict)
    text, encoding = _field(content, "text", str), _field(content, "encoding", str)
    if text is None:
        return b"" if status in BODYLESS or method.upper() == "HEAD" else None
    if not encoding:
        return bytes(text.encode("utf-8", "surrogatepass"))
    if encoding.lower() != "base64":
        raise ValueError(encoding)
    return base64.b64decode(text)


def instant_s(text: str | None) -> float | None:
    """Give an instant in Unix seconds; None where the text is none."""
    try:
        instant = datetime.fromisoformat(text or "")
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
