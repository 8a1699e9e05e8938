"""An answer that was kept goes out in one write, and with the same bytes as one that was not."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

import pytest
from uvicorn.server import ServerState

from tests.acme import PATH
from tests.wire import request
from usagetwin.asgi.reply_cache import Kept
from usagetwin.serving.protocol import Config, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

START: "Final[Message]" = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"2")],
}
BODY: "Final[Message]" = {"type": "http.response.body", "body": b"{}"}
HEAD: Final = b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"


class Link(asyncio.Transport):
    """The server's end of a connection, which keeps what is written."""

    def __init__(self) -> None:
        """Have nothing yet."""
        super().__init__({"sockname": ("127.0.0.1", 80), "peername": ("127.0.0.1", 5)})
        self.writes: Final[list[bytes]] = []
        self.has_ended = False

    def write(self, data: Any) -> None:  # noqa: ANN401 -- any bytes
        """Keep it."""
        self.writes.append(bytes(data))

    def pause_reading(self) -> None:
        """Bring nothing more for a while: all has come."""

    def resume_reading(self) -> None:
        """Go on."""

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self.has_ended

    def close(self) -> None:
        """End it."""
        self.has_ended = True


def sending(*messages: "Message") -> "ASGIApp":
    """Give an app that answers with these."""

    async def app(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        for message in messages:
            await send(message)

    return app


def written(
    app: "ASGIApp", raw: bytes = request(PATH.encode()), *, before: "Callable[[Protocol], None] | None" = None
) -> list[bytes]:
    """Give what a server writes to a request, one for each write."""

    async def run() -> list[bytes]:
        config = Config(app, http=Protocol, ws="none", lifespan="off", log_config=None)
        config.load()
        link = Link()
        state = ServerState()
        state.default_headers = [(b"date", b"today")]
        protocol = Protocol(config=config, server_state=state, app_state={})
        protocol.connection_made(link)
        protocol.data_received(raw)
        if before is not None:
            before(protocol)
        while state.tasks:
            await asyncio.wait(state.tasks)
        protocol.connection_lost(None)
        return link.writes

    return asyncio.run(run())


def test_a_kept_answer_is_one_write_of_the_same_bytes() -> None:
    """Two for one that is not kept."""
    plain = written(sending(START, BODY))
    kept = Kept(START, BODY)

    assert plain == [HEAD + b"\r\n", b"{}"]
    assert written(sending(kept, BODY)) == [b"".join(plain)]


def test_pipelined_requests_each_get_theirs() -> None:
    """One after the other, and the connection goes on."""
    kept = Kept(START, BODY)

    assert written(sending(kept, BODY), request(PATH.encode()) * 3) == [HEAD + b"\r\n{}"] * 3


def test_another_body_than_the_kept_one_is_sent_as_it_is() -> None:
    """Somebody between has changed the answer."""
    pieces: list[Message] = [{**BODY, "body": b"{", "more_body": True}, {**BODY, "body": b"}"}]

    assert written(sending(Kept(START, BODY), *pieces)) == [HEAD + b"\r\n", b"{", b"}"]


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_connection_that_ends_says_so(version: bytes) -> None:
    """What uvicorn adds to the head is added to a kept one."""
    raw = request(PATH.encode(), b"Connection: close\r\n").replace(b"HTTP/1.1", b"HTTP/" + version)

    assert written(sending(Kept(START, BODY), BODY), raw) == [HEAD + b"connection: close\r\n\r\n", b"{}"]


def test_a_client_that_has_left_gets_nothing() -> None:
    """And nothing fails."""

    def leave(protocol: Protocol) -> None:
        protocol.cycle.disconnected = True

    assert written(sending(Kept(START, BODY), BODY), before=leave) == []


def test_a_client_that_leaves_before_the_body_gets_nothing() -> None:
    """The head has not gone out alone."""
    protocols: list[Protocol] = []

    async def app(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await send(Kept(START, BODY))
        protocols[0].cycle.disconnected = True
        await send(BODY)

    assert written(app, before=protocols.append) == []
