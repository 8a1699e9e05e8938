"""A proxy that somebody else runs: it notes all that it is sent, and answers CONNECT and SOCKS."""

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from usagetwin_checker.redirect.listening import listen_here
from usagetwin_checker.redirect.loop_thread import LoopThread

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

TOKEN = "api-a-real-one"


class RecordingProxy:
    """Says that the tunnel stands, and then speaks in the far host's place; `sent` is what came."""

    def __init__(self, far_context: "ssl.SSLContext | None" = None) -> None:
        """Take the TLS context of the far host that it plays, where it gets so far."""
        self._far_context = far_context
        self.sent = bytearray()
        self.address = ("", 0)

    @property
    def url(self) -> str:
        """Give its URL."""
        return f"http://{self.address[0]}:{self.address[1]}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Play proxy and far host to one client."""
        with suppress(OSError, EOFError):
            first = await reader.read(4096)
            self.sent += first
            if first.startswith(b"CONNECT"):
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._far(reader, writer)
            elif first.startswith(b"\x05"):
                writer.write(b"\x05\x00")
                self.sent += await reader.read(4096)
                writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
                await self._far(reader, writer)
            else:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfar!")
        writer.close()

    async def _far(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writer.drain()
        if self._far_context is not None:
            await writer.start_tls(self._far_context)
        self.sent += await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfar!")
        await writer.drain()


@contextmanager
def recording_proxy(far_context: "ssl.SSLContext | None" = None) -> "Iterator[RecordingProxy]":
    """Run one on a free port."""
    proxy = RecordingProxy(far_context)
    listener = listen_here()
    proxy.address = listener.getsockname()
    servers = []

    async def serve() -> None:
        servers.append(await asyncio.start_server(proxy.answer, sock=listener))

    async def close() -> None:
        for server in servers:
            server.close()

    thread = LoopThread("a proxy of somebody else", at_end=close)
    thread.start()
    try:
        thread.call(serve)
        yield proxy
    finally:
        thread.stop()
