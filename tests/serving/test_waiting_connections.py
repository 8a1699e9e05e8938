"""Connections that a client has made, and that nobody had taken yet when the server was told to stop."""

import asyncio
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from tests.acme import PATH
from tests.wire import request
from usagetwin.serving.listeners import listen, take_no_more
from usagetwin.serving.protocol import Config, Protocol
from usagetwin.serving.server import Server

if TYPE_CHECKING:
    from starlette.types import ASGIApp


async def _asked_while_it_stops(app: "ASGIApp", number: int) -> tuple[list[bytes], tuple[str, int]]:
    """Let clients ask while the server's loop can't turn, then stop it; give what each received."""
    listener = listen("127.0.0.1", 0)
    address: tuple[str, int] = listener.getsockname()
    config = Config(app, http=Protocol, ws="none", lifespan="off", log_config=None)
    config.load()
    server = Server(config, lambda: None)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listener])
    clients = [socket.create_connection(address, timeout=30) for _ in range(number)]
    for client in clients:
        client.sendall(request(PATH.encode()))

    await server.shutdown([listener])

    received = [client.recv(65536) for client in clients]
    for client in clients:
        client.close()
    return received, address


def test_a_connection_that_waits_for_its_turn_is_answered_before_the_end(app: "ASGIApp") -> None:
    """Nothing of the kernel's queue is reset; then the port is closed."""
    received, address = asyncio.run(_asked_while_it_stops(app, 5))

    assert [answer[:17] for answer in received] == [b"HTTP/1.1 200 OK\r\n"] * 5
    with socket.socket() as probe:
        assert probe.connect_ex(address) != 0


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no such filter")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_about_to_close_begins_no_connection(host: str) -> None:
    """What is in the queue stays there, and nothing is added: whoever comes is refused when it is closed."""
    listener = listen(host, 0)
    address = listener.getsockname()
    with listener, socket.create_connection(address[:2], timeout=30) as before:
        take_no_more(listener)
        with pytest.raises(TimeoutError):
            socket.create_connection(address[:2], timeout=0.3)

        taken, _ = listener.accept()
        with taken:
            before.sendall(b"still there")
            assert taken.recv(100) == b"still there"
        listener.setblocking(False)  # noqa: FBT003 -- the standard library's signature
        with pytest.raises(BlockingIOError):
            listener.accept()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address[:2], timeout=30)


async def _told_to_stop_while_it_starts(app: "ASGIApp") -> tuple[list[str], bool, bool]:
    """Start a server that is told to stop meanwhile; give what it told, and how far it has come."""
    listener = listen("127.0.0.1", 0)
    told: list[str] = []
    config = Config(app, http=Protocol, ws="none", lifespan="on", log_config=None)
    config.load()
    server = Server(config, lambda: told.append("started"))
    server.lifespan = config.lifespan_class(config)
    server.handle_exit(signal.SIGTERM, None)

    await server.startup([listener])

    return told, server.started, bool(server.lifespan.shutdown_event.is_set())


def test_a_stop_during_the_start_is_a_whole_one(app: "ASGIApp") -> None:
    """Nobody is told that it serves, and the application has shut down when it returns."""
    assert asyncio.run(_told_to_stop_while_it_starts(app)) == ([], False, True)
