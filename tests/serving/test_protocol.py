"""How long a connection that nobody uses is kept: one timer looks after all of its requests."""

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.acme import PATH
from tests.wire import CREDENTIAL, request
from usagetwin.serving.listeners import listen
from usagetwin.serving.protocol import Config, Protocol
from usagetwin.serving.server import Server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

KEPT_S: Final = 1
TARGET: Final = PATH.encode()


def with_client(app: "ASGIApp", client: "Client") -> float:
    """Serve a client on one connection; give how long the server kept it after the client had done."""

    async def run() -> float:
        listener = listen("127.0.0.1", 0)
        host, port = listener.getsockname()
        options: dict[str, Any] = {"http": Protocol, "ws": "none", "lifespan": "off", "log_config": None}
        config = Config(app, timeout_keep_alive=KEPT_S, **options)
        config.load()
        server = Server(config, lambda: None)
        server.lifespan = config.lifespan_class(config)
        await server.startup([listener])
        reader, writer = await asyncio.open_connection(host, port)
        try:
            async with asyncio.timeout(30):
                await client(reader, writer)
                done_s = time.monotonic()
                assert await reader.read() == b""
                return time.monotonic() - done_s
        finally:
            writer.close()
            await server.shutdown([listener])

    return asyncio.run(run())


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes) -> None:
    """Ask once, and read the answer."""
    writer.write(raw)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split()[0]))


async def is_kept(reader: asyncio.StreamReader, for_s: float) -> None:
    """Hold that the server neither sends nor ends for so long."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(for_s):
            await reader.read(1)


async def small(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
    """Answer two bytes."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


async def slow(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Answer after a connection that is not used would have been closed."""
    await asyncio.sleep(1.3 * KEPT_S)
    await small(scope, receive, send)


def test_a_connection_is_closed_that_brings_no_other_request() -> None:
    """So long after its last answer, and not after its first."""

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader, writer, request(TARGET))
        await is_kept(reader, 0.6 * KEPT_S)
        await ask(reader, writer, request(TARGET))
        await is_kept(reader, 0.7 * KEPT_S)

    left_s = with_client(small, twice)

    assert left_s < 0.9 * KEPT_S


def test_an_answer_may_take_longer_than_an_unused_connection_is_kept() -> None:
    """It comes whole, and the time begins with its end."""

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await ask(reader, writer, request(TARGET))
        await is_kept(reader, 0.7 * KEPT_S)

    left_s = with_client(slow, twice)

    assert left_s < 0.9 * KEPT_S


def test_a_body_may_end_after_its_answer_and_the_connection_still_ends() -> None:
    """While it is under way the connection is in use."""

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader, writer, request(TARGET, CREDENTIAL + b"Content-Length: 2\r\n"))
        writer.write(b"a")
        await is_kept(reader, 1.3 * KEPT_S)
        writer.write(b"b")
        await ask(reader, writer, request(TARGET))

    left_s = with_client(small, late)

    assert left_s < 2 * KEPT_S
