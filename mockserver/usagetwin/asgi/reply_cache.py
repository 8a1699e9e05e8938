"""Replies that were given before: the whole answer to the same request at the same instant.

Rule: only a 200 to a GET that was asked before is kept, only where nothing but path, query and
credential decides it, and never past the instant that it was made at. `app` leaves this part out where
a policy adds state or headers of its own.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.asgi.notes import Notes

from usagetwin.asgi.notes import notes_of

MOST_BYTES: Final = 64 * 1024 * 1024
LONGEST_QUERY: Final = 4096
ENTRY_BYTES: Final = 1024  # what an entry costs beside its body and query, rounded up
MOST_SEEN: Final = 65_536

Key = tuple[bytes, bytes, bytes]


class Kept(dict[str, Any]):
    """The start of an answer that was given before, which knows its body: a server may send both at once."""

    __slots__ = ("body", "written")

    def __init__(self, start: "Message", body: "Message") -> None:
        """Take the two messages of the answer."""
        super().__init__(start)
        self.body: Final = body
        self.written: Final = written(start["headers"]) + b"\r\n"


def written(headers: "Iterable[tuple[bytes, bytes]]") -> bytes:
    """Write headers as HTTP/1.1 does."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)


class ReplyCache:
    """Answer a repeated request from memory."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take the part that gives the replies."""
        self._app = app
        self._replies: dict[Key, Kept] = {}
        self._seen: set[int] = set()  # hashes of keys: what is asked once only would push out what repeats
        self._now_s = -1
        self._bytes = 0

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        key = _key(scope) if scope["type"] == "http" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        notes = notes_of(scope)
        if notes.now_s != self._now_s:
            self._clear(notes.now_s)
        reply = self._replies.get(key)
        if reply is not None:
            await send(reply)
            await send(reply.body)
        elif self._seen_before(key):
            await self._answer_and_keep(key, notes, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _seen_before(self, key: Key) -> bool:
        """Tell whether a key was asked before, at whatever instant, and note that it was."""
        short = hash(key)
        if short in self._seen:
            return True
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen.add(short)
        return False

    async def _answer_and_keep(
        self, key: Key, notes: "Notes", scope: "Scope", receive: "Receive", send: "Send"
    ) -> None:
        messages: list[Message] = []

        async def keep(message: "Message") -> None:
            messages.append(message)
            await send(message)

        await self._app(scope, receive, keep)
        if messages[0]["status"] == HTTPStatus.OK and notes.now_s == self._now_s:
            self._store(key, Kept(*messages))

    def _store(self, key: Key, reply: Kept) -> None:
        self._bytes += len(reply.body["body"]) + len(key[1]) + ENTRY_BYTES
        if self._bytes > MOST_BYTES:
            self._clear(self._now_s)
        else:
            self._replies[key] = reply

    def _clear(self, now_s: int) -> None:
        self._replies = {}
        self._now_s = now_s
        self._bytes = 0


def _key(scope: "Scope") -> Key | None:
    """Give what decides the reply, or None for a request whose reply is not kept."""
    query = scope["query_string"]
    if scope["method"] != "GET" or len(query) > LONGEST_QUERY:
        return None
    credential = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            if credential is not None:
                return None
            credential = value
    if credential is None:
        return None
    return (scope.get("raw_path") or scope["path"].encode(), query, credential)
