"""A proxy for what the redirect can't reach: the programs that a test starts, in whatever language.

Their environment tells them which proxy to use for https, and which certificates to believe; only a program
that heeds these variables is led this way. Tried: curl. By their documentation: Go, Ruby, and Node.js from
version 24 on. Not led: Java. Other hosts are reached directly, past a proxy that was named before.
A Python that has usagetwin is led whole, as this process is, whatever its client.
"""

import asyncio
import json
import os
import socket
import struct
import tempfile
from contextlib import ExitStack, closing, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.hosts import HOSTS, host_name
from usagetwin.tls.believed import BUNDLES, bundle
from usagetwin_checker.redirect.active import NO_PROXY
from usagetwin_checker.redirect.children import PATHS, told
from usagetwin_checker.redirect.listening import HERE, listen_here
from usagetwin_checker.redirect.loop_thread import LocalServerError, LoopThread
from usagetwin_checker.redirect.route import BlockedHostError, Route
from usagetwin_checker.redirect.wanted import Wanted, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.redirect.authority import Authority
    from usagetwin_checker.redirect.route import Address

TOLD: Final = "led.json"
SITE: Final = f'''\
"""Leads this Python as its parent is led, and loads the module of this name that it would have had."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except ImportError:
    sys.modules["sitecustomize"] = this
try:
    from usagetwin_checker.redirect.children import lead_from
except ImportError:
    pass  # another environment: the proxy leads it
else:
    lead_from(os.path.join(here, "{TOLD}"))
'''
NAME: Final = "the twin's proxy"
PROXIES: Final = ("HTTPS_PROXY", "https_proxy")
NODE_HEEDS_PROXIES: Final = "NODE_USE_ENV_PROXY"
CHUNK: Final = 65536
WITHIN_S: Final = 10.0  # how long a client has to say where it wants to go
ABRUPT: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, for no time: to close is to reset


class ConnectProxy:
    """A proxy for `CONNECT` and plain HTTP, from `start` to `stop`: the hosts' ports lead to local addresses.

    Other hosts are reached as they are, or refused with 403 where `block_others` is set; `option` is how
    the user turned that on, and the refusal says it.
    """

    def __init__(
        self,
        ports: "Mapping[int, Address]",
        authority: "Authority",
        *,
        hosts: "Iterable[str]" = HOSTS,
        block_others: bool = False,
        option: str = "block_others=True",
    ) -> None:
        names = frozenset(filter(None, map(host_name, hosts)))
        self._route: Final = Route(ports, authority, names, option if block_others else None)
        self._route.active = True
        self._files: Final = ExitStack()
        self._server: asyncio.Server | None = None
        self._thread: LoopThread | None = None
        self.address: Address = ("", 0)
        self._bundle = ""
        self._python = ""

    def start(self) -> None:
        """Start, and return once it answers. Raises what keeps it from that."""
        if self._thread is not None:
            problem = f"{NAME} was started before"
            raise LocalServerError(problem, "a proxy of its own for each start")
        with ExitStack() as undo:
            listener = undo.enter_context(listen_here())
            folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="usagetwin-")))
            self._route.doors.add(listener.getsockname())
            (folder / "certificates.pem").write_bytes(bundle(self._route.authority.pem))
            (folder / "python").mkdir()
            (folder / "python" / "sitecustomize.py").write_text(SITE, encoding="utf-8")
            (folder / "python" / TOLD).write_text(json.dumps(told(self._route)), encoding="utf-8")
            self._thread = LoopThread(NAME, at_end=self._close)
            self._files.push(undo.pop_all())
        self.address = listener.getsockname()
        self._bundle = str(folder / "certificates.pem")
        self._python = str(folder / "python")
        self._thread.start()
        self._thread.call(lambda: self._serve(listener))

    def stop(self) -> None:
        """End it and all that goes through it; a second call does nothing."""
        if self._thread is not None:
            with self._files:
                self._thread.stop()

    def environment(self) -> dict[str, str]:
        """Give what to add to the environment of a program.

        Raises LocalServerError when the proxy was not started.
        """
        if self._thread is None:
            problem = f"{NAME} was not started"
            raise LocalServerError(problem, "start() first")
        return {
            **dict.fromkeys(PROXIES, f"http://{HERE}:{self.address[1]}"),
            **{name: self._without_ours(os.environ.get(name, "")) for name in NO_PROXY},
            **dict.fromkeys(BUNDLES, self._bundle),
            NODE_HEEDS_PROXIES: "1",
            PATHS: os.pathsep.join(filter(None, [self._python, os.environ.get(PATHS)])),
        }

    def _without_ours(self, no_proxy: str) -> str:
        entries = (entry.strip() for entry in no_proxy.split(","))
        return ",".join(entry for entry in entries if entry and not self._matches(entry))

    def _matches(self, entry: str) -> bool:
        ending = entry.lower().lstrip("*.")
        return any(f".{host}".endswith(f".{ending}") for host in self._route.hosts) or not ending

    async def _serve(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._answer, sock=listener)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()  # the thread cancels what goes through it

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._lead(wanted(head), reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            writer.transport.abort()  # it said nothing that can be answered, or has left
        finally:
            writer.close()

    async def _lead(
        self, asked: Wanted | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if asked is None:
            reason = f"{NAME} takes CONNECT host:port, and requests for http:// URLs"
            await _refuse(writer, HTTPStatus.METHOD_NOT_ALLOWED, reason)
            return
        try:
            address = self._route.address((asked.host, asked.port), socket.AF_INET)
            far_reader, far_writer = await asyncio.open_connection(*address)
        except BlockedHostError as error:
            await _refuse(writer, HTTPStatus.FORBIDDEN, str(error))
        except OSError as error:
            await _refuse(writer, HTTPStatus.BAD_GATEWAY, str(error))
        else:
            writer.write(asked.told)
            far_writer.write(asked.said)
            with closing(far_writer):
                await asyncio.gather(_pump(reader, far_writer, writer), _pump(far_reader, writer, far_writer))


async def _refuse(writer: asyncio.StreamWriter, status: HTTPStatus, reason: str) -> None:
    body = f"{reason}\n".encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "content-type: text/plain",
        f"content-length: {len(body)}",
        "connection: close",
        "\r\n",
    )
    writer.write("\r\n".join(head).encode() + body)
    await writer.drain()


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, other_sink: asyncio.StreamWriter
) -> None:
    """Pass on what comes; where one side ends or resets its connection, do so to the other."""
    try:
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except OSError:
        for writer in (sink, other_sink):
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
            writer.transport.abort()
