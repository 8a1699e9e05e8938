"""The HTTP clients that a test's code may use, each as one function that asks for this month's values.

It takes the seconds after which the client gives up to read; what the client raises passes. How a client
tries again by itself is left as it is, or switched off where its name says so.
"""

import asyncio
import json
import urllib.request
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import httpx
import httpx2
import launchdarkly_api
import requests
import urllib3
from launchdarkly_api.api.account_usage_beta_api import AccountUsageBetaApi

from tests.acme import FULL, PATH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    Ask = Callable[[float], list[int]]
    AsyncAsk = Callable[[float], Awaitable[list[int]]]
    MakeClient = Callable[[], AbstractContextManager[Ask]]

URL: Final = f"https://app.launchdarkly.com{PATH}"
HEADERS: Final = {"Authorization": FULL}
CONNECT_S: Final = 20.0
WHOLE_S: Final = 1.0  # at least, where one timeout holds for connecting as well


def _values(document: Any) -> list[int]:  # noqa: ANN401 -- JSON
    return [point["0"] for point in document["series"]]


@contextmanager
def requests_client() -> "Iterator[Ask]":
    """Give a session of requests."""
    with requests.Session() as session:
        yield lambda read_s: _values(session.get(URL, headers=HEADERS, timeout=(CONNECT_S, read_s)).json())


@contextmanager
def urllib3_client(**options: Any) -> "Iterator[Ask]":  # noqa: ANN401 -- urllib3's
    """Give a pool of urllib3."""

    def ask(read_s: float) -> list[int]:
        timeout = urllib3.Timeout(connect=CONNECT_S, read=read_s)
        return _values(pool.request("GET", URL, headers=HEADERS, timeout=timeout).json())

    with urllib3.PoolManager(**options) as pool:
        yield ask


@contextmanager
def httpx_client(library: Any) -> "Iterator[Ask]":  # noqa: ANN401 -- httpx, or httpx2 which is like it
    """Give a client of httpx or httpx2."""

    def ask(read_s: float) -> list[int]:
        timeout = library.Timeout(CONNECT_S, read=read_s)
        return _values(client.get(URL, headers=HEADERS, timeout=timeout).json())

    with library.Client() as client:
        yield ask


@asynccontextmanager
async def httpx_async(library: Any) -> "AsyncIterator[AsyncAsk]":  # noqa: ANN401 -- httpx, or httpx2
    """Give an asynchronous client of httpx or httpx2."""

    async def ask(read_s: float) -> list[int]:
        timeout = library.Timeout(CONNECT_S, read=read_s)
        return _values((await client.get(URL, headers=HEADERS, timeout=timeout)).json())

    async with library.AsyncClient() as client:
        yield ask


@asynccontextmanager
async def aiohttp_session() -> "AsyncIterator[AsyncAsk]":
    """Give a session of aiohttp."""

    async def ask(read_s: float) -> list[int]:
        timeout = aiohttp.ClientTimeout(total=max(read_s, WHOLE_S))
        async with session.get(URL, headers=HEADERS, timeout=timeout) as response:
            return _values(await response.json())

    async with aiohttp.ClientSession() as session:
        yield ask


@contextmanager
def in_a_loop(make: "Callable[[], AbstractAsyncContextManager[AsyncAsk]]") -> "Iterator[Ask]":
    """Give an asynchronous client in a loop of its own, which goes on between its requests."""
    with asyncio.Runner() as runner:
        opened = make()
        ask = runner.run(_opened(opened))

        async def values(read_s: float) -> list[int]:
            return await ask(read_s)

        yield lambda read_s: runner.run(values(read_s))
        runner.run(_closed(opened))


async def _opened(client: "AbstractAsyncContextManager[AsyncAsk]") -> "AsyncAsk":
    return await client.__aenter__()


async def _closed(client: "AbstractAsyncContextManager[AsyncAsk]") -> None:
    await client.__aexit__(None, None, None)


@contextmanager
def urllib_client() -> "Iterator[Ask]":
    """Give an opener of the standard library."""
    opener = urllib.request.build_opener()

    def ask(read_s: float) -> list[int]:
        request = urllib.request.Request(URL, headers=HEADERS)
        with opener.open(request, timeout=max(read_s, WHOLE_S)) as response:
            return _values(json.load(response))

    yield ask


@contextmanager
def launchdarkly_client(**options: Any) -> "Iterator[Ask]":  # noqa: ANN401 -- the client's
    """Give the official client."""
    configuration = launchdarkly_api.Configuration(api_key={"ApiKey": FULL}, **options)

    def ask(read_s: float) -> list[int]:
        api = AccountUsageBetaApi(client)
        answer = api.get_observability_sessions_usage(_request_timeout=(CONNECT_S, read_s))
        return [point["0"] for point in answer.series]

    with launchdarkly_api.ApiClient(configuration) as client:
        yield ask


SYNCHRONOUS: "Final[dict[str, MakeClient]]" = {
    "requests": requests_client,
    "urllib3": urllib3_client,
    "urllib3, `retries=False`": partial(urllib3_client, retries=False),
    "httpx": partial(httpx_client, httpx),
    "httpx2": partial(httpx_client, httpx2),
    "urllib.request": urllib_client,
    "launchdarkly-api": launchdarkly_client,
    "launchdarkly-api, `retries=False`": partial(launchdarkly_client, retries=False),
}
CLIENTS: "Final[dict[str, MakeClient]]" = SYNCHRONOUS | {
    "httpx, async": partial(in_a_loop, partial(httpx_async, httpx)),
    "httpx2, async": partial(in_a_loop, partial(httpx_async, httpx2)),
    "aiohttp, async": partial(in_a_loop, aiohttp_session),
}
