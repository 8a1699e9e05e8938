"""A running twin as an ASGI app: what is asked here is asked there, the target byte for byte.

Each request has a connection of its own, so that nothing is left open, whichever loop and thread it ran in.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.asgi.notes import target
from usagetwin.errors import SettingError, quoted
from usagetwin.hosts import HOSTS, host_name
from usagetwin.stage.replies import WholeAnswer, error, leave

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from httpx import Request
    from starlette.types import Receive, Scope, Send

    Headers = Iterable[tuple[bytes, bytes]]

WITHIN_S: Final = 30.0
HOP_BY_HOP: Final = frozenset(  # RFC 9110, 7.6.1: they belong to one connection
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
MADE_AGAIN: Final = frozenset(
    (b"host", b"content-length", b"expect")
)  # for the other connection, or not at all


class Forwarding:
    """The twin at a base URL, whose path is kept."""

    def __init__(self, url: str) -> None:
        """Take the base URL. Raises SettingError for one that can't be asked."""
        self.url: Final = _checked(url)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request as the running twin does; 502, with the reason, if it doesn't."""
        import httpx  # slow to import, and most tests have a twin of their own

        body = (await receive()).get("body", b"")
        try:
            answer = await self._asked(self._request(scope, body))
        except (httpx.HTTPError, OSError) as failure:
            reason = f"{type(failure).__name__}: {failure}" if str(failure) else type(failure).__name__
            message = f"The running twin at {self.url} gave no answer that can be read: {reason}"
            answer = error(502, "bad_gateway", message)
        await leave(answer, scope, send)

    def _request(self, scope: "Scope", body: bytes) -> "Request":
        import httpx

        path = urlsplit(self.url).path.encode("ascii")
        sent = [header for header in _end_to_end(scope["headers"]) if header[0].lower() not in MADE_AGAIN]
        extensions = {
            "target": path + target(scope).encode("latin-1"),
            "timeout": httpx.Timeout(WITHIN_S).as_dict(),
        }
        content = body or None
        return httpx.Request(scope["method"], self.url, headers=sent, content=content, extensions=extensions)

    async def _asked(self, request: "Request") -> WholeAnswer:
        import httpx

        async with httpx.AsyncHTTPTransport(verify=self._verify) as connection:
            response = await connection.handle_async_request(request)
            body = b"".join([part async for part in response.aiter_raw()])
        headers = tuple((name.lower(), value) for name, value in _end_to_end(response.headers.raw))
        return WholeAnswer(response.status_code, headers, body)

    @cached_property
    def _verify(self) -> "ssl.SSLContext | bool":
        import httpx

        return httpx.create_ssl_context() if urlsplit(self.url).scheme == "https" else False


def _end_to_end(headers: "Headers") -> list[tuple[bytes, bytes]]:
    """Give the headers that concern more than one connection."""
    named = list(headers)
    dropped = set(HOP_BY_HOP)
    for name, value in named:
        if name.lower() == b"connection":
            dropped.update(option.strip().lower() for option in value.split(b","))
    return [(name, value) for name, value in named if name.lower() not in dropped]


def _checked(url: str) -> str:
    """Give a base URL without a slash at its end. Raises SettingError, which never shows a password."""
    remedy = "the base URL of a running twin, such as http://127.0.0.1:8080"
    if "@" in url:
        problem = "the twin's URL has a user name or password, or an @ elsewhere"
        raise SettingError(problem, remedy)
    problem = f"the twin's URL {quoted(url)} can't be asked"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError:
        raise SettingError(problem, remedy) from None
    plain = url.isascii() and url.isprintable() and not {" ", "?", "#"} & set(url)
    if not plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingError(problem, remedy)
    if host_name(parts.hostname) in HOSTS:
        problem = f"{parts.hostname} leads to the twin itself while a test runs, so it can't be asked"
        raise SettingError(problem, f"{remedy}; `usagetwin check {url}` judges the live API")
    return url.rstrip("/")
