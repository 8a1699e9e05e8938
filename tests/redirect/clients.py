"""Every HTTP client that the redirect promises to answer, each as one function from a URL to a status."""

import asyncio
import urllib.request
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

import aiohttp
import httpx
import httpx2
import launchdarkly_api
import requests
import urllib3
import uvloop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    Get = Callable[[str], int]
    AsyncGet = Callable[[str], Awaitable[int]]
    MakeClient = Callable[[], AbstractContextManager[Get]]
    MakeAsyncClient = Callable[[], AbstractAsyncContextManager[AsyncGet]]
    MakeLoop = Callable[[], asyncio.AbstractEventLoop]

TIMEOUT_S: Final = 20


@contextmanager
def requests_client() -> "Iterator[Get]":
    """Give a session of requests."""
    with requests.Session() as session:
        yield lambda url: session.get(url, timeout=TIMEOUT_S).status_code


@contextmanager
def urllib3_client() -> "Iterator[Get]":
    """Give a pool of urllib3."""
    with urllib3.PoolManager(timeout=TIMEOUT_S, retries=False) as pool:
        yield lambda url: pool.request("GET", url).status


@contextmanager
def httpx_client() -> "Iterator[Get]":
    """Give a client of httpx."""
    with httpx.Client(timeout=TIMEOUT_S) as client:
        yield lambda url: client.get(url).status_code


@contextmanager
def httpx2_client() -> "Iterator[Get]":
    """Give a client of httpx2."""
    with httpx2.Client(timeout=TIMEOUT_S) as client:
        yield lambda url: client.get(url).status_code


@contextmanager
def urllib_client() -> "Iterator[Get]":
    """Give an opener of the standard library, which keeps no connection."""
    opener = urllib.request.build_opener()

    def get(url: str) -> int:
        with opener.open(url, timeout=TIMEOUT_S) as response:
            return int(response.status)

    yield get


@contextmanager
def launchdarkly_client() -> "Iterator[Get]":
    """Give the official client."""
    with launchdarkly_api.ApiClient(launchdarkly_api.Configuration(retries=0)) as client:
        yield lambda url: int(client.call_api("GET", url, _request_timeout=TIMEOUT_S).status)


@asynccontextmanager
async def httpx_async() -> "AsyncIterator[AsyncGet]":
    """Give an asynchronous client of httpx."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:

        async def get(url: str) -> int:
            return (await client.get(url)).status_code

        yield get


@asynccontextmanager
async def httpx2_async() -> "AsyncIterator[AsyncGet]":
    """Give an asynchronous client of httpx2."""
    async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:

        async def get(url: str) -> int:
            return (await client.get(url)).status_code

        yield get


@asynccontextmanager
async def aiohttp_async() -> "AsyncIterator[AsyncGet]":
    """Give a session of aiohttp that heeds the environment's proxies."""
    timeout = aiohttp.ClientTimeout(TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:

        async def get(url: str) -> int:
            async with session.get(url) as response:
                await response.read()
                return response.status

        yield get


def in_a_loop(make: "MakeAsyncClient", make_loop: "MakeLoop | None" = None) -> "MakeClient":
    """Make an asynchronous client in a loop of its own, which goes on between its requests."""

    @contextmanager
    def client() -> "Iterator[Get]":
        with asyncio.Runner(loop_factory=make_loop) as runner:
            opened = make()
            get = runner.run(_opened(opened))

            async def status(url: str) -> int:
                return await get(url)

            yield lambda url: runner.run(status(url))
            runner.run(_closed(opened))

    return client


async def _opened(client: "AbstractAsyncContextManager[AsyncGet]") -> "AsyncGet":
    return await client.__aenter__()


async def _closed(client: "AbstractAsyncContextManager[AsyncGet]") -> None:
    await client.__aexit__(None, None, None)


SYNCHRONOUS: "Final[dict[str, MakeClient]]" = {
    "requests": requests_client,
    "urllib3": urllib3_client,
    "httpx": httpx_client,
    "httpx2": httpx2_client,
    "urllib.request": urllib_client,
    "launchdarkly-api": launchdarkly_client,
}
CLIENTS: "Final[dict[str, MakeClient]]" = SYNCHRONOUS | {
    "httpx async": in_a_loop(httpx_async),
    "httpx2 async": in_a_loop(httpx2_async),
    "aiohttp": in_a_loop(aiohttp_async),
    "httpx async, uvloop": in_a_loop(httpx_async, uvloop.new_event_loop),
    "aiohttp, uvloop": in_a_loop(aiohttp_async, uvloop.new_event_loop),
}
