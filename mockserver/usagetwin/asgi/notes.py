"""What the parts know of one request: the instant it is answered at, what it asks, and what the answer gets.

Shallow copies of an ASGI scope, as routers make them, share it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.account.query import Query

KEY: Final = "usagetwin"
OPERATION: Final = "usagetwin.operation"  # where the number of its operation is left, by `siblings`
OWN_PATH: Final = "usagetwin.own_path"  # and its path, as a client knows it
PLAY: Final = "usagetwin.play"  # where the stage leaves the number of the play that a request is for


@dataclass(slots=True)
class Notes:
    """One request's notes: what it asks, once that is read, headers for any answer, and the rule it broke."""

    now_s: int
    query: "Query | None" = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    rule: str | None = None


def notes_of(scope: "Scope") -> Notes:
    """Give the notes of the request that `scope` belongs to."""
    notes: Notes = scope[KEY]
    return notes


class Instant:
    """Read the clock, once for each request, and open its notes."""

    def __init__(self, app: "ASGIApp", clock: "Callable[[], int]") -> None:
        """Take a clock that gives Unix seconds."""
        self._app = app
        self._clock = clock

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope[KEY] = Notes(self._clock())
        await self._app(scope, receive, send)


def header(scope: "Scope", name: bytes) -> str | None:
    """Give the first value of a header, `name` in lower case; of duplicate lines the first counts."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def target(scope: "Scope") -> str:
    """Give the request target as the client sent it: path, and `?` with the raw query if there is one."""
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    raw: bytes = path + b"?" + query if query else path
    return raw.decode("latin-1")
