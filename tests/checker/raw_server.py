"""A server that answers each connection with whatever bytes a test says, and is always ended."""

import socketserver
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    Respond = Callable[[socket.socket, bytes], None]

WITHIN_S: Final = 30
HEAD_END: Final = b"\r\n\r\n"


class RawServer(socketserver.ThreadingTCPServer):
    """Read the head of each request, let `respond` write to the socket, and close it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, respond: "Respond") -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self.heads: Final[list[bytes]] = []
        self.ended: Final = threading.Event()

    @property
    def url(self) -> str:
        """Give the base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone: that is what a client does with such a server."""


class _Handler(socketserver.BaseRequestHandler):
    server: RawServer

    def handle(self) -> None:
        self.request.settimeout(WITHIN_S)
        head = b""
        while HEAD_END not in head:
            piece = self.request.recv(65536)
            if not piece:
                return
            head += piece
        self.server.heads.append(head)
        self.server.respond(self.request, head)


@contextmanager
def answering(respond: "Respond") -> "Iterator[RawServer]":
    """Serve until the block is left."""
    with RawServer(respond) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join(WITHIN_S)


def saying(*pieces: bytes) -> "Respond":
    """Give a `respond` that writes these bytes, whatever is asked."""

    def respond(link: "socket.socket", _head: bytes) -> None:
        for piece in pieces:
            link.sendall(piece)

    return respond


def answer(body: bytes = b"", status: str = "200 OK", headers: bytes = b"") -> bytes:
    """Write a whole answer; `headers` are whole lines."""
    json = b"" if b"content-type" in headers.lower() else b"Content-Type: application/json\r\n"
    length = b"Content-Length: %d\r\n" % len(body)
    return (
        b"HTTP/1.1 "
        + status.encode()
        + b"\r\nConnection: close\r\n"
        + json
        + length
        + headers
        + b"\r\n"
        + body
    )
