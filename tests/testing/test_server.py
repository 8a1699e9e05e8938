"""The server behind the tests of one run."""

import gc
import http.client
import os
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import freezegun
import pytest
import time_machine

from usagetwin.errors import SettingError
from usagetwin.stage.transport import TRANSPORT, transport_of
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.server import LocalServerError, TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    Address = tuple[str, int]

PORTS = ["plain", "TLS"]
WITHIN_S = 10


async def _answer(scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG001 -- ASGI's
    """Answer with the scheme."""
    body = scope["scheme"].encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Give the authority of all servers in these tests."""
    return Authority()


@pytest.fixture(scope="module")
def module_server(authority: Authority) -> "Iterator[TwinServer]":
    """Serve the answer above for all of them."""
    with _served(_answer, authority) as server:
        yield server


@pytest.fixture
def server(module_server: TwinServer) -> "Iterator[TwinServer]":
    """Give the server; its connections end with the test."""
    yield module_server
    module_server.drop_connections()


@contextmanager
def _served(app: "ASGIApp", authority: Authority) -> "Iterator[TwinServer]":
    server = TwinServer(app, authority)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _connected(server: TwinServer, authority: Authority, port: str) -> "Iterator[http.client.HTTPConnection]":
    connection: http.client.HTTPConnection
    if port == "plain":
        connection = http.client.HTTPConnection(*server.plain_address, timeout=WITHIN_S)
    else:
        context = ssl.create_default_context()
        authority.trust(context)
        connection = http.client.HTTPSConnection(*server.tls_address, timeout=WITHIN_S, context=context)
    connection.connect()
    yield connection
    connection.close()


def _get(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", "/")
    return connection.getresponse().read()


@pytest.mark.parametrize(("port", "scheme"), [("plain", b"http"), ("TLS", b"https")])
def test_both_ports_answer_once_it_has_started(
    server: TwinServer, authority: Authority, port: str, scheme: bytes
) -> None:
    """And keep their connections."""
    with _connected(server, authority, port) as connection:
        assert [_get(connection), _get(connection)] == [scheme, scheme]


def test_it_says_where_it_is(server: TwinServer) -> None:
    """The ports of the real hosts are those of the two schemes."""
    assert server.url == f"http://127.0.0.1:{server.plain_address[1]}"
    assert server.routes == {80: server.plain_address, 443: server.tls_address}
    assert server.plain_address != server.tls_address


@pytest.mark.parametrize("port", PORTS)
def test_an_application_finds_its_connection(authority: Authority, port: str) -> None:
    """To do to it what HTTP can't say."""

    async def vanish(scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG001 -- ASGI's
        transport_of(scope).abort()
        await receive()

    with (
        _served(vanish, authority) as server,
        _connected(server, authority, port) as connection,
        pytest.raises((http.client.RemoteDisconnected, ConnectionError)),
    ):
        _get(connection)


@pytest.mark.parametrize("scope", [{}, {"extensions": {}}, {"extensions": {TRANSPORT: None}}])
def test_a_request_from_elsewhere_has_no_connection(scope: dict[str, Any]) -> None:
    """The error says what can be done without one."""
    with pytest.raises(SettingError, match="there is nothing to break\n  try   a fault of HTTP"):
        transport_of(scope)


@pytest.mark.parametrize("port", PORTS)
def test_dropping_ends_what_clients_keep_open(server: TwinServer, authority: Authority, port: str) -> None:
    """At once; who connects afterwards is answered."""
    with _connected(server, authority, port) as connection:
        _get(connection)

        server.drop_connections()

        connection.sock.settimeout(20)
        with pytest.raises((http.client.HTTPException, OSError)):
            _get(connection)
    with _connected(server, authority, port) as connection:
        assert _get(connection).startswith(b"http")


def test_dropping_ends_what_is_being_answered(authority: Authority) -> None:
    """The application is told that its client has gone."""
    asked = threading.Event()
    told: list[str] = []

    async def wait(scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG001 -- ASGI's
        asked.set()
        while not told or told[-1] != "http.disconnect":
            told.append((await receive())["type"])

    with _served(wait, authority) as server, _connected(server, authority, "plain") as connection:
        connection.request("GET", "/")
        assert asked.wait(20)
        server.drop_connections()

        with pytest.raises((http.client.HTTPException, OSError)):
            connection.getresponse()
    assert told == ["http.request", "http.disconnect"]


def test_dropping_ends_also_a_connection_that_is_still_in_its_handshake(
    server: TwinServer, authority: Authority
) -> None:
    """It was made before, by a thread of the test that has ended."""
    with socket.create_connection(server.tls_address, timeout=20) as connection:
        before = _ask_over_tls(server.tls_address, authority)
        server.drop_connections()
        after = _ask_over_tls(connection, authority)

    assert (before[:12], after) == (b"HTTP/1.1 200", b"")


def _ask_over_tls(connection: "socket.socket | Address", authority: Authority) -> bytes:
    """Shake hands, ask, and give what comes; nothing where the connection has ended in between."""
    context = ssl.create_default_context()
    authority.trust(context)
    if isinstance(connection, tuple):
        connection = socket.create_connection(connection, timeout=20)
    try:
        with connection, context.wrap_socket(connection, server_hostname="localhost") as link:
            link.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            return link.recv(4096)
    except OSError:
        return b""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads, on purpose
@pytest.mark.parametrize("port", PORTS)
def test_a_forked_child_keeps_nothing_open(authority: Authority, port: str) -> None:
    """A pool of processes, say: it holds copies of all sockets, the server's too."""
    server = TwinServer(_answer, authority)
    server.start()
    with _connected(server, authority, port) as connection:
        _get(connection)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(write)
            os.read(read, 1)  # until the parent has seen all that it wants to see
            os._exit(0)
        try:
            server.drop_connections()
            with pytest.raises((http.client.HTTPException, OSError)) as dropped:
                _get(connection)
            server.stop()
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(server.plain_address, timeout=5)
        finally:
            os.close(write)
            os.close(read)
            os.waitpid(child, 0)

    assert not isinstance(dropped.value, TimeoutError)


def test_dropping_without_connections_is_quick(server: TwinServer) -> None:
    """It happens after each test."""
    started = time.perf_counter()
    for _ in range(20):
        server.drop_connections()

    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "travel", [freezegun.freeze_time, time_machine.travel], ids=["freezegun", "time-machine"]
)
def test_it_answers_while_a_test_stands_still(server: TwinServer, authority: Authority, travel: type) -> None:
    """In whatever year."""
    with travel("1999-12-31T23:59:59Z"), _connected(server, authority, "TLS") as connection:
        assert _get(connection) == b"https"


def test_nothing_of_the_process_is_changed(authority: Authority) -> None:
    """It is a guest in someone's test run: the collector, the signals and the logging stay as they are."""
    import logging
    import signal

    def state() -> tuple[object, ...]:
        handlers = tuple(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM))
        loggers = tuple(tuple(logging.getLogger(name).handlers) for name in ("", "uvicorn", "uvicorn.error"))
        return (
            gc.get_threshold(),
            gc.get_freeze_count(),
            handlers,
            loggers,
            logging.getLogger("uvicorn.error").level,
        )

    before = state()
    with _served(_answer, authority):
        during = state()

    assert (during, state()) == (before, before)


@pytest.mark.parametrize("port", PORTS)
def test_after_the_stop_nothing_is_left(authority: Authority, port: str) -> None:
    """Neither ports, nor connections, nor its thread; a second stop is harmless."""
    threads = set(threading.enumerate())
    server = TwinServer(_answer, authority)
    server.start()
    address = server.plain_address if port == "plain" else server.tls_address
    with _connected(server, authority, port) as connection:
        _get(connection)

        server.stop()
        server.stop()

        with pytest.raises((http.client.HTTPException, OSError)):
            _get(connection)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=20)
    assert set(threading.enumerate()) == threads


def test_a_server_that_fails_says_so_and_refuses_clients(authority: Authority) -> None:
    """Rather than to let them wait."""

    async def leave(scope: "Scope", receive: "Receive", send: "Send") -> None:
        import asyncio

        asyncio.get_running_loop().call_soon(_leave)
        await _answer(scope, receive, send)

    server = TwinServer(leave, authority)
    server.start()
    with _connected(server, authority, "plain") as connection:
        _get(connection)
    with pytest.raises(LocalServerError, match="the test's twin server failed: SystemExit: 3"):
        server.drop_connections()
    with pytest.raises(LocalServerError, match="the test's twin server failed: SystemExit: 3"):
        server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.plain_address, timeout=20)


def _leave() -> None:
    raise SystemExit(3)


def test_what_forbids_sockets_is_seen_where_it_starts(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread would hide it."""

    class Forbidden(socket.socket):
        def bind(self, address: object, /) -> None:
            message = f"no binding to {address}"
            raise PermissionError(message)

    monkeypatch.setattr(socket, "socket", Forbidden)

    with pytest.raises(PermissionError, match="no binding"):
        TwinServer(_answer, authority).start()


def test_it_is_started_once_and_before_it_is_used(authority: Authority) -> None:
    """The errors say so; to stop what was not started does nothing."""
    server = TwinServer(_answer, authority)

    server.stop()
    for use in (lambda: server.url, lambda: server.tls_address, server.drop_connections):
        with pytest.raises(LocalServerError, match=r"was not started\n  try   start\(\) first"):
            use()
    server.start()
    try:
        with pytest.raises(LocalServerError, match="was started before"):
            server.start()
    finally:
        server.stop()
    with pytest.raises(LocalServerError, match="is not running"):
        server.drop_connections()
