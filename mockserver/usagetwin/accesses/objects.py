"""The log as JSON: one object a line, for programs that collect logs.

It says what a line of text says, under the same rule of what may be shown, and which request it was.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from usagetwin.accesses.access import (
    CREDENTIAL,
    MOST_PARAMETERS,
    documented,
    pairs_of,
    shown,
    shown_path,
    size_of,
)
from usagetwin.accesses.lines import LONGEST_KNOWN, MOST_KNOWN
from usagetwin.contract.operation import PARAMETERS
from usagetwin.request.ignored import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.accesses.access import Access, Asked, Identity

REQUEST_ID: Final = re.compile(rb"[0-9A-Za-z._-]{1,64}")
TRACE: Final = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
REQUEST: Final = "request"
ERROR: Final = "error"


def identity_of(headers: "Iterable[tuple[bytes, bytes]]", play: int | None) -> "Identity":
    """Give a request's id, which is the client's own if that is well-formed; its trace; and its play."""
    own = trace = credential = None
    for name, value in headers:
        if name == b"x-request-id" and own is None:
            own = value
        elif name == b"traceparent" and trace is None:
            found = TRACE.fullmatch(value)
            trace = found[1].decode("ascii") if found else None
        elif name == b"authorization":
            credential = value
    if own is None or not REQUEST_ID.fullmatch(own) or own == credential:
        return trace or uuid4().hex, trace, play
    return shown(own.decode("ascii")), trace, play


class Objects:
    """Write the objects of one log, in one thread."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[Asked, str] = {}

    def __call__(self, access: "Access") -> str:
        """Write the object of one request."""
        ended_s, took_s, status, asked, identity = access
        words = self._known.get(asked)
        if words is None:
            words = self._made(asked)
        which = "" if identity is None else _which(identity)
        answered = f'"status":{status},"duration_ms":{took_s * 1000:.3f}'
        return f'{{"time":"{instant(ended_s)}","event":"{REQUEST}",{answered},{words}{which}}}'

    def _made(self, asked: "Asked") -> str:
        words = json.dumps(_said(asked), separators=(",", ":"))[1:-1]
        if size_of(asked) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = words
        return words


class ErrorObjects(logging.Formatter):
    """Write a record of the standard library's logging as an object."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; a traceback is a text in it."""
        said = {"level": record.levelname, "logger": record.name, "message": masked(record.getMessage())}
        if record.exc_info:
            said["exception"] = masked(self.formatException(record.exc_info))
        return event(ERROR, said, record.created)


def missing(number: int) -> str:
    """Write that lines are missing."""
    return event("lines-missing", {"lines": number})


def event(name: str, said: "Mapping[str, object]", at_s: float | None = None) -> str:
    """Write an object about something else than a request."""
    when = datetime.now(UTC).timestamp() if at_s is None else at_s
    return json.dumps({"time": instant(when), "event": name, **said}, separators=(",", ":"))


def instant(unix_s: float) -> str:
    """Write an instant, to the millisecond."""
    return datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def masked(text: str) -> str:
    """Mask credentials in a text of any length."""
    return CREDENTIAL.sub(r"\1-***", text)


def _said(asked: "Asked") -> dict[str, object]:
    """Give what does not depend on when it was asked, and on what it was answered."""
    pairs = pairs_of(asked[4])
    parameters: dict[str, list[str]] = {}
    for name, value in documented(pairs):
        parameters.setdefault(name, []).append(shown(value))
    said: dict[str, object] = {
        "method": asked[0],
        "path": shown_path(asked[3]),
        "parameters": parameters,
        "rule": asked[5],
    }
    ignored = [name for name, _ in pairs if name not in PARAMETERS]
    if ignored:
        said["undocumented"] = len(ignored)
        wrong = {shown(name): meant(name) for name in ignored[:MOST_PARAMETERS] if meant(name) is not None}
        if wrong:
            said["meant"] = wrong
    return said


def _which(identity: "Identity") -> str:
    request_id, trace, play = identity
    which = f',"request_id":"{request_id}"'
    if trace is not None:
        which += f',"trace_id":"{trace}"'
    return which if play is None else f'{which},"play":{play}'
