"""The server process: the socket, the workers, the ready line and the stop. The twin itself is `app`."""

import signal
import socket
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from mockserver.app import create_app
from mockserver.errors import SettingError
from mockserver.health import health
from mockserver.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from mockserver.settings import Settings

BACKLOG: Final = 2048
READY_POLL_S: Final = 0.01
STOP_WITHIN_S: Final = 10
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


def serve(
    settings: "Settings", *, host: str, port: int, workers: int = 1, ready: "Callable[[str], None]"
) -> None:
    """Serve the twin until SIGTERM or SIGINT; call `ready` with its URL once it answers.

    Port 0 takes a free one. Raises SettingError when the address can't be had, or the settings are wrong.
    """
    create_app(settings)  # so that what is wrong with them is said here, once, before anything starts
    listener = listen(host, port)
    config = uvicorn.Config(
        partial(create_app, settings),
        factory=True,
        http=Protocol,
        ws="none",  # an upgrade request is a GET like any other, whichever libraries are installed
        lifespan="on",
        workers=workers,
        access_log=False,
        server_header=False,
        log_config=LOGGING,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn puts these back, and raises again what it caught
        signal.signal(number, lambda *_: sys.exit(0))
    threading.Thread(target=_announce, args=(listener, host, ready), daemon=True).start()
    if workers > 1:
        Multiprocess(config, [listener]).run()
    else:
        uvicorn.Server(config).run([listener])


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


def _announce(listener: socket.socket, host: str, ready: "Callable[[str], None]") -> None:
    port = listener.getsockname()[1]
    reachable = _url(WILDCARDS.get(host, host), port)
    while health(reachable) is not None:
        time.sleep(READY_POLL_S)
    ready(_url(host, port))


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
