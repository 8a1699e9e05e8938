"""The server process: the socket, the workers, the ready line and the stop. The twin itself is `app`."""

import asyncio
import gc
import signal
import socket
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from usagetwin.app import create_app
from usagetwin.errors import SettingError
from usagetwin.serving.health import health
from usagetwin.serving.protocol import IDLE_S, Config, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.settings import Settings

BACKLOG: Final = 2048
READY_POLL_S: Final = 0.01
ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 20_000  # one answer of a year has 365 points, each an object
STOP_WITHIN_S: Final = 10
START_WITHIN_S: Final = 60  # a worker on a busy machine; uvicorn's 5 would end it half started, for ever
WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- where to reach what binds everywhere

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(message)s"},
        "named": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
        "named": {"class": "logging.StreamHandler", "formatter": "named"},
    },
    "loggers": {
        "usagetwin.access": {"handlers": ["plain"], "level": "INFO", "propagate": False},
        "usagetwin.error": {"handlers": ["named"], "level": "ERROR", "propagate": False},
        "uvicorn.error": {"handlers": ["named"], "level": "ERROR", "propagate": False},
    },
}


def serve(  # noqa: PLR0913 -- what a server is started with
    settings: "Settings",
    *,
    host: str,
    port: int,
    workers: int = 1,
    idle_s: float = IDLE_S,
    ready: "Callable[[str], None]",
) -> None:
    """Serve the twin until SIGTERM or SIGINT; call `ready` with its URL once it answers.

    A client that takes longer than `idle_s` to send a request, or to take an answer, loses its connection.
    Port 0 takes a free one. Raises SettingError when the address can't be had, or the settings are wrong.
    """
    app = create_app(settings)  # what is wrong with them is said here, once, before anything starts
    listener = listen(host, port)
    config = Config(
        app if workers == 1 else partial(create_app, settings),
        factory=workers > 1,
        http=Protocol,
        ws="none",  # an upgrade request is a GET like any other, whichever libraries are installed
        lifespan="on",
        workers=workers,
        access_log=False,
        proxy_headers=False,  # nothing here depends on who asks
        server_header=False,
        log_config=LOGGING,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        timeout_worker_healthcheck=START_WITHIN_S,
    )
    config.idle_s = idle_s
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn puts these back, and raises again what it caught
        signal.signal(number, lambda *_: sys.exit(0))
    threading.Thread(target=_announce, args=(listener, host, ready), daemon=True).start()
    if workers > 1:
        gc.enable()  # for this process, which starts and watches them
        _Workers(config, [listener]).run()
    else:
        Server(config).run([listener])


def listen(host: str, port: int) -> socket.socket:
    """Bind a listening TCP socket. Raises SettingError, with the reason and a way out."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
    except (OSError, OverflowError) as error:
        problem = f"can't listen on {host}, port {port}: {error}"
        raise SettingError(problem, "another --port (0 takes a free one), or another --host") from None
    return listener


class Server(uvicorn.Server):
    """uvicorn's server, which takes what waits in the kernel's queue before it closes the port."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is in memory by then stays there, so the collector need not look at it again."""
        await super().startup(sockets)
        gc.freeze()
        gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
        gc.enable()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: no connection that a client has made is dropped unanswered."""
        listeners = sockets or []
        held = [listener.dup() for listener in listeners]
        for server in self.servers:
            server.close()
        for listener in listeners:
            listener.close()
        loop = asyncio.get_running_loop()
        for waiting in [link for listener in held for link in _accepted(listener)]:
            await loop.connect_accepted_socket(self._protocol, waiting, ssl=self.config.ssl)
        await super().shutdown(sockets)

    def _protocol(self) -> Protocol:
        return Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _accepted(listener: socket.socket) -> list[socket.socket]:
    """Accept all that waits, and close the port in the same breath."""
    waiting = []
    listener.setblocking(False)  # noqa: FBT003 -- the standard library's signature
    with listener:
        while True:
            try:
                waiting.append(listener.accept()[0])
            except OSError:
                return waiting


class _Worker(Process):
    """A process that runs our server."""

    @property
    def server(self) -> uvicorn.Server:
        """Give the server, made in the process that runs it."""
        if self._server is None:
            self._server = Server(self.config)
        return self._server


class _Workers(Multiprocess):
    """The processes: while they start, Ctrl-C is their parent's; the last one to stop closes the port."""

    def init_processes(self) -> None:
        """Start them."""
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a process inherits what is ignored
        for _ in range(self.processes_num):
            worker = _Worker(self.config, self.sockets)
            worker.start()
            self.processes.append(worker)
        signal.signal(signal.SIGINT, handler)

    def terminate_all(self) -> None:
        """Stop them."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _announce(listener: socket.socket, host: str, ready: "Callable[[str], None]") -> None:
    port = listener.getsockname()[1]
    reachable = _url(WILDCARDS.get(host, host), port)
    while health(reachable) is not None:
        time.sleep(READY_POLL_S)
    ready(_url(host, port))


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
