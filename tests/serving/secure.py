"""A twin that is served with HTTPS, and clients that trust its authority."""

import ssl
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.acme import NOW
from tests.served import served
from tests.wire import get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.answer import Answer
    from tests.served import Twin

WITHIN_S: Final = 30


class Ported(HTTPSConnection):
    """A connection that asks for one name, and goes to this machine."""

    def __init__(self, name: str, port: int, context: ssl.SSLContext) -> None:
        """Take where to go, and for whom to ask."""
        super().__init__(name, port, context=context, timeout=WITHIN_S)
        self._name = name
        self._context_of_it = context

    def connect(self) -> None:
        """Connect to this machine, under the other name."""
        plain = HTTPConnection("127.0.0.1", self.port, timeout=WITHIN_S)
        plain.connect()
        self.sock = self._context_of_it.wrap_socket(plain.sock, server_hostname=self._name)


def urls(twin: "Twin") -> tuple[str, str]:
    """Give the URLs of the ready line: HTTP's and HTTPS's."""
    plain, secure = twin.url.split(" and ")
    return plain, secure


def port_of(twin: "Twin") -> int:
    """Give the port of HTTPS."""
    port = urlsplit(urls(twin)[1]).port
    assert port is not None
    return port


@contextmanager
def secured(folder: "Path", *options: str) -> "Iterator[Twin]":
    """Serve a twin with HTTPS, whose authority is kept in a folder."""
    with served("--now", NOW, "--tls", "--tls-port", "0", "--ca-dir", str(folder), *options) as twin:
        yield twin


def trusting(folder: "Path") -> ssl.SSLContext:
    """Make a client's context that trusts the authority in a folder, and no other."""
    return ssl.create_default_context(cafile=folder / "ca.pem")


def asked(name: str, port: int, context: ssl.SSLContext, query: str = "") -> "Answer":
    """Ask the twin on a port of this machine under a name."""
    with closing(Ported(name, port, context)) as connection:
        return get(connection, query)
