"""Where a proxy passes requests on to: one host that may be asked, over TLS unless it is this machine.

Rule: a request goes nowhere else, in no other form, and once: nothing is followed, tried again or normalized.
"""

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from usagetwin.errors import SettingError, quoted
from usagetwin_checker.talking.base_urls import base_url_of, is_this_machine
from usagetwin_checker.talking.failures import explained
from usagetwin_checker.talking.live.allowed import refuse_not_allowed
from usagetwin_checker.talking.proxies import proxy_for
from usagetwin_checker.talking.trust import trusting, trusting_nobody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    Headers = list[tuple[bytes, bytes]]

OPTION: Final = "--upstream"
CONNECTED_WITHIN_S: Final = 10.0
ANSWERED_WITHIN_S: Final = 60.0
MOST_CONNECTIONS: Final = 100
KEPT_FOR_S: Final = 4.0  # less than servers keep a connection that is not used: none ends under a request
BAD_GATEWAY: Final = 502
GATEWAY_TIMEOUT: Final = 504


class NotAnsweredError(Exception):
    """No whole answer came from upstream: the status that says so to a client, and why, in words."""

    def __init__(self, status: int, why: str) -> None:
        """Take both."""
        super().__init__(status, why)
        self.status: Final = status
        self.why: Final = why


class Upstream:
    """A base URL that requests are passed on to, within one event loop."""

    def __init__(
        self,
        url: str,
        *,
        allowed: "Iterable[str]" = (),
        cacert: str | None = None,
        within_s: float = ANSWERED_WITHIN_S,
    ) -> None:
        """Take the URL; `allowed` are hosts beside LaunchDarkly's, `within_s` bounds each wait for bytes.

        Raises SettingError for a host that may not be asked, and for what is no use in the environment.
        """
        self.base_url: Final = base_url_of(url, OPTION)
        parts = urlsplit(self.base_url)
        self.host: Final = parts.hostname or ""
        self.is_here: Final = is_this_machine(self.host)
        if not self.is_here:
            refuse_not_allowed(self.base_url, allowed)
            _refuse_plain(self.base_url)
        self.port: Final = parts.port
        self._path: Final = parts.path.encode("ascii")
        self._host: Final = parts.netloc.encode("ascii")
        self._url: Final = httpx.URL(f"{parts.scheme}://{parts.netloc}/")
        proxy = None if self.is_here else proxy_for(self.base_url)
        over_tls = parts.scheme == "https" or cacert is not None
        context = trusting(cacert) if over_tls else trusting_nobody()
        over_tls_to_proxy = proxy is not None and proxy.url.startswith("https:")
        self._through: Final = None if proxy is None else str(proxy)
        self._proxy: Final = (
            None
            if proxy is None
            else httpx.Proxy(proxy.url, ssl_context=context if over_tls_to_proxy else None)
        )
        self._context: Final = context
        self._within_s: Final = within_s
        self._transport: httpx.AsyncHTTPTransport | None = None

    @asynccontextmanager
    async def asked(
        self,
        method: str,
        target: bytes,
        headers: "Headers",
        body: "AsyncIterator[bytes] | None",
        hide: "Callable[[str], str]" = str,
    ) -> "AsyncIterator[httpx.Response]":
        """Pass a request on, and give the answer, whose body is yet to be read.

        Raises NotAnsweredError where none comes, or no whole one while its body is read; `hide` takes the
        request's secrets out of its words.
        """
        extensions = {
            "timeout": {
                "connect": CONNECTED_WITHIN_S,
                "read": self._within_s,
                "write": self._within_s,
                "pool": self._within_s,
            },
        }
        request = httpx.Request(
            method,
            self._url,
            headers=[(b"host", self._host), *headers],
            stream=_Sent(body),
            extensions=extensions,
        )
        request.url = _Exact(self._url, self._path + target)  # `Request` would make another one of it
        try:
            response = await self._opened().handle_async_request(request)
            try:
                yield response
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            raise self._not_answered(error, hide) from None

    async def close(self) -> None:
        """Let go of connections."""
        if self._transport is not None:
            await self._transport.aclose()

    def _opened(self) -> httpx.AsyncHTTPTransport:
        """Give the connections, which belong to the event loop that asks first."""
        if self._transport is None:
            self._transport = httpx.AsyncHTTPTransport(
                verify=self._context,
                trust_env=False,
                proxy=self._proxy,
                limits=httpx.Limits(
                    max_connections=MOST_CONNECTIONS,
                    max_keepalive_connections=MOST_CONNECTIONS,
                    keepalive_expiry=KEPT_FOR_S,
                ),
            )
        return self._transport

    def _not_answered(self, error: httpx.TransportError, hide: "Callable[[str], str]") -> NotAnsweredError:
        if isinstance(error, httpx.ConnectTimeout):
            why = f"no connection within {CONNECTED_WITHIN_S:g} s; correct the URL, or see what is in between"
            return NotAnsweredError(GATEWAY_TIMEOUT, why)
        if isinstance(error, httpx.TimeoutException):
            why = f"nothing came within {self._within_s:g} s; see its log, or wait longer with --timeout"
            return NotAnsweredError(GATEWAY_TIMEOUT, why)
        return NotAnsweredError(BAD_GATEWAY, explained(error, hide, host=self.host, proxy=self._through))


class _Exact(httpx.URL):
    """A URL whose target is what a client sent, byte for byte.

    httpcore's extension `target` would do that too, but for CONNECT as well, which has another one.
    """

    def __init__(self, url: httpx.URL, target: bytes) -> None:
        super().__init__(url)
        self._target: Final = target

    @property
    def raw_path(self) -> bytes:
        """Give the target."""
        return self._target


class _Sent(httpx.AsyncByteStream):
    """The body of a request, as its client sends it."""

    def __init__(self, pieces: "AsyncIterator[bytes] | None") -> None:
        self._pieces = pieces

    async def __aiter__(self) -> "AsyncIterator[bytes]":
        """Give its pieces; none where there is no body."""
        if self._pieces is not None:
            async for piece in self._pieces:
                yield piece


def _refuse_plain(base_url: str) -> None:
    """Raise SettingError for plain HTTP, which lets everybody in between read the access token."""
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        problem = f"{quoted(base_url)} is plain HTTP to another machine: all in between read the access token"
        raise SettingError(problem, f"https://{parts.netloc}{parts.path}")
