"""The server behind the tests of one run: an application on two ports of this machine, one of them with TLS.

It runs in a daemon thread. A forked child reaches it as its parent does, but can't stop it, nor drop its
connections. It sends no lifespan events, and touches neither signals, logging nor the garbage collector.
"""

import asyncio
import logging
import socket
from asyncio import sleep  # by name, as all here that a test may replace
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.server import ServerState

from usagetwin.hosts import HOSTS
from usagetwin.serving.protocol import Protocol
from usagetwin_checker.redirect.listening import BACKLOG, listen_here
from usagetwin_checker.redirect.loop_thread import LocalServerError, LoopThread
from usagetwin_checker.testing.http2 import PREFACE, REFUSAL

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.types import ASGIApp

    from usagetwin_checker.redirect.authority import Authority

    Address = tuple[str, int]

KEEP_ALIVE_S: Final = 3600  # a test may pause in a debugger, and its client keeps its connections
NAME: Final = "the test's twin server"
LOGGER: Final = logging.getLogger("usagetwin.testing")

__all__ = ["LocalServerError", "TwinServer"]


class TwinServer:
    """An application, served from `start` to `stop`. Certificates are made for `hosts`.

    `at_end` is run once all connections are closed, in the event loop that served.
    """

    def __init__(
        self,
        app: "ASGIApp",
        authority: "Authority",
        *,
        hosts: "Iterable[str]" = HOSTS,
        tls_port: int = 0,
        at_end: "Callable[[], Awaitable[None]] | None" = None,
    ) -> None:
        self._config: Final = _config(app)
        self._authority: Final = authority
        self._hosts: Final = tuple(hosts)
        self._tls_port: Final = tls_port
        self._at_end: Final = at_end
        self._state: Final = _State()
        self._servers: Final[list[asyncio.Server]] = []
        self._listeners: tuple[socket.socket, ...] = ()
        self._addresses: tuple[Address, ...] = ()
        self._thread: LoopThread | None = None

    @property
    def url(self) -> str:
        """The base URL of the plain port."""
        host, port = self.plain_address
        return f"http://{host}:{port}"

    @property
    def plain_address(self) -> "Address":
        """Where it talks plain HTTP."""
        return self._address(0)

    @property
    def tls_address(self) -> "Address":
        """Where it talks HTTP over TLS."""
        return self._address(1)

    @property
    def routes(self) -> "dict[int, Address]":
        """Where the ports of the real hosts lead."""
        return {80: self.plain_address, 443: self.tls_address}

    def start(self) -> None:
        """Start, and return once both ports answer. Raises what keeps it from that."""
        if self._thread is not None:
            problem = f"{NAME} was started before"
            raise LocalServerError(problem, "a server of its own for each start")
        context = self._authority.server_context(self._hosts)
        with ExitStack() as undo:
            ports = (0, self._tls_port)
            self._listeners = tuple(undo.enter_context(listen_here(port)) for port in ports)
            self._thread = LoopThread(NAME, at_end=self._close)
            undo.pop_all()
        self._addresses = tuple(listener.getsockname() for listener in self._listeners)
        self._thread.start()
        self._thread.call(partial(self._serve, (None, context)))

    def stop(self) -> None:
        """Drop all connections, close both ports and end the thread; a second call does nothing.

        Raises LocalServerError when the server had failed.
        """
        if self._thread is not None:
            self._thread.stop()

    def drop_connections(self) -> None:
        """End all connections that clients have made so far, and return when that is done.

        What is being answered on them is lost. Raises LocalServerError when the server does not run.
        """
        self._running().call(self._drop)

    def _running(self) -> LoopThread:
        if self._thread is None:
            problem = f"{NAME} was not started"
            raise LocalServerError(problem, "start() first")
        return self._thread

    def _address(self, number: int) -> "Address":
        self._running()
        return self._addresses[number]

    async def _serve(self, contexts: "tuple[ssl.SSLContext | None, ...]") -> None:
        loop = asyncio.get_running_loop()
        make = partial(_Connection, config=self._config, server_state=self._state, app_state={})
        for listener, context in zip(self._listeners, contexts, strict=True):
            server = await loop.create_server(make, sock=listener, ssl=context, backlog=BACKLOG)
            self._servers.append(server)

    async def _drop(self) -> None:
        for _ in range(3):  # turns of the loop, in which it accepts who has connected before this
            await sleep(0)
        self._state.drops += 1
        await self._state.abort_all()

    async def _close(self) -> None:
        """Close ports and connections; a fork that holds a copy of them keeps nothing open."""
        for listener in self._listeners:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        for server in self._servers:
            server.close()
        for listener in self._listeners:
            listener.close()
        await self._state.abort_all()
        if self._at_end is not None:
            await self._at_end()


class _State(ServerState):
    """What the connections of one server share; `drops` counts how often they were all dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.drops = 0

    async def abort_all(self) -> None:
        """Abort what is open, and wait until it is closed."""
        connections = [link for link in self.connections if isinstance(link, _Connection)]
        for connection in connections:
            _abort(connection.transport)
        for connection in connections:
            await connection.lost.wait()


class _Connection(Protocol):
    """A connection that ends with all others, and refuses HTTP/2 in its own words.

    It is made when its client is accepted, but counts as open only after the TLS handshake: one that was
    in its handshake when all were dropped is dropped then.
    """

    def __init__(self, *, server_state: _State, **options: Any) -> None:  # noqa: ANN401 -- uvicorn's to say
        super().__init__(server_state=server_state, **options)
        self.access_log = False  # the logger of that name may be somebody's who serves an application
        self.logger = LOGGER
        self._state: Final = server_state
        self._drops: Final = server_state.drops
        self.lost: Final = asyncio.Event()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # -- uvicorn's
        """Begin, unless it was dropped before."""
        super().connection_made(transport)
        if self._drops != self._state.drops:
            _abort(transport)

    def data_received(self, data: bytes) -> None:
        """Refuse HTTP/2 in its own words; read everything else."""
        if data.startswith(PREFACE):
            self.transport.write(REFUSAL)
            self.transport.close()
            return
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait for the end."""
        super().connection_lost(exc)
        self.lost.set()


def _abort(transport: asyncio.Transport) -> None:
    """End a connection at once, also where a forked child holds a copy of its socket."""
    connection = transport.get_extra_info("socket")
    if connection is not None:  # TLS lets go of it a turn of the loop before it tells of the end
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    transport.abort()


class _Config(uvicorn.Config):
    """uvicorn's settings, without what they do to the loggers of the whole process."""

    def configure_logging(self) -> None:
        """Leave them as they are."""


def _config(app: "ASGIApp") -> uvicorn.Config:
    config = _Config(
        app,
        http=_Connection,
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    config.load()
    return config
