"""A client that speaks HTTP/2 alone is told in words, in the frames that it reads (RFC 9113, 4.1 and 6.8)."""

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.http2 import PREFACE
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

SETTINGS, GOAWAY, HTTP_1_1_REQUIRED = 4, 7, 13


async def _nobody(scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG001 -- ASGI's
    message = "nothing is asked"
    raise AssertionError(message)


@pytest.fixture
def server() -> "Iterator[TwinServer]":
    """Give a server."""
    server = TwinServer(_nobody, Authority())
    server.start()
    yield server
    server.stop()


def _frames(data: bytes) -> list[tuple[int, bytes]]:
    """Read frames: nine bytes of head, the first three of them the length, the fourth the type."""
    frames = []
    while data:
        length = int.from_bytes(data[:3], "big")
        frames.append((data[3], data[9 : 9 + length]))
        data = data[9 + length :]
    return frames


def _all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize("port", ["plain", "TLS"])
def test_http_2_is_refused_in_its_own_words(server: TwinServer, port: str) -> None:
    """With the code for it, and what to do as text."""
    address = server.plain_address if port == "plain" else server.tls_address
    context = ssl._create_unverified_context()  # noqa: S323, SLF001 -- the handshake is another test's
    context.set_alpn_protocols(["h2"])
    with socket.create_connection(address, timeout=10) as plain:
        connection = plain if port == "plain" else context.wrap_socket(plain)
        with connection:
            connection.sendall(PREFACE + bytes(9))
            frames = _frames(_all(connection))

    assert [kind for kind, _ in frames] == [SETTINGS, GOAWAY]
    last_stream, code, words = frames[1][1][:4], frames[1][1][4:8], frames[1][1][8:]
    assert (int.from_bytes(last_stream, "big"), int.from_bytes(code, "big")) == (0, HTTP_1_1_REQUIRED)
    assert words.startswith(b"The twin speaks HTTP/1.1")
