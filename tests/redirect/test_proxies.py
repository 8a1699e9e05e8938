"""Clients that go by a proxy, however they came to know of it: they reach the local server, or nobody."""

import asyncio
import http.client
import os
import socket
import ssl
import urllib.request
from typing import TYPE_CHECKING

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from tests.redirect.recording_proxy import TOKEN, RecordingProxy, recording_proxy
from usagetwin.hosts import HOSTS
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.redirect.route import PastTheTwinError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.redirect.echo import Echo
    from usagetwin_checker.redirect.active import Redirect

    Ask = Callable[[str, str], int]  # of a URL and a proxy: the status

HOST = "app.launchdarkly.com"
URL = f"https://{HOST}/by-a-proxy"
HEADERS = {"Authorization": TOKEN}
BELIEVES_ALL = ssl._create_unverified_context()  # noqa: S323, SLF001 -- as careless tests have it


@pytest.fixture
def proxy() -> "Iterator[RecordingProxy]":
    """Give a proxy that plays the far host with a certificate of its own."""
    with recording_proxy(Authority().server_context(HOSTS)) as running:
        yield running


def _requests(url: str, proxy: str) -> int:
    proxies = {"https": proxy, "http": proxy}
    answer = requests.get(url, headers=HEADERS, proxies=proxies, timeout=20, verify=False)  # noqa: S501 -- careless
    return answer.status_code


def _requests_session(url: str, proxy: str) -> int:
    with requests.Session() as session:
        session.proxies["all"] = proxy
        return session.get(url, headers=HEADERS, timeout=20).status_code


def _urllib3(url: str, proxy: str) -> int:
    with urllib3.ProxyManager(proxy, timeout=20, retries=False, cert_reqs="CERT_NONE") as pool:
        return pool.request("GET", url, headers=HEADERS).status


def _httpx(url: str, proxy: str) -> int:
    with httpx.Client(proxy=proxy, headers=HEADERS, verify=False) as client:  # noqa: S501 -- as careless tests have it
        return client.get(url).status_code


def _httpx_mounts(url: str, proxy: str) -> int:
    with httpx.Client(mounts={"all://": httpx.HTTPTransport(proxy=proxy)}, headers=HEADERS) as client:
        return client.get(url).status_code


def _httpx2(url: str, proxy: str) -> int:
    with httpx2.Client(proxy=proxy, headers=HEADERS) as client:
        return client.get(url).status_code


def _httpx_async(url: str, proxy: str) -> int:
    async def ask() -> int:
        async with httpx.AsyncClient(proxy=proxy, headers=HEADERS) as client:
            return (await client.get(url)).status_code

    return asyncio.run(ask())


def _aiohttp(url: str, proxy: str) -> int:
    async def ask() -> int:
        async with aiohttp.ClientSession(headers=HEADERS) as session, session.get(url, proxy=proxy) as answer:
            return answer.status

    return asyncio.run(ask())


def _urllib(url: str, proxy: str) -> int:
    os.environ.pop("NO_PROXY", None)
    os.environ.pop("no_proxy", None)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"https": proxy, "http": proxy}))
    with opener.open(urllib.request.Request(url, headers=HEADERS), timeout=20) as answer:  # noqa: S310 -- ours
        return int(answer.status)


def _tunnel(url: str, proxy: str) -> int:
    host, port = proxy.removeprefix("http://").split(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=20, context=BELIEVES_ALL)
    connection.set_tunnel(HOST, 443)
    connection.request("GET", url.partition(HOST)[2], headers=HEADERS)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


LED: "dict[str, Ask]" = {
    "requests, proxies=": _requests,
    "requests, a session's proxies": _requests_session,
    "urllib3.ProxyManager": _urllib3,
    "httpx, proxy=": _httpx,
    "httpx, mounts=": _httpx_mounts,
    "httpx, async": _httpx_async,
    "httpx2, proxy=": _httpx2,
    "aiohttp, proxy=": _aiohttp,
    "urllib.request.ProxyHandler": _urllib,
    "http.client, set_tunnel": _tunnel,
}
BY_TUNNEL_ALONE = {"http.client, set_tunnel"}
NO_PLAIN = {"urllib.request.ProxyHandler", *BY_TUNNEL_ALONE}  # it sends the whole URL, which is stopped


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("ask", LED.values(), ids=LED)
def test_a_proxy_that_the_code_names_is_passed_by(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo", ask: "Ask"
) -> None:
    """The request is answered here, and the proxy hears nothing of it."""
    with redirect:
        status = ask(URL, proxy.url)

    assert (status, echo.asked, bytes(proxy.sent)) == (200, [URL], b"")


@pytest.mark.parametrize("name", [name for name in LED if name not in NO_PLAIN])
def test_a_proxy_for_plain_http_is_passed_by(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo", name: str
) -> None:
    """There the proxy would read the credential."""
    with redirect:
        status = LED[name](f"http://{HOST}/plain", proxy.url)

    assert (status, len(echo.asked), bytes(proxy.sent)) == (200, 1, b"")


@pytest.mark.parametrize("name", [name for name in LED if name not in BY_TUNNEL_ALONE])
def test_other_hosts_are_reached_by_their_proxy(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo", name: str
) -> None:
    """Only ours are led."""
    with redirect:
        status = LED[name]("http://other.example/", proxy.url)

    assert (status, bytes(proxy.sent[:4]), echo.asked) == (200, b"GET ", [])


def _socks(url: str, proxy: str) -> int:
    pytest.importorskip("socks", reason="PySocks is not installed here")
    return _requests(url, proxy.replace("http", "socks5h"))


def _httpx_socks(url: str, proxy: str) -> int:
    pytest.importorskip("socksio", reason="socksio is not installed here")
    return _httpx(url, proxy.replace("http", "socks5"))


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("ask", [_socks, _httpx_socks])
def test_a_socks_proxy_is_passed_by(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo", ask: "Ask"
) -> None:
    """With the packages that clients take for it, where they are installed."""
    with redirect:
        status = ask(URL, proxy.url)

    assert (status, echo.asked, bytes(proxy.sent)) == (200, [URL], b"")


def test_a_client_that_read_the_environment_before_is_led(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo", monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that is made at the top of a module."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with httpx.Client(headers=HEADERS) as client:
        monkeypatch.delenv("HTTPS_PROXY")
        with redirect:
            status = client.get(URL).status_code

    assert (status, echo.asked, bytes(proxy.sent)) == (200, [URL], b"")


def test_a_proxy_that_no_wrapper_knows_gets_no_request(
    redirect: "Redirect", proxy: RecordingProxy, echo: "Echo"
) -> None:
    """The line that asks it for a tunnel is stopped, and the error says so."""
    with (
        redirect,
        socket.create_connection(proxy.address) as connection,
        pytest.raises(
            PastTheTwinError,
            match=rf"'{HOST}' was on its way past the twin to 127.0.0.1:\d+, and was stopped",
        ),
    ):
        connection.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())

    assert (echo.asked, bytes(proxy.sent)) == ([], b"")


def test_a_stranger_s_certificate_ends_the_handshake(redirect: "Redirect", proxy: RecordingProxy) -> None:
    """Also for a client that checks none: nothing of its request leaves."""
    with redirect, socket.create_connection(proxy.address) as connection:
        connection.sendall(b"\x05\x01\x00")
        connection.recv(2)
        connection.sendall(b"\x05\x01\x00\x03\x14" + HOST.encode() + b"\x01\xbb")
        connection.recv(10)
        with pytest.raises(PastTheTwinError):
            BELIEVES_ALL.wrap_socket(connection, server_hostname=HOST)

    assert TOKEN.encode() not in proxy.sent


def test_a_stranger_s_certificate_ends_an_asynchronous_handshake_too(
    redirect: "Redirect", proxy: RecordingProxy
) -> None:
    """Whose bytes go by an event loop."""

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(*proxy.address)
        writer.write(b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await writer.start_tls(BELIEVES_ALL, server_hostname=HOST)
        writer.write(f"GET / HTTP/1.1\r\nAuthorization: {TOKEN}\r\n\r\n".encode())
        await writer.drain()

    with redirect, pytest.raises(PastTheTwinError):
        asyncio.run(ask())

    assert TOKEN.encode() not in proxy.sent


def test_data_in_pieces_is_looked_at_too(redirect: "Redirect", proxy: RecordingProxy) -> None:
    """As event loops send what was written to them in pieces."""
    pieces = [b"GET ht", f"tp://{HOST}/ HTTP/1.1\r\n".encode(), b"Authorization: x\r\n\r\n"]

    with redirect, socket.create_connection(proxy.address) as connection, pytest.raises(PastTheTwinError):
        connection.sendmsg(pieces)

    assert bytes(proxy.sent) == b""
