"""One play of a running twin as an ASGI app: what is asked here is asked there, the target byte for byte.

What comes back is passed on as it comes, and so is how it ends: a connection that is reset, closed or silent
there is reset, closed or silent here. Each request has a connection of its own, so that nothing is left open.
"""

import ssl
from asyncio import (
    FIRST_COMPLETED,
    create_task,
    open_connection,
    wait,
    wait_for,
)  # by name: a test may replace
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final

from httptools import HttpParserError, HttpResponseParser

from usagetwin.asgi.notes import target
from usagetwin.stage.arrivals import Arrival, InJournal, body_of, recorded_of
from usagetwin.stage.ending import Ending
from usagetwin.stage.passing_on import header_of
from usagetwin.stage.play_tokens import HEADER
from usagetwin.stage.replies import Call, error, failed, leave
from usagetwin.stage.wire import close, drop, gone, reset
from usagetwin_checker.talking.hops import end_to_end

if TYPE_CHECKING:
    from asyncio import StreamReader
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from usagetwin.control.speaking import Place
    from usagetwin.stage.journal import Journal, Recorded
    from usagetwin.stage.passing_on import Said
    from usagetwin.stage.patience import Patience


CONNECTED_WITHIN_S: Final = 30.0
AFTER_IMPATIENCE_S: Final = 5.0  # what a request has once a client of this test has waited without end
AT_ONCE: Final = 64 * 1024
PORTS: Final = {"http": 80, "https": 443}
INTERIM: Final = range(100, 200)
MADE_AGAIN: Final = frozenset(  # for the other connection, or not at all
    (b"host", b"content-length", b"expect", HEADER)
)


class _End(Enum):
    """How an answer ended."""

    WHOLE = auto()
    RESET = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What of a play is in the test's process: its journal, how long clients may wait, and its clock.

    `said` gives what is said of a request that is passed on, and `fail` keeps for the test what failed.
    """

    journal: "Journal"
    patience: "Patience"
    now_s: "Callable[[], int]"
    said: "Callable[[Recorded], Said]"
    fail: "Callable[[Exception], None]"


class Forwarding:
    """One play of the twin at a place. The numbers of the journal mark what is asked there."""

    def __init__(self, place: "Place", token: str, here: Here) -> None:
        """Take where the twin is, the play's token, and what of the play is here."""
        self._place: Final = place
        self._token: Final = token
        self._here: Final = here

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request as the running twin does; 502, with the reason, where it can't be asked."""
        recorded = recorded_of(scope, await body_of(receive), self._here.now_s())
        arrival = Arrival(InJournal(self._here.journal, recorded), send)
        try:
            await self._pass_on(scope, receive, arrival)
        except Exception as failure:  # noqa: BLE001 -- whatever failed, the client gets a 500 and the test learns of it
            self._here.fail(failure)
            if arrival.started:
                await drop(scope, receive)
            else:
                await leave(failed(failure), scope, arrival.send)

    async def _pass_on(self, scope: "Scope", receive: "Receive", arrival: Arrival) -> None:
        answer = create_task(self._answer(scope, arrival, self._request(scope, arrival.recorded)))
        client = create_task(gone(receive))
        within_s = self._here.patience.left_s or AFTER_IMPATIENCE_S
        try:
            await wait({answer, client}, timeout=within_s, return_when=FIRST_COMPLETED)
            too_late = not answer.done() and not client.done()
        finally:
            for task in (client, answer):
                task.cancel()
            await wait({client, answer})
        if answer.cancelled():
            if too_late:
                self._here.patience.end(scope["method"], scope["path"])
            await drop(scope, receive)
            return
        call = Call(self, scope, receive, arrival.send, Ending(), self._here.patience)
        match answer.result():
            case _End.RESET:
                await reset(call, {})
            case _End.CLOSED:
                await close(call, {})

    async def _answer(self, scope: "Scope", arrival: Arrival, request: bytes) -> _End:
        place = self._place
        try:
            reader, writer = await wait_for(
                open_connection(place.host, place.port or PORTS[place.scheme], ssl=self._tls, limit=AT_ONCE),
                CONNECTED_WITHIN_S,
            )
        except (OSError, TimeoutError) as failure:
            return await self._refuse(scope, arrival, failure)
        try:
            writer.write(request)
            return await self._passed_on(reader, scope, arrival)
        except ConnectionError:
            return _End.RESET
        finally:
            writer.transport.abort()

    async def _passed_on(self, reader: "StreamReader", scope: "Scope", arrival: Arrival) -> _End:
        answer = _Arriving(for_head=scope["method"] == "HEAD")
        while not answer.is_whole:
            data = await reader.read(AT_ONCE)
            if not data and not answer.ends_with_its_connection:
                return _End.CLOSED
            try:
                answer.take(data)
            except HttpParserError as failure:
                return _End.CLOSED if arrival.started else await self._refuse(scope, arrival, failure)
            if answer.has_started and not arrival.started:
                headers = [(name.lower(), value) for name, value in end_to_end(answer.headers)]
                await arrival.send(
                    {"type": "http.response.start", "status": answer.status, "headers": headers}
                )
            if answer.has_started:
                more = not answer.is_whole
                await arrival.send({"type": "http.response.body", "body": answer.taken(), "more_body": more})
        return _End.WHOLE

    async def _refuse(self, scope: "Scope", arrival: Arrival, failure: Exception) -> _End:
        reason = f"{type(failure).__name__}: {failure}" if str(failure) else type(failure).__name__
        message = f"The running twin at {self._place.url} gave no answer that can be read: {reason}"
        await leave(error(502, "bad_gateway", message), scope, arrival.send)
        return _End.WHOLE

    def _request(self, scope: "Scope", recorded: "Recorded") -> bytes:
        place, body = self._place, recorded.body
        host = f"[{place.host}]" if ":" in place.host else place.host
        authority = host if place.port is None else f"{host}:{place.port}"
        sent = [header for header in end_to_end(scope["headers"]) if header[0].lower() not in MADE_AGAIN]
        headers = [
            (b"host", authority.encode("ascii")),
            *sent,
            header_of(self._token, self._here.said(recorded)),
            (b"connection", b"close"),
            *([(b"content-length", b"%d" % len(body))] if body else []),
        ]
        line = f"{scope['method']} {place.path}{target(scope)} HTTP/1.1\r\n".encode("latin-1")
        return line + b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n" + body

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        return ssl.create_default_context() if self._place.scheme == "https" else None


class _Arriving:
    """One answer, as its bytes come."""

    def __init__(self, *, for_head: bool) -> None:
        """Wait for its head; an answer to HEAD has no more than that."""
        self._parser: Final = HttpResponseParser(self)
        self._for_head: Final = for_head
        self._body = bytearray()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_started = False
        self.is_whole = False

    @property
    def ends_with_its_connection(self) -> bool:
        """Tell whether nothing but the end of the connection says where the body ends."""
        framed = {b"content-length", b"transfer-encoding"} & {name.lower() for name, _ in self.headers}
        return self.has_started and not framed

    def take(self, data: bytes) -> None:
        """Read more of it; no bytes are its end. Raises HttpParserError for what is no HTTP."""
        if data:
            self._parser.feed_data(data)
        else:
            self.is_whole = True

    def taken(self) -> bytes:
        """Give what has come of the body since last asked."""
        taken = bytes(self._body)
        self._body.clear()
        return taken

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """See what kind of answer it is; an interim one is followed by the answer itself."""
        self.status = self._parser.get_status_code()
        if self.status in INTERIM:
            self.headers.clear()
            return
        self.has_started = True
        self.is_whole = self._for_head

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """Note the end, but for that of an interim answer."""
        self.is_whole = self.has_started
