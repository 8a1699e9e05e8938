"""Who is asked: the twin in this process, or a base URL. Each turns an `Ask` into an `Exchange`.

Rule: whatever a target does, an exchange comes back, in bounded time and memory; nothing is raised.
"""

import asyncio
import time
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from usagetwin.bodies import Body, TooLargeError
from usagetwin_checker.exchanges import OTHER, Ask, Credential, Exchange
from usagetwin_checker.talking.base_urls import base_url_of, host_of, is_this_machine
from usagetwin_checker.talking.failures import NOT_OF_AN_API, failure, never_sent
from usagetwin_checker.talking.hiding import Hiding
from usagetwin_checker.talking.proxies import Proxy, proxy_for, refuse_to_show
from usagetwin_checker.talking.room import kept, most_bytes
from usagetwin_checker.talking.tokens import ANY_TOKEN, access_token
from usagetwin_checker.talking.unheard import Unheard

if TYPE_CHECKING:
    import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_S: Final = 30.0


class Target(Protocol):
    """Something that answers."""

    @property
    def name(self) -> str:
        """What the target is called in a report."""

    @property
    def loopback(self) -> bool:
        """Whether it runs on this machine."""

    @property
    def route(self) -> str | None:
        """What lies between, in words, as far as that is known; None where nothing can."""

    @property
    def token(self) -> str | None:
        """The access token that is sent, where it is the built-in one, which may be shown; else None."""

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""

    def interrupt(self) -> None:
        """Give up what is being sent, from within a signal handler; nothing more will be asked."""

    def close(self) -> None:
        """Let go of connections."""


def headers_for(ask: Ask, token: str) -> dict[str, str]:
    """Give the headers of a request; `token` is what is sent where it has the usual credential."""
    credential = {
        Credential.TOKEN: {"Authorization": token},
        Credential.NONE: {},
        Credential.BLANK: {"Authorization": ""},
    }.get(ask.credential, {"Authorization": OTHER.get(ask.credential, "")})
    return {
        **({"LD-API-Version": "beta"} if ask.beta else {}),
        **({"Origin": ask.origin} if ask.origin else {}),
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        **({"Content-Type": "application/json", "Content-Length": str(len(ask.body))} if ask.body else {}),
        **credential,
    }


class UrlTarget:
    """A target behind a base URL; a base path is kept, redirects are not followed."""

    def __init__(self, base_url: str, *, timeout_s: float = TIMEOUT_S, cacert: str | None = None) -> None:
        """Take a base URL; `timeout_s` bounds each exchange as a whole, `cacert` is a file of CAs.

        Raises SettingError for no URL, and for what the environment says of proxies and CAs that is no use.
        """
        self.name: Final = base_url_of(base_url)
        self.loopback: Final = is_this_machine(urlsplit(self.name).hostname or "")
        proxy = None if self.loopback else proxy_for(self.name)
        self._proxy: Final = None if proxy is None else str(proxy)
        self.route: Final = self._proxy or "no proxy"
        self._token: Final = access_token()
        self.token: Final = ANY_TOKEN if self._token == ANY_TOKEN else None
        self._hiding: Final = Hiding("" if self._token == ANY_TOKEN else self._token)
        if proxy is not None and self.token is None:
            refuse_to_show(self.name, proxy)
        self._timeout_s: Final = timeout_s
        self._numbers = 0
        self._client = _client(self.name, proxy, timeout_s, cacert)
        self._unheard = Unheard() if self.token is None else None
        self._loop = _event_loop()
        self._sending: asyncio.Task[None] | None = None
        self._interrupted = False
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # none is kept

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""
        self._numbers += 1
        at_s, started = time.time(), time.perf_counter()
        facts: dict[str, Any] = {}
        try:
            self._run(ask, facts)
        except TimeoutError:
            facts["failure"] = f"no whole answer within {self._timeout_s:g} s"
        except asyncio.CancelledError:
            facts["failure"] = "interrupted"
        except TooLargeError as error:
            facts["failure"], facts["oversized"] = str(error), error.most
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong is the target's failure, not ours
            host = host_of(self.name)
            facts["failure"] = failure(error, self._hiding.text, host=host, proxy=self._proxy)
            facts["unsent"] = never_sent(error)
        return Exchange(ask, self._numbers, at_s, time.perf_counter() - started, **facts)

    def _run(self, ask: Ask, facts: dict[str, Any]) -> None:
        """Wait for the answer; what interrupts that leaves nothing half done behind."""
        if self._interrupted:
            raise asyncio.CancelledError
        fetching = asyncio.wait_for(self._fetch(ask, facts), self._timeout_s)
        self._sending = self._loop.create_task(fetching)
        try:
            self._loop.run_until_complete(self._sending)
        except (Exception, asyncio.CancelledError):
            raise
        except BaseException as error:  # noqa: BLE001 -- raised on: pytest interrupts wherever we are
            self._sending.cancel()
            with suppress(BaseException):
                self._loop.run_until_complete(self._sending)
            raise error.with_traceback(None) from None  # whose frames hold the token, and may be printed

    def interrupt(self) -> None:
        """Give up what is being sent, from within a signal handler; nothing more will be asked."""
        self._interrupted = True
        if self._sending is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._sending.cancel)

    async def _fetch(self, ask: Ask, facts: dict[str, Any]) -> None:
        headers = headers_for(ask, self._token)
        content = ask.body.encode() or None
        url = self.name + ask.target
        async with self._client.stream(ask.method, url, headers=headers, content=content) as response:
            facts["status"] = response.status_code
            if response.status_code in NOT_OF_AN_API:
                facts["failure"] = f"{NOT_OF_AN_API[response.status_code]} ({response.status_code})"
            hide = self._hiding.text
            facts["headers"] = {hide(name): hide(value) for name, value in response.headers.items()}
            body = Body(facts["headers"].get("content-encoding", ""), most_bytes(ask))
            async for piece in response.aiter_raw():
                body.add(piece)
            facts["body"], facts["cut"] = kept(self._hiding.body(body.whole()), ask)

    def close(self) -> None:
        """Let go of connections."""
        self._loop.run_until_complete(self._client.aclose())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        if self._unheard is not None:
            self._unheard.end()


class AppTarget:
    """An ASGI application in this process: no socket, no server."""

    loopback: Final = True
    name: Final = "twin"
    route: Final = None

    def __init__(self, app: Any, tokens: "Mapping[str, str] | None" = None) -> None:  # noqa: ANN401 -- any ASGI app
        """Take the application, and a token of each role; the usual one has none."""
        self._app = app
        self._tokens = {"": ANY_TOKEN, **(tokens or {})}
        self.token = ANY_TOKEN if self._tokens[""] == ANY_TOKEN else None
        self._numbers = 0
        self._loop = _event_loop()

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""
        self._numbers += 1
        at_s, started = time.time(), time.perf_counter()
        messages: list[dict[str, Any]] = []
        facts: dict[str, Any] = {}
        try:
            self._loop.run_until_complete(
                self._app(self._scope(ask), _receiving(ask.body.encode()), _collector(messages))
            )
            facts["status"] = messages[0]["status"]
            facts["headers"] = {
                key.decode("latin-1").lower(): value.decode("latin-1")
                for key, value in messages[0]["headers"]
            }
            facts["body"] = b"".join(message.get("body", b"") for message in messages[1:])
        except Exception as error:  # noqa: BLE001 -- whatever the application raises is its failure, not ours
            facts["failure"] = failure(error)
        return Exchange(ask, self._numbers, at_s, time.perf_counter() - started, **facts)

    def _scope(self, ask: Ask) -> dict[str, Any]:
        path, _, query = ask.target.partition("?")
        headers = headers_for(ask, self._tokens[ask.role]).items()
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": ask.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }

    def interrupt(self) -> None:
        """Have nothing to give up: the application answers within a moment."""

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()


def _client(url: str, proxy: Proxy | None, timeout_s: float, cacert: str | None) -> "httpx.AsyncClient":
    """Make a client to which the environment says nothing: what it says was read, and held to its rules."""
    import httpx  # slow to import, and the twin in-process needs no client

    from usagetwin_checker.talking.trust import trusting, trusting_nobody

    over_tls = [given for given in (url, proxy.url if proxy else "") if given.startswith("https:")]
    context = trusting(cacert) if over_tls or cacert is not None else trusting_nobody()
    return httpx.AsyncClient(
        timeout=httpx.Timeout(timeout_s),
        follow_redirects=False,
        trust_env=False,
        verify=context,
        proxy=httpx.Proxy(proxy.url, ssl_context=context if "https:" in proxy.url else None)
        if proxy
        else None,
    )


def _event_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop that reports on nothing, whatever PYTHONASYNCIODEBUG says."""
    loop = asyncio.new_event_loop()
    loop.set_debug(False)
    return loop


def _receiving(body: bytes) -> Any:  # noqa: ANN401 -- an ASGI `receive`
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _collector(messages: list[dict[str, Any]]) -> Any:  # noqa: ANN401 -- an ASGI `send`
    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    return send
