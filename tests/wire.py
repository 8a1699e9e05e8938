"""Ask over a socket: with any bytes at all, or many times on one connection."""

import socket
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.acme import FULL, PATH
from tests.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_S: Final = 30
CREDENTIAL: Final = b"Authorization: " + FULL.encode() + b"\r\n"


def connection_to(url: str) -> HTTPConnection:
    """Make a connection that is kept alive; it opens with its first request."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    return HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)


def get(connection: HTTPConnection, query: str = "", headers: "Mapping[str, str] | None" = None) -> Answer:
    """Ask one GET on a connection, with a full token."""
    target = f"{PATH}?{query}" if query else PATH
    connection.request("GET", target, headers={"Authorization": FULL, **(headers or {})})
    return _read(connection.getresponse())


def send(url: str, raw: bytes) -> Answer:
    """Send exactly these bytes on a connection of their own, and read one answer."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S) as link:
        link.sendall(raw)
        response = HTTPResponse(link, method="HEAD" if raw.startswith(b"HEAD ") else "GET")
        response.begin()
        return _read(response)


def request(target: bytes, headers: bytes = CREDENTIAL, method: bytes = b"GET") -> bytes:
    """Write the bytes of a request; `headers` are whole lines."""
    return method + b" " + target + b" HTTP/1.1\r\nHost: twin\r\n" + headers + b"\r\n"


def _read(response: HTTPResponse) -> Answer:
    headers = tuple((name.lower(), value) for name, value in response.getheaders())
    return Answer(response.status, headers, response.read())
