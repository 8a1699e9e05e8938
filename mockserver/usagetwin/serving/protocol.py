"""The server's HTTP/1.1: uvicorn's, with JSON for what it can't read, bounds, and a stop that loses nothing.

uvicorn's own answers plain text there, before the answers that are still due; it bounds neither target nor
headers, waits for ever for a client that says nothing or reads nothing, and closes an idle connection at once
when it stops, with a request on its way perhaps. All of this is on the way of every request, so its methods
call uvicorn's by name, which `super()` would have to find.
"""

import json
import re
from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from usagetwin.serving.cycle import Cycle
from usagetwin.stage.transport import TRANSPORT

if TYPE_CHECKING:
    import asyncio

    from usagetwin.serving.tally import Tally

GRACE_S: Final = 0.25  # how long an idle connection may still bring a request, once the server stops
LINGER_S: Final = 1.0  # how long the rest of a refused request is read, or the answer might be lost
LAST_S: Final = 5.0  # how long a client may still wait for its answers then, and take them
IDLE_S: Final = 60.0  # how long a client may take to send a request, or to take an answer
LARGEST_HEAD: Final = 256 * 1024
LONGEST_TARGET: Final = 65_535  # beyond it, httptools before 0.9 reads another one than was sent
BAD_REQUEST: Final = (
    "This is no HTTP/1.1 request that can be read. Send GET, a target of at most "
    f"{LONGEST_TARGET} characters in ASCII (percent-encode the rest), and at most {LARGEST_HEAD} bytes "
    "up to the end of the headers."
)
OTHER_VERSION: Final = "This server speaks HTTP/1.1 and HTTP/1.0 only. Send the request as HTTP/1.1."
SPOKEN: Final = frozenset({"1.0", "1.1"})
USUAL_END: Final = b" HTTP/1.1\r"  # of a request line, before its newline
OTHER_PROTOCOL: Final = re.compile(rb" (?!HTTP/1\.[01]\r?\n)[A-Z]+/[0-9.]*\r?\n\Z")  # ends a request line


class Config(uvicorn.Config):
    """uvicorn's settings, how long a connection may wait for its client, and how long at the stop."""

    idle_s: float = IDLE_S
    last_s: float = LAST_S
    tally: "Tally | None" = None


class Protocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- uvicorn's to say
        """Take what uvicorn gives its protocols."""
        super().__init__(*args, **kwargs)
        self._idle_s: float = getattr(self.config, "idle_s", IDLE_S)
        tally: Tally | None = getattr(self.config, "tally", None)
        self._count: Final = None if tally is None else tally.count
        self._stopping = False
        self._refusal: bytes | None = None  # the last answer of this connection, once there is one
        self._other_version = False
        self._due: deque[RequestResponseCycle] = deque()  # the answers under way, the first one first
        self._ended: object = self.scope  # of the last request that has ended; each begins one of its own
        self._extensions: dict[str, object] = {}
        self._line: bytes | None = None  # what has arrived of a request line; None past it
        self._head_bytes = 0  # of the request head that is being read
        self._waiting: asyncio.TimerHandle | None = None  # for the client to send
        self._writing: asyncio.TimerHandle | None = None  # for the client to read
        self._keeping: asyncio.TimerHandle | None = None  # for another request
        self._idle_since_s = 0.0

    def connection_made(self, transport: "asyncio.Transport") -> None:  # type: ignore[override]  # -- as uvicorn's
        """Wait for a first request, but not for ever."""
        super().connection_made(transport)
        self._extensions = {TRANSPORT: transport}
        self._waiting = self.loop.call_later(self._idle_s, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more, and let the answers under way end."""
        self._forget_answers()
        for timer in (self._waiting, self._writing, self._keeping):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what has arrived; refuse another protocol, and a head that has no end."""
        if self._refusal is not None:
            return
        self._head_bytes += len(data)
        if self.scope is self._ended:
            is_usual = data.startswith(USUAL_END, data.find(b"\n") - len(USUAL_END))
            self._line = None if is_usual else b""
        if self._line is not None and self._is_other_protocol(data):
            self._refuse(505, "http_version_not_supported", OTHER_VERSION)
            return
        HttpToolsProtocol.data_received(self, data)
        if self._head_bytes > LARGEST_HEAD and self._refusal is None:
            self.send_400_response(BAD_REQUEST)
        if self.scope is not self._ended or self._waiting is not None:
            self._wait_for_the_rest()

    def on_headers_complete(self) -> None:
        """Show the transport, and start to answer; announce the connection's end when the server stops.

        What is raised here ends the parser's work, and leads to the refusal.
        """
        if len(self.url) > LONGEST_TARGET:
            raise ValueError(BAD_REQUEST)
        if self.parser.get_http_version() not in SPOKEN:
            self._other_version = True
            raise ValueError(OTHER_VERSION)
        self.scope["extensions"] = self._extensions  # type: ignore[typeddict-item]  # -- typed for JSON
        HttpToolsProtocol.on_headers_complete(self)
        self.cycle.__class__ = Cycle  # uvicorn has no place to name another; its task has not begun yet
        self.cycle.began_s = perf_counter()  # type: ignore[attr-defined]  # -- what it is from here on
        self.headers = []  # not the request's: what comes after the body is a trailer, and counts for nothing
        self._due.append(self.cycle)
        if self._stopping:
            self._announce_end()

    def on_message_complete(self) -> None:
        """Note that the request has ended, so that what follows is another head."""
        self._head_bytes = 0
        self._ended = self.scope
        HttpToolsProtocol.on_message_complete(self)

    def on_body(self, body: bytes) -> None:
        """Note that the head has ended."""
        self._head_bytes = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- uvicorn's message names no remedy
        """Refuse what can't be parsed, in the shape of all our errors."""
        if self._other_version:
            self._refuse(505, "http_version_not_supported", OTHER_VERSION)
        else:
            self._refuse(400, "invalid_request", BAD_REQUEST)

    def on_response_complete(self) -> None:
        """Go on with the next request of the connection; the refusal comes after the last of them.

        uvicorn starts a timer after each answer, and ends it with the next request; one for all costs less.
        """
        answered = self._due.popleft()
        if self._count is not None:
            self._count(answered)  # type: ignore[arg-type]  # -- a cycle of ours
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()
            self._idle_since_s = self.loop.time()
            if self._keeping is None:
                self._keep(self.timeout_keep_alive)
        if not self._due and self._refusal is not None:
            self._write_refusal()

    def pause_writing(self) -> None:
        """Wait for a client to read what it asked for, but not for ever."""
        super().pause_writing()
        self._writing = self.loop.call_later(self._idle_s, self._abandon)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        if self._writing is not None:
            self._writing.cancel()
        super().resume_writing()

    def shutdown(self) -> None:
        """Stop: answer what is being asked and what arrives within the grace, then close."""
        self._stopping = True
        self.loop.call_later(getattr(self.config, "last_s", LAST_S), self._abandon)
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(GRACE_S, self._close_when_idle)
        else:
            self._announce_end()

    def _announce_end(self) -> None:
        """Let the last answer say that it is the last, which uvicorn before 0.53 does not do by itself."""
        self.cycle.keep_alive = False
        self.cycle.default_headers = [*self.cycle.default_headers, (b"connection", b"close")]

    def _close_when_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _abandon(self) -> None:
        """End a connection whose client does not take its answers."""
        self._forget_answers()
        self.transport.abort()

    def _forget_answers(self) -> None:
        """Write nothing more: uvicorn itself knows of the last answer only."""
        self.pipeline.clear()
        for cycle in self._due:
            cycle.disconnected = True
            cycle.message_event.set()

    def _is_other_protocol(self, data: bytes) -> bool:
        """Tell whether `data` ends a request line that is not HTTP/1: the parser takes some others for it."""
        line, newline, _ = data.partition(b"\n")
        self._line = (self._line or b"") + line + newline
        found = OTHER_PROTOCOL.search(self._line) is not None
        if newline or len(self._line) > LARGEST_HEAD:
            self._line = None
        return found

    def _wait_for_the_rest(self) -> None:
        """Give a request that has begun its time to end, from its first byte on."""
        if self.scope is self._ended:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self._idle_s, self.transport.close)

    def _keep(self, for_s: float) -> None:
        self._keeping = self.loop.call_later(for_s, self._close_when_unused)

    def _close_when_unused(self) -> None:
        self._keeping = None
        left_s = self._idle_since_s + self.timeout_keep_alive - self.loop.time()
        if self.scope is not self._ended:
            self._keep(self.timeout_keep_alive)
        elif self.cycle.response_complete:  # else the end of the answer sees to it
            if left_s > 0:
                self._keep(left_s)
            else:
                self.timeout_keep_alive_handler()

    def _refuse(self, status: int, code: str, message: str) -> None:
        """Refuse what is being read, after the answers to what came before it on this connection."""
        body = json.dumps({"code": code, "message": message}).encode()
        reason = {400: b"Bad Request", 505: b"HTTP Version Not Supported"}[status]
        head = b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
        self._refusal = head % (status, reason, len(body)) + b"connection: close\r\n\r\n" + body
        if self.scope is not self._ended and self.cycle is not None and self.cycle.scope is self.scope:
            self._drop(self.cycle)
        if not self._due:
            self._write_refusal()

    def _drop(self, cycle: RequestResponseCycle) -> None:
        """Give no answer to a request that turned out to be none."""
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle in self._due:
            self._due.remove(cycle)
        for waiting in [item for item in self.pipeline if item[0] is cycle]:
            self.pipeline.remove(waiting)

    def _write_refusal(self) -> None:
        if self._refusal is None or self.transport.is_closing():
            return
        self.transport.write(self._refusal)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.close)
