"""The server process: the socket, the workers, the ready line and the stop. The twin itself is `app`."""

import asyncio
import gc
import logging.config
import os
import signal
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from usagetwin.account.world import load_world
from usagetwin.app import create_app
from usagetwin.asgi.access_log import AccessLog
from usagetwin.control.front import Control
from usagetwin.errors import SettingError
from usagetwin.serving.log import Log, Words
from usagetwin.serving.protocol import IDLE_S, Config, Protocol
from usagetwin.serving.workers import Workers
from usagetwin.settings import CONTROL_VARIABLE
from usagetwin.stage.plays import Limits, Plays
from usagetwin.stage.served import ServedStage

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from usagetwin.account.world import World
    from usagetwin.settings import Settings

BACKLOG: Final = 2048
ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 20_000  # one answer of a year has 365 points, each an object
STOP_WITHIN_S: Final = 9  # workers get 2 s more, and `--help` states 12: a process takes a moment to end

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"words": {"()": Words}},
    "handlers": {"log": {"()": Log, "formatter": "words"}},
    "loggers": {
        "usagetwin.access": {"handlers": ["log"], "level": "INFO", "propagate": False},
        "usagetwin.error": {"handlers": ["log"], "level": "ERROR", "propagate": False},
        "uvicorn.error": {"handlers": ["log"], "level": "ERROR", "propagate": False},
    },
}


def serve(  # noqa: PLR0913 -- what a server is started with
    settings: "Settings",
    *,
    world: "World",
    host: str,
    port: int,
    workers: int = 1,
    idle_s: float = IDLE_S,
    control: bool = False,
    ready: "Callable[[str], None]",
) -> None:
    """Serve the twin until SIGTERM or SIGINT; call `ready` with its URL once it answers.

    With `control` it can be told things while it runs, and with several workers it says why it can't.
    `world` is the one that the settings name; each of several workers loads it by itself.
    A client that takes longer than `idle_s` to send a request, or to take an answer, loses its connection.
    Port 0 takes a free one. Raises SettingError when the address can't be had, or the settings are wrong.
    """
    _leave_quietly()
    app = _app(settings, world, control=control, alone=workers == 1)  # what is wrong is said here, once
    listener = listen(host, port)
    url = _url(host, listener.getsockname()[1])
    if workers > 1:
        gc.enable()  # for this process, which starts and watches them
        logging.config.dictConfig(LOGGING)
        work = partial(_work, settings, idle_s, control=control)
        several = Workers(work, listener, number=workers, stop_within_s=STOP_WITHIN_S)
        status = several.run(lambda: ready(url))
        if status:
            problem = "the twin's processes ended before they served; what they printed says why"
            raise SettingError(problem, "--workers 1, which fails with the reason")
    else:
        Server(_config(app, idle_s), lambda: ready(url)).run([listener])


def _leave_quietly() -> None:
    """End at once, with status 0, when a signal comes before anything is served: there is nothing to lose."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def _work(
    settings: "Settings",
    idle_s: float,
    listener: socket.socket,
    started: "Callable[[], None]",
    *,
    control: bool,
) -> None:
    """Serve as one of several processes."""
    Server(_config(_app(settings, None, control=control, alone=False), idle_s), started).run([listener])


def _app(settings: "Settings", world: "World | None", *, control: bool, alone: bool) -> "ASGIApp":
    """Make the app of one process. Where there are others, it says that it can't be told anything."""
    if not control:
        return create_app(settings, world=world)
    token = os.environ.get(CONTROL_VARIABLE) or None
    if not alone:
        return Control(create_app(settings, world=world), None, token=token)
    served = ServedStage(settings, load_world(settings.world) if world is None else world, Plays(Limits()))
    return Control(AccessLog(served) if settings.access_log else served, served, token=token)


def _config(app: "ASGIApp", idle_s: float) -> Config:
    config = Config(
        app,
        http=Protocol,
        interface="asgi3",
        ws="none",  # an upgrade request is a GET like any other, whichever libraries are installed
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # nothing here depends on who asks
        server_header=False,
        log_config=LOGGING,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    config.idle_s = idle_s
    return config


def listen(host: str, port: int) -> socket.socket:
    """Bind a listening TCP socket. Raises SettingError, with the reason and a way out."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
    except (OSError, OverflowError, ValueError) as error:  # a name that is none is a ValueError
        problem = f"can't listen on {host}, port {port}: {error}"
        raise SettingError(
            problem, "another --port (0 takes a free one), or another --host", "host"
        ) from None
    return listener


class Server(uvicorn.Server):
    """uvicorn's server, which takes what waits in the kernel's queue before it closes the port."""

    def __init__(self, config: Config, started: "Callable[[], None]") -> None:
        """Take what to call once it serves."""
        super().__init__(config)
        self._tell_started: Final = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is in memory by then stays there, so the collector need not look at it again."""
        await super().startup(sockets)
        if self.should_exit:  # told to stop meanwhile, which older releases of uvicorn leave half done
            await self.shutdown(sockets)
            self.started = False
            return
        self._tell_started()
        gc.freeze()
        gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
        gc.enable()

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 -- uvicorn's signature
        """Stop, however often one is told to."""
        self.should_exit = True

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


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
