"""The server process: the socket, the workers, the ready line and the stop. The twin itself is `app`."""

import asyncio
import gc
import logging.config
import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

import uvicorn

from usagetwin.errors import SettingError, UsageTwinError
from usagetwin.serving.assembly import Parts, Wanted, assembled, config_of
from usagetwin.serving.listeners import BACKLOG, listen, take_no_more, url_of
from usagetwin.serving.protocol import IDLE_S, Config, Protocol
from usagetwin.serving.run_folder import run_folder
from usagetwin.serving.workers import Workers

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from usagetwin.account.world import World
    from usagetwin.serving.listeners import Tls
    from usagetwin.serving.workers import Work
    from usagetwin.settings import Settings

ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 20_000  # one answer of a year has 365 points, each an object
QUEUED_WITHIN_S: Final = 0.05  # a connection that the kernel has begun to make, at the stop
HANDSHAKE_AT_STOP_S: Final = 1.0  # how long a client may still take to begin with TLS, once the server stops
TICKS_A_SECOND: Final = 10
PLAIN: Final = Wanted()
STOP_WITHIN_S: Final = 9  # workers get 2 s more, and `--help` states 12: a process takes a moment to end


def serve(  # noqa: PLR0913 -- what a server is started with
    settings: "Settings",
    *,
    world: "World | None",
    host: str,
    port: int,
    workers: int = 1,
    idle_s: float = IDLE_S,
    wanted: Wanted = PLAIN,
    tls: "Tls | None" = None,
    instead: "ASGIApp | None" = None,
    ready: "Callable[..., None]",
) -> None:
    """Serve the twin until SIGTERM or SIGINT; call `ready` with its URL once it answers.

    With `tls` it answers HTTPS as well, on a port of its own, whose URL is the second one of `ready`.

    With `wanted.control` it can be told things while it runs, and with several workers it says why it can't;
    with `wanted.page` it shows itself to browsers.
    `world` is the one that the settings name; each of several workers loads it by itself. `instead` answers
    in the twin's place, from one process.
    A client that takes longer than `idle_s` to send a request, or to take an answer, loses its connection.
    Port 0 takes a free one. Raises SettingError when the address can't be had, or the settings are wrong.
    """
    _leave_quietly()
    alone = workers == 1
    own = wanted if alone else replace(wanted, traces=False)  # of a process that answers nothing
    parts = assembled(settings, world, own, alone=alone, instead=instead)  # what is wrong is said here, once
    context = None if tls is None else tls.context()
    listeners = [listen(host, port)]
    urls = [url_of(listeners[0], host)]
    if tls is not None:
        listeners.append(listen(host, tls.port, "--tls-port"))
        urls.append(url_of(listeners[1], host, "https"))
    if workers > 1:
        gc.enable()  # for this process, which starts and watches them
        logging.config.dictConfig(parts.logging)
        with run_folder() as folder:
            works = _Works(settings, idle_s, wanted, tls, folder)
            several = Workers(
                works.first(), listeners, number=workers, stop_within_s=STOP_WITHIN_S, again=works.again
            )
            status = several.run(lambda: ready(*urls))
        if status:
            problem = "the twin's processes ended before they served; what they printed says why"
            raise SettingError(problem, "--workers 1, which fails with the reason")
    else:
        Server(
            config_of(parts, idle_s, stop_within_s=STOP_WITHIN_S),
            lambda: ready(*urls),
            context,
            parts=parts,
            alone=True,
        ).run(listeners)


class _Works:
    """What each worker does; those that are begun anew show certificates that are read anew."""

    def __init__(
        self, settings: "Settings", idle_s: float, wanted: Wanted, tls: "Tls | None", folder: str
    ) -> None:
        self._begin: Final = partial(_work, settings, idle_s, wanted=wanted, folder=folder)
        self._tls = tls

    def first(self) -> "Work":
        """Give what a worker does with the certificates as they are known."""
        return partial(self._begin, tls=None if self._tls is None else self._tls.alone)

    def again(self) -> "Work":
        """Give it with the certificates anew, or as they were where they can't be had."""
        try:
            self._tls = None if self._tls is None else self._tls.renewed()
        except UsageTwinError as error:
            words = "the certificates are those of before: %s"
            logging.getLogger("usagetwin.error").error(words, error)  # noqa: TRY400 -- no defect of ours
        return self.first()


def _leave_quietly() -> None:
    """End at once, with status 0, when a signal comes before anything is served: there is nothing to lose."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def _work(  # noqa: PLR0913 -- what a server is started with
    settings: "Settings",
    idle_s: float,
    listeners: "Sequence[socket.socket]",
    started: "Callable[[], None]",
    *,
    wanted: Wanted,
    tls: "Tls | None",
    folder: str,
) -> None:
    """Serve as one of several processes."""
    parts = assembled(settings, None, wanted, alone=False, folder=folder)
    context = None if tls is None else tls.context()
    Server(config_of(parts, idle_s, stop_within_s=STOP_WITHIN_S), started, context, parts=parts).run(
        list(listeners)
    )


class Server(uvicorn.Server):
    """uvicorn's server, which takes what waits in the kernel's queue before it closes the port.

    The first socket talks plain HTTP; with a `context` there is a second one, which talks TLS.
    """

    def __init__(
        self,
        config: Config,
        started: "Callable[[], None]",
        context: "ssl.SSLContext | None" = None,
        *,
        parts: Parts | None = None,
        alone: bool = False,
    ) -> None:
        """Take what to call once it serves, and whether no other process has its sockets.

        `parts` are those of the process: they learn whether it is ready, and leave what they count.
        """
        super().__init__(config)
        self._parts: Final = parts
        self._tell_started: Final = started
        self._context: Final = context
        self._alone: Final = alone
        self._secure: Final[
            list[asyncio.Server]
        ] = []  # not uvicorn's, which would wait for clients without TLS
        self._greeting: Final[WeakSet[Protocol]] = WeakSet()  # connections that may not have come past TLS

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; what is in memory by then stays there, so the collector need not look at it again."""
        plain, secure = (sockets or [])[:1], (sockets or [])[1:]
        await super().startup(plain)
        if self.should_exit:  # told to stop meanwhile, which older releases of uvicorn leave half done
            await self.shutdown(sockets)
            self.started = False
            return
        for listener in secure:
            await self._listen_for_tls(listener)
        self._say_ready(is_ready=True)
        self._tell_started()
        gc.freeze()
        gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
        gc.enable()

    async def _listen_for_tls(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        wait_s = getattr(self.config, "idle_s", IDLE_S)
        server = await loop.create_server(
            self._greeted, sock=listener, ssl=self._context, backlog=BACKLOG, ssl_handshake_timeout=wait_s
        )
        self._secure.append(server)

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 -- uvicorn's signature
        """Stop, however often one is told to."""
        self.should_exit = True
        self._say_ready(is_ready=False)

    async def on_tick(self, counter: int) -> bool:
        """Do what uvicorn does ten times a second, and leave what was counted once a second."""
        if counter % TICKS_A_SECOND == 0:
            self._leave_counts()
        return await super().on_tick(counter)

    def _say_ready(self, *, is_ready: bool) -> None:
        if self._parts is not None:
            self._parts.state.is_ready = is_ready

    def _leave_counts(self) -> None:
        if self._parts is not None and self._parts.shared is not None:
            self._parts.shared.leave()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: no connection that a client has made is dropped unanswered."""
        if self._parts is not None:
            self._parts.stopping.declare()
        listeners = sockets or []
        held = [listener.dup() for listener in listeners]
        for server in (*self.servers, *self._secure):
            server.close()
        for listener in listeners:
            listener.close()
        if self._alone:  # several processes stop one after another, and their parent says when all do
            for listener in held:
                take_no_more(listener)
        await self._take_all(held)
        await asyncio.sleep(QUEUED_WITHIN_S)
        await self._take_all(held)
        for listener in held:
            listener.close()
        await self._until_greeted()
        await super().shutdown(sockets)
        self._leave_counts()

    async def _take_all(self, listeners: list[socket.socket]) -> None:
        """Serve all that wait in the kernel's queues."""
        contexts = (None, self._context)
        await asyncio.gather(
            *(
                self._take(link, context)
                for listener, context in zip(listeners, contexts, strict=False)
                for link in _accepted(listener)
            )
        )

    async def _take(self, waiting: socket.socket, context: "ssl.SSLContext | None") -> None:
        """Serve a connection that waits; one that does not begin with TLS where it should is dropped."""
        within_s = None if context is None else HANDSHAKE_AT_STOP_S
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            await loop.connect_accepted_socket(
                self._protocol, waiting, ssl=context, ssl_handshake_timeout=within_s
            )

    async def _until_greeted(self) -> None:
        """Wait, for as short as that takes, for connections that are about to come past TLS."""
        until = time.monotonic() + HANDSHAKE_AT_STOP_S
        waiting = self._greeting
        while any(link.transport is None for link in waiting) and time.monotonic() < until:  # noqa: ASYNC110 -- one that fails tells nobody
            await asyncio.sleep(0.02)

    def _greeted(self) -> Protocol:
        protocol = self._protocol()
        self._greeting.add(protocol)
        return protocol

    def _protocol(self) -> Protocol:
        return Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _accepted(listener: socket.socket) -> list[socket.socket]:
    """Accept all that waits."""
    waiting = []
    listener.setblocking(False)  # noqa: FBT003 -- the standard library's signature
    while True:
        try:
            waiting.append(listener.accept()[0])
        except OSError:
            return waiting
