"""What of a request and of its answer is passed on: the headers of both, and the body as it comes.

Rule: bodies are never looked into here, and no header is made up but those that HTTP/1.1 itself needs.
"""

from asyncio import Event
from typing import TYPE_CHECKING, Final

from usagetwin.bodies import DEFLATED, PLAIN
from usagetwin.stage.wire import gone
from usagetwin_checker.talking.hops import end_to_end

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx
    from starlette.types import Receive, Scope

    Headers = list[tuple[bytes, bytes]]

MADE_AGAIN: Final = frozenset((b"host", b"expect"))  # for the other connection, or not at all
LENGTH: Final = b"content-length"
CODINGS: Final = b"accept-encoding"
CHUNKED: Final = (b"transfer-encoding", b"chunked")
OURS: Final = b"usagetwin-"
WITHOUT_BODY: Final = (204, 304)
KEPT_OF_A_BODY: Final = 64 * 1024  # bytes of a request's


class ClientGoneError(Exception):
    """The client left before its request was whole."""


class Incoming:
    """The body of one request, and whether its client is still there."""

    def __init__(self, scope: "Scope", receive: "Receive") -> None:
        """Take what the server gives."""
        names = {name for name, _ in scope["headers"]}
        self.has_body: Final = LENGTH in names or CHUNKED[0] in names
        self.is_chunked: Final = self.has_body and LENGTH not in names
        self.kept: Final = bytearray()
        self._receive: Final = receive
        self._is_read: Final = Event()

    async def pieces(self) -> "AsyncIterator[bytes]":
        """Give the body as it comes. Raises ClientGoneError."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            piece, more = message.get("body", b""), message.get("more_body", False)
            self.kept.extend(piece[: KEPT_OF_A_BODY - len(self.kept)])
            if piece:
                yield piece
        self._is_read.set()

    async def gone(self) -> None:
        """Wait until the client has left; what is yet to be read is read by who passes it on."""
        if self.has_body:
            await self._is_read.wait()
        await gone(self._receive)


def to_upstream(scope: "Scope", incoming: Incoming, *, judged: bool) -> "Headers":
    """Give the headers of a request for the other connection.

    For an answer that is judged, codings that can't be read here are not asked for.
    """
    headers = [header for header in end_to_end(scope["headers"]) if header[0] not in MADE_AGAIN]
    if judged:
        headers = [(name, _readable(value) if name == CODINGS else value) for name, value in headers]
    return [*headers, CHUNKED] if incoming.is_chunked else headers


def to_client(response: "httpx.Response") -> "Headers":
    """Give the headers of an answer for the other connection."""
    headers = [(name.lower(), value) for name, value in end_to_end(response.headers.raw)]
    without = (OURS, LENGTH) if response.status_code in WITHOUT_BODY else (OURS,)
    return [header for header in headers if not header[0].startswith(without)]


def _readable(accepted: bytes) -> bytes:
    """Give what a client accepts, less the codings that can't be read here."""
    codings = [coding.strip() for coding in accepted.split(b",")]
    known = {name.encode() for name in (*PLAIN, *DEFLATED)}
    left = [coding for coding in codings if coding.partition(b";")[0].strip().lower() in known]
    return b", ".join(filter(None, left)) or b"identity"
