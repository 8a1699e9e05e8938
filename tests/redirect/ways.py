"""Every way by which a request may leave a test, tried for real, and the table that the guide has of them.

`python -m tests.redirect.ways` writes that table. A proxy of somebody else stands for the outside: a way by
which it reads the credential is not covered.
"""

import asyncio
import gc
import http.client
import multiprocessing
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiohttp
import httpx
import httpx2
import requests
import urllib3
import uvloop

from tests.redirect.echo import Echo
from tests.redirect.recording_proxy import TOKEN, RecordingProxy, recording_proxy
from usagetwin.hosts import HOSTS
from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.connect_proxy import ConnectProxy
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Ask = Callable[[RecordingProxy], object]

HOST: Final = HOSTS[0]
URL: Final = f"https://{HOST}/way"
HEADERS: Final = {"Authorization": TOKEN}
PAGE: Final = Path(__file__).parents[2] / "docs" / "pytest-clients.md"
HEAD: Final = "| a request by | is |"
LED, REFUSED, NOT_COVERED = "led to the twin", "refused, in words", "**not covered**"
HEAD_BYTES: Final = f"GET http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: {TOKEN}\r\n\r\n".encode()
PROGRAM: Final = f"import urllib3; urllib3.request('GET', {URL!r}, headers={HEADERS!r}, retries=False)"
CAREFREE: Final = ssl._create_unverified_context()  # noqa: S323, SLF001 -- the worst that a client may be


def ask_plainly() -> int:
    """Ask with nothing special."""
    return requests.get(URL, headers=HEADERS, timeout=20).status_code


def _aiohttp(proxy: RecordingProxy) -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession(headers=HEADERS) as session, session.get(URL, proxy=proxy.url):
            pass

    asyncio.run(ask())


def _urllib(proxy: RecordingProxy) -> None:
    handler = urllib.request.ProxyHandler({"https": proxy.url})
    urllib.request.build_opener(handler).open(
        urllib.request.Request(URL, headers=HEADERS), timeout=20
    ).close()


def _tunnel(proxy: RecordingProxy) -> None:
    connection = http.client.HTTPSConnection(*proxy.address, timeout=20, context=CAREFREE)
    connection.set_tunnel(HOST, 443)
    connection.request("GET", "/way", headers=HEADERS)
    connection.getresponse().read()
    connection.close()


def _raw(proxy: RecordingProxy) -> None:
    with socket.create_connection(proxy.address, timeout=20) as connection:
        connection.sendall(HEAD_BYTES)
        connection.recv(100)


def _address(proxy: RecordingProxy) -> None:
    with socket.create_connection(proxy.address, timeout=20) as connection:
        connection.sendall(b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
        connection.recv(100)
        with CAREFREE.wrap_socket(connection, server_hostname=HOST) as secure:
            secure.sendall(HEAD_BYTES)
            secure.recv(100)


async def _stream(proxy: RecordingProxy) -> None:
    reader, writer = await asyncio.open_connection(*proxy.address)
    try:
        writer.write(HEAD_BYTES)
        await writer.drain()
        await reader.read(100)
    finally:
        writer.close()


def _in_threads(_proxy: RecordingProxy) -> None:
    thread = threading.Thread(target=ask_plainly)
    thread.start()
    thread.join()


def _in_a_pool(method: str) -> "Ask":
    def ask(_proxy: RecordingProxy) -> None:
        with multiprocessing.get_context(method).Pool(1) as pool:
            pool.apply(ask_plainly)

    return ask


def _program(_proxy: RecordingProxy) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60, env={"PATH": os.environ["PATH"]})


def _spawned(_proxy: RecordingProxy) -> None:
    os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-c", PROGRAM], os.environ), 0)


WAYS: "Final[Mapping[str, Ask]]" = {
    "a plain call": lambda _: ask_plainly(),
    "a thread": _in_threads,
    "`requests`, `proxies=`": lambda proxy: requests.get(
        URL, headers=HEADERS, proxies={"https": proxy.url}, timeout=20
    ),
    "`httpx.Client(proxy=...)`": lambda proxy: httpx.Client(proxy=proxy.url).get(URL, headers=HEADERS),
    "`httpx.Client(mounts=...)`": lambda proxy: httpx.Client(
        mounts={"all://": httpx.HTTPTransport(proxy=proxy.url)}
    ).get(URL, headers=HEADERS),
    "`httpx2.Client(proxy=...)`": lambda proxy: httpx2.Client(proxy=proxy.url).get(URL, headers=HEADERS),
    "aiohttp, `proxy=`": _aiohttp,
    "`urllib3.ProxyManager`": lambda proxy: urllib3.ProxyManager(proxy.url, retries=False).request(
        "GET", URL, headers=HEADERS
    ),
    "`urllib.request.ProxyHandler`": _urllib,
    "`http.client`, `set_tunnel`": _tunnel,
    "a proxy that the code itself speaks to": _raw,
    "the same in a stream of asyncio": lambda proxy: asyncio.run(_stream(proxy)),
    "TLS to an address that the code knows": _address,
    "a process pool, by fork": _in_a_pool("fork"),
    "a process pool, from a fork server": _in_a_pool("forkserver"),
    "a process pool, by spawn": _in_a_pool("spawn"),
    "a Python program, by `subprocess`, with an environment of its own": _program,
    "a Python program, by `os.posix_spawn`": _spawned,
    "plain HTTP to a proxy that the code itself speaks to, in a stream of uvloop": lambda proxy: uvloop.run(
        _stream(proxy)
    ),
}


def measured() -> dict[str, str]:
    """Try each way, and give what became of its request."""
    with ExitStack() as stack:
        echo, authority = Echo(), Authority()
        server = TwinServer(echo, authority)
        server.start()
        stack.callback(server.stop)
        programs = ConnectProxy(server.routes, authority)
        programs.start()
        stack.callback(programs.stop)
        redirect = Redirect(server.routes, authority, doors={programs.address})
        redirect.lead_programs(programs.environment)
        rows = {name: _became(ask, redirect, echo) for name, ask in WAYS.items()}
    gc.collect()  # of clients that nobody closes
    return rows


def _became(ask: "Ask", redirect: Redirect, echo: Echo) -> str:
    echo.asked.clear()
    with recording_proxy(Authority().server_context(HOSTS)) as proxy:
        with redirect, suppress(Exception):
            ask(proxy)
        stopped = redirect.stopped()
        if TOKEN.encode() in proxy.sent:
            return NOT_COVERED
    if echo.asked:
        return LED
    return REFUSED if stopped else "lost"


def table(rows: "Mapping[str, str]") -> str:
    """Write the guide's table."""
    return "\n".join([HEAD, "|---|---|", *(f"| {name} | {became} |" for name, became in rows.items())])


def table_of(page: str) -> str:
    """Give the table that a page has."""
    begin = page.index(HEAD)
    return page[begin : page.index("\n\n", begin)]


def main() -> None:
    """Write the table into the guide."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(table_of(page), table(measured())), encoding="utf-8")


if __name__ == "__main__":
    main()
