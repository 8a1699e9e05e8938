"""What a twin says of itself to those who watch it: that it lives, that it is ready, and what it has counted.

Rule: they ask from other machines, by whatever name, and have no token; so nothing is said here that is a
secret, and nothing can be changed.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import header
from usagetwin.encoding import JSON_TYPE, encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    Metrics = Callable[[str], tuple[bytes, str]]  # of what is accepted: the text, and its content type

PREFIX: Final = "/__twin__"
HEALTH: Final = f"{PREFIX}/health"
LIVE: Final = f"{HEALTH}/live"
READY: Final = f"{HEALTH}/ready"
METRICS: Final = f"{PREFIX}/metrics"
ALLOWED: Final = (b"allow", b"GET, HEAD")


class State:
    """Whether the process takes requests: not before it has started, and not while it stops."""

    def __init__(self) -> None:
        """Have begun to start."""
        self.is_ready = False


class Probes:
    """Answer those who watch; all other requests pass."""

    def __init__(self, app: "ASGIApp", state: State, metrics: "Metrics | None") -> None:
        """Take what answers all others; without metrics, their path is as any unknown one."""
        self._app: Final = app
        self._state: Final = state
        self._metrics: Final = metrics

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        path = scope["path"]
        if path in {HEALTH, LIVE, READY}:
            await _leave(*self._health(path), scope, send)
        elif path == METRICS and self._metrics is not None:
            text, kind = self._metrics(header(scope, b"accept") or "")
            await _leave(HTTPStatus.OK, text, (b"content-type", kind.encode("ascii")), scope, send)
        else:
            await self._app(scope, receive, send)

    def _health(self, path: str) -> tuple[int, bytes, tuple[bytes, bytes]]:
        ready = self._state.is_ready
        is_well = path == LIVE or ready
        document = {"live": True} if path == LIVE else {"live": True, "ready": ready}
        return HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE, encode(document), JSON_TYPE


class Watched:
    """A twin that can't be told anything, and can be watched."""

    def __init__(self, twin: "ASGIApp", state: State, metrics: "Metrics | None") -> None:
        """Take what answers all other requests."""
        self._twin: Final = twin
        self._probes: Final = Probes(twin, state, metrics)

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request; a coroutine of its own would cost."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        return (self._probes if is_ours else self._twin)(scope, receive, send)


async def _leave(status: int, body: bytes, kind: tuple[bytes, bytes], scope: "Scope", send: "Send") -> None:
    """Send an answer that nobody may keep; other methods than GET and HEAD are refused."""
    headers = [kind, (b"cache-control", b"no-store")]
    if scope["method"] not in {"GET", "HEAD"}:
        status, body = HTTPStatus.METHOD_NOT_ALLOWED, encode({"code": "method_not_allowed"})
        headers = [JSON_TYPE, ALLOWED]
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
