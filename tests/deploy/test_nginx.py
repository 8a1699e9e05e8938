"""nginx, as `deploy/nginx` configures it: what it passes on to a twin, and when it asks another one."""

import http.client
import threading
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.acme import PATH
from tests.checker.raw_server import RawServer, answer, answering, saying
from tools.balanced import CONFIGURATION, NoNginxError, balanced, configured

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from tests.checker.raw_server import Respond


@contextmanager
def before(folder: "Path", *responds: "Respond") -> "Iterator[tuple[str, list[RawServer]]]":
    """Have nginx in front of one server for each way to respond, or skip the test."""
    with ExitStack() as stack:
        servers = [stack.enter_context(answering(respond)) for respond in responds]
        try:
            nginx = stack.enter_context(balanced([server.server_address[1] for server in servers], folder))
        except NoNginxError as error:
            pytest.skip(str(error))
        yield nginx.url, servers


def hanging_up(_link: "socket.socket", _head: bytes) -> None:
    """Take a request, and answer nothing: the connection ends."""


def asked(url: str, method: str, path: str = PATH, body: bytes | None = None) -> int:
    """Ask nginx, by LaunchDarkly's name, and give the status."""
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
        connection.request(method, path, body, {"Host": "app.launchdarkly.com:8080"})
        reply = connection.getresponse()
        reply.read()
        return reply.status


def heads(servers: list[RawServer]) -> list[bytes]:
    """Give what reached the servers."""
    return [head for server in servers for head in server.heads]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_what_can_be_asked_twice_is_asked_of_another_twin(tmp_path: "Path", method: str) -> None:
    """One after the other, until one answers: the client notices nothing."""
    with before(tmp_path, hanging_up, hanging_up, saying(answer(b"{}"))) as (url, servers):
        statuses = [asked(url, method) for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert len(heads(servers)) > 3


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_may_have_happened_is_not_asked_for_twice(tmp_path: "Path", method: str) -> None:
    """A play would be made twice, or the clock be moved twice."""
    with before(tmp_path, hanging_up, hanging_up, hanging_up) as (url, servers):
        status = asked(url, method, "/__twin__/plays", b"{}")

    assert (status, len(heads(servers))) == (502, 1)


def test_a_twins_own_503_reaches_the_client(tmp_path: "Path") -> None:
    """It is a fault that somebody asked for, and not a twin that is gone."""
    with before(tmp_path, saying(answer(b"{}", "503 Service Unavailable"))) as (url, servers):
        status = asked(url, "GET")

    assert (status, len(heads(servers))) == (503, 1)


def test_the_host_reaches_the_twin_as_the_client_has_written_it(tmp_path: "Path") -> None:
    """The log and the control API read it."""
    with before(tmp_path, saying(answer(b"{}"))) as (url, servers):
        asked(url, "GET")

    assert b"\r\nHost: app.launchdarkly.com:8080\r\n" in heads(servers)[0]


def test_a_connection_to_a_twin_is_kept(tmp_path: "Path") -> None:
    """It is not asked to close it; each new one would cost as much as an answer."""
    with before(tmp_path, saying(answer(b"{}"))) as (url, servers):
        asked(url, "GET")

    assert b"connection: close" not in heads(servers)[0].lower()
    assert heads(servers)[0].startswith(b"GET " + PATH.encode() + b" HTTP/1.1\r\n")


def test_events_come_as_they_are_said(tmp_path: "Path") -> None:
    """The client has read the first before the twin says the second."""
    was_read = threading.Event()

    def telling(link: "socket.socket", _head: bytes) -> None:
        link.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n"
        )
        link.sendall(b"data: 2\n\n" if was_read.wait(20) else b"data: nobody has read the first\n\n")

    with (
        before(tmp_path, telling) as (url, _),
        closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection,
    ):
        connection.request("GET", "/__twin__/page/requests/stream")
        reply = connection.getresponse()
        first = reply.readline()
        was_read.set()
        rest = reply.read()

    assert (first, rest) == (b"data: 1\n", b"\ndata: 2\n\n")


def test_the_configuration_is_that_of_the_file() -> None:
    """But for the servers and the port, which are those of a test."""
    text = CONFIGURATION.read_text("utf-8")
    ours = configured(text, [1, 2], 3).splitlines()

    assert [line for line in text.splitlines() if line not in ours] == [
        *(f"    server twin-{number}:8080 max_fails=0;" for number in (1, 2, 3)),
        "    listen 8080;",
    ]
    assert [line for line in ours if line not in text.splitlines()] == [
        "    server 127.0.0.1:1 max_fails=0;",
        "    server 127.0.0.1:2 max_fails=0;",
        "    listen 127.0.0.1:3;",
    ]


def test_a_configuration_without_servers_is_refused() -> None:
    """Instead of nginx in front of nothing."""
    with pytest.raises(NoNginxError, match="has no line 'server NAME:PORT"):
        configured("server { listen 8080; }", [1], 2)
