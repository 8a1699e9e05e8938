"""Who is asked: the twin in this process, or a base URL. Each turns an `Ask` into an `Exchange`.

Rule: whatever a target does, an exchange comes back, in bounded time and memory; nothing is raised.
"""

import asyncio
import os
import time
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from contract_tests.exchanges import Ask, Credential, Exchange
from mockserver.errors import SettingError

LARGEST_BODY: Final = 16 * 1024 * 1024
TIMEOUT_S: Final = 30.0
TOKEN_VARIABLE: Final = "USAGETWIN_TOKEN"  # noqa: S105 -- the variable's name
ANY_TOKEN: Final = "api-00000000-0000-4000-8000-000000000000"  # noqa: S105 -- the twin takes any
LOOPBACK: Final = ("localhost", "127.", "::1", "[::1]")


class Target(Protocol):
    """Something that answers."""

    @property
    def name(self) -> str:
        """What the target is called in a report."""

    @property
    def loopback(self) -> bool:
        """Whether it runs on this machine."""

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""

    def close(self) -> None:
        """Let go of connections."""


def headers_for(ask: Ask, token: str) -> dict[str, str]:
    """Give the headers of a request; the beta header always goes with it."""
    credential = {
        Credential.TOKEN: {"Authorization": token},
        Credential.NONE: {},
        Credential.BLANK: {"Authorization": ""},
        Credential.BEARER: {"Authorization": "Bearer x"},
    }[ask.credential]
    return {
        "LD-API-Version": "beta",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        **credential,
    }


class UrlTarget:
    """A target behind a base URL; a base path is kept, redirects are not followed."""

    def __init__(self, base_url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take a base URL; `timeout_s` bounds each exchange as a whole. Raises SettingError for no URL."""
        import httpx  # slow to import, and the twin in-process needs no client

        self.name: Final = _checked(base_url)
        self.loopback: Final = (urlsplit(self.name).hostname or "").startswith(LOOPBACK)
        self._token: Final = os.environ.get(TOKEN_VARIABLE) or ANY_TOKEN
        self._timeout_s: Final = timeout_s
        self._numbers = 0
        self._loop = asyncio.new_event_loop()
        self._failures: Final = (
            httpx.HTTPError,
            httpx.InvalidURL,
            httpx.StreamError,
            TimeoutError,
            ValueError,
        )
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout_s), follow_redirects=False, trust_env=not self.loopback
        )

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""
        self._numbers += 1
        at_s, started = time.time(), time.perf_counter()
        facts: dict[str, Any] = {}
        try:
            self._loop.run_until_complete(asyncio.wait_for(self._fetch(ask, facts), self._timeout_s))
        except TimeoutError:
            facts["failure"] = f"no whole answer within {self._timeout_s:g} s"
        except self._failures as error:
            facts["failure"] = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return Exchange(ask, self._numbers, at_s, time.perf_counter() - started, **facts)

    async def _fetch(self, ask: Ask, facts: dict[str, Any]) -> None:
        headers = headers_for(ask, self._token)
        async with self._client.stream(ask.method, self.name + ask.target, headers=headers) as response:
            facts["status"] = response.status_code
            facts["headers"] = dict(response.headers)
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BODY:
                    message = f"the body has no end within {LARGEST_BODY} bytes"
                    raise ValueError(message)
            facts["body"] = bytes(body)

    def close(self) -> None:
        """Let go of connections."""
        self._loop.run_until_complete(self._client.aclose())
        self._loop.close()


class AppTarget:
    """An ASGI application in this process: no socket, no server."""

    loopback: Final = True
    name: Final = "twin"

    def __init__(self, app: Any) -> None:  # noqa: ANN401 -- any ASGI application
        """Take the application."""
        self._app = app
        self._numbers = 0
        self._loop = asyncio.new_event_loop()

    def send(self, ask: Ask) -> Exchange:
        """Send one request, and give what came back, failures included."""
        self._numbers += 1
        at_s, started = time.time(), time.perf_counter()
        messages: list[dict[str, Any]] = []
        facts: dict[str, Any] = {}
        try:
            self._loop.run_until_complete(self._app(self._scope(ask), _no_body, _collector(messages)))
            facts["status"] = messages[0]["status"]
            facts["headers"] = {
                key.decode("latin-1").lower(): value.decode("latin-1")
                for key, value in messages[0]["headers"]
            }
            facts["body"] = b"".join(message.get("body", b"") for message in messages[1:])
        except Exception as error:  # noqa: BLE001 -- whatever the application raises is its failure, not ours
            facts["failure"] = f"{type(error).__name__}: {error}"
        return Exchange(ask, self._numbers, at_s, time.perf_counter() - started, **facts)

    def _scope(self, ask: Ask) -> dict[str, Any]:
        path, _, query = ask.target.partition("?")
        headers = headers_for(ask, ANY_TOKEN).items()
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

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()


async def _no_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def _collector(messages: list[dict[str, Any]]) -> Any:  # noqa: ANN401 -- an ASGI `send`
    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    return send


def _checked(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment:
        problem = f"the target {base_url!r} is neither 'twin' nor a base URL"
        raise SettingError(problem, "twin, http://127.0.0.1:8080 or https://app.launchdarkly.com")
    if parts.username or parts.password:
        problem = "the target has a user name or password in its URL"
        raise SettingError(problem, f"the URL without them; the access token comes from {TOKEN_VARIABLE}")
    return base_url.rstrip("/")
