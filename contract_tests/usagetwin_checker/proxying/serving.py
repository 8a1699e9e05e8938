"""A proxy as a server process: where it listens, until a signal ends it.

Rule: what its server has to say of errors is said by the proxy, which catches them; nothing else is logged.
"""

import signal
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from usagetwin.errors import SettingError
from usagetwin.recordings.addresses import PORTS
from usagetwin.serving.listeners import listen, url_of
from usagetwin.serving.protocol import Config, Protocol
from usagetwin.serving.server import Server
from usagetwin_checker.proxying.app import ABSOLUTE, ENDED
from usagetwin_checker.talking.base_urls import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from usagetwin.serving.listeners import Tls
    from usagetwin_checker.proxying.app import Proxy
    from usagetwin_checker.proxying.upstream import Upstream

STOP_WITHIN_S: Final = 9
LAST_S: Final = 8.5  # how long upstream may still take to answer then
SILENT: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"uvicorn.error": {"level": "CRITICAL", "propagate": False}},
}


def serve(
    proxy: "Proxy",
    upstream: "Upstream",
    place: tuple[str, int],
    tls: "Tls | None",
    ready: "Callable[..., None]",
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; call `ready` with its URLs, that of HTTPS second.

    Raises SettingError.
    """
    host, port = place
    if upstream.is_here and upstream.port in {port, None if tls is None else tls.port}:
        problem = f"--upstream {upstream.base_url} is the proxy itself"
        raise SettingError(problem, "another --upstream, or another --port")
    context = None if tls is None else tls.context()
    listeners = [listen(host, port)]
    urls = [url_of(listeners[0], host)]
    if tls is not None:
        listeners.append(listen(host, tls.port, "--tls-port"))
        urls.append(url_of(listeners[1], host, "https"))
    config = Config(
        _lasting(proxy),
        http=_Connection,
        interface="asgi3",
        ws="none",
        lifespan="on",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        log_config=SILENT,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    config.last_s = LAST_S
    server = Server(config, lambda: ready(*urls), context, alone=True)
    _end_with_the_terminal(server)
    server.run(listeners)


class _Connection(Protocol):
    """A connection that knows when it is taken for one to a proxy for any host."""

    def on_headers_complete(self) -> None:
        """Note whether the request names its host in its target; each request has a note of its own."""
        is_for_others = not self.url.startswith((b"/", b"*")) and not self._is_here()
        self._extensions = {**self._extensions, ABSOLUTE: is_for_others}
        super().on_headers_complete()

    def _is_here(self) -> bool:
        """Tell whether a target that names its host names this proxy, as every server has to take it."""
        scheme = "https" if self.transport.get_extra_info("sslcontext") else "http"
        host, port = self.transport.get_extra_info("sockname")[:2]
        try:
            parts = urlsplit(self.url.decode("ascii"))
            asked, named = parts.hostname or "", (parts.scheme, parts.port or PORTS[scheme])
        except ValueError:
            return False
        return named == (scheme, port) and (asked == host or (is_loopback(asked) and is_loopback(host)))

    def _abandon(self) -> None:
        """Note of each request without its answer whether it is the proxy that ends."""
        for cycle in self._due if self._stopping else ():
            cast("dict[str, object]", cycle.scope["extensions"])[ENDED] = True
        super()._abandon()


def _end_with_the_terminal(server: Server) -> None:
    """Let a terminal that is closed end the server as Ctrl-C does, but for one begun with `nohup`."""
    number = getattr(signal, "SIGHUP", None)
    if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, server.handle_exit)


def _lasting(proxy: "Proxy") -> "Callable[[Scope, Receive, Send], object]":
    """Give an app that lets go of upstream once the server has answered all."""

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "lifespan":
            await proxy(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await proxy.close()
        await send({"type": "lifespan.shutdown.complete"})

    return app
