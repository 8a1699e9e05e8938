"""The functions that the redirect stands before, one by one, where the clients' tests don't reach them."""

import asyncio
import asyncio.proactor_events
import errno
import importlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import uvloop

from usagetwin_checker.redirect.active import Redirect
from usagetwin_checker.redirect.patches import POINTS, Point, replacements
from usagetwin_checker.redirect.route import BlockedHostError, Route

if TYPE_CHECKING:
    from usagetwin_checker.redirect.authority import Authority
    from usagetwin_checker.testing.server import TwinServer

OURS = "app.launchdarkly.com"
NOWHERE = "255.255.255.255"


@pytest.fixture
def blocking(server: "TwinServer", authority: "Authority") -> Redirect:
    """Give a redirect that blocks other hosts."""
    return Redirect(server.routes, authority, block_others=True)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.owner}.{point.name}")
def test_every_row_of_the_table_names_a_function(point: Point) -> None:
    """In a module that this environment has, so that a renamed one is noticed."""
    module = pytest.importorskip(point.module)
    if point.owner in {"SOCKSProxy", "AsyncSOCKSProxy"}:
        pytest.importorskip("socksio")

    owner = module if point.owner is None else getattr(module, point.owner)

    assert callable(getattr(owner, point.name))


def test_a_module_without_the_function_is_left_alone(authority: "Authority") -> None:
    """Another version of a library, say, or one whose import has not ended."""
    module = type(socket)("uvloop")

    assert list(replacements(module, Route({}, authority, frozenset()))) == []


@pytest.mark.parametrize("kept", ["__name__", "__doc__"])
@pytest.mark.parametrize("point", POINTS[:5], ids=lambda point: point.name)
def test_a_wrapper_looks_like_its_original(redirect: Redirect, point: Point, kept: str) -> None:
    """To whoever asks for its name."""
    owner = socket if point.owner is None else getattr(importlib.import_module(point.module), point.owner)
    original = getattr(getattr(owner, point.name), kept)

    with redirect:
        assert getattr(getattr(owner, point.name), kept) == original


@pytest.mark.parametrize("port", [443, "443", b"443", "https"])
@pytest.mark.parametrize("kind", [0, socket.SOCK_STREAM])
def test_the_standard_lookup_gives_what_it_always_gives(redirect: Redirect, port: Any, kind: int) -> None:  # noqa: ANN401 -- of many types
    """Family, kind, protocol, canonical name and address, by position or by name."""
    with redirect:
        found = socket.getaddrinfo(OURS, port, type=kind)

    assert found
    for family, _, _, _, address in found:
        assert (family, address) == (socket.AF_INET, (NOWHERE, 443))


def test_a_socket_may_be_given_the_name_itself(redirect: Redirect, server: "TwinServer") -> None:
    """It would look the name up past Python."""
    with redirect, socket.socket() as connection:
        connection.connect((OURS, 443))

        assert connection.getpeername() == server.tls_address


def test_a_socket_may_connect_and_give_its_error_number(redirect: Redirect, server: "TwinServer") -> None:
    """As `connect_ex` does."""
    with redirect, socket.socket() as connection:
        error = connection.connect_ex((OURS, 80))

        assert (error, connection.getpeername()) == (0, server.plain_address)


def test_a_socket_of_ip_6_is_redirected(redirect: Redirect, server: "TwinServer") -> None:
    """To the same server."""
    with redirect:
        family, kind, protocol, _, address = socket.getaddrinfo(
            OURS, 443, socket.AF_INET6, socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as connection:
            connection.connect(address)

            assert connection.getpeername()[:2] == ("::ffff:127.0.0.1", server.tls_address[1])


def test_datagrams_are_left_alone(blocking: Redirect) -> None:
    """Connecting them reaches nobody; asking for the own address in this way is common."""
    with blocking, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        error = connection.connect_ex((NOWHERE, 443))  # the address for all, for a datagram

    assert error in {errno.EACCES, errno.ENETUNREACH}


def test_a_blocking_socket_meets_the_block(blocking: Redirect) -> None:
    """In both of its functions."""
    with blocking, socket.socket() as connection:
        for connect in (connection.connect, connection.connect_ex):
            with pytest.raises(BlockedHostError):
                connect(("192.0.2.1", 443))


def test_a_unix_socket_is_left_alone(blocking: Redirect) -> None:
    """Its address is a path."""
    with blocking, socket.socket(socket.AF_UNIX) as connection:
        assert connection.connect_ex("/no/such/socket") == errno.ENOENT


def test_a_server_side_context_is_left_alone(redirect: Redirect, authority: "Authority") -> None:
    """A test may have a TLS server of its own."""
    context = authority.server_context(["localhost"])
    before = context.cert_store_stats()

    with redirect:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), True)  # noqa: FBT003 -- by position, as some write it

    assert context.cert_store_stats() == before


def test_aiohttp_with_aiodns_is_redirected(redirect: Redirect) -> None:
    """Its resolver asks past Python; without aiodns it can't be made, but its function is there."""
    resolver = object.__new__(aiohttp.AsyncResolver)

    with redirect:
        found = asyncio.run(resolver.resolve(OURS, 443))
        found_6 = asyncio.run(resolver.resolve(OURS, 443, socket.AF_INET6))

    assert [(host["hostname"], host["host"], host["port"], host["family"]) for host in found] == [
        (OURS, NOWHERE, 443, socket.AF_INET)
    ]
    assert [(host["host"], host["family"]) for host in found_6] == [(f"::ffff:{NOWHERE}", socket.AF_INET6)]


def test_aiohttp_with_aiodns_meets_the_block(blocking: Redirect) -> None:
    """Before it asks."""
    resolver = object.__new__(aiohttp.AsyncResolver)

    with blocking, pytest.raises(BlockedHostError):
        asyncio.run(resolver.resolve("other.example", 443))


def test_uvloop_connects_by_name(redirect: Redirect, server: "TwinServer") -> None:
    """With the certificate of that name, whether it is said or not."""
    context = ssl.create_default_context()

    async def peer(**options: Any) -> tuple[object, object]:  # noqa: ANN401 -- asyncio's
        _, writer = await asyncio.open_connection(OURS, **options)
        tls = writer.get_extra_info("ssl_object")
        peername = writer.get_extra_info("peername")
        writer.close()
        await writer.wait_closed()
        return peername, tls and tls.server_hostname

    with redirect:
        plain = uvloop.run(peer(port=80))
        tls = uvloop.run(peer(port=443, ssl=context))
        of_ip_6 = uvloop.run(peer(port=443, ssl=context, family=socket.AF_INET6))
        tls_with_name = uvloop.run(peer(port=443, ssl=context, server_hostname="app.launchdarkly.us"))

    assert plain == (server.plain_address, None)
    assert tls == (server.tls_address, OURS)
    assert of_ip_6 == (server.tls_address, OURS)
    assert tls_with_name == (server.tls_address, "app.launchdarkly.us")


def test_uvloop_connects_a_socket(redirect: Redirect, server: "TwinServer") -> None:
    """To what it has looked up."""

    async def peer() -> object:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(OURS, 443, family=socket.AF_INET, type=socket.SOCK_STREAM)
        with socket.socket() as connection:
            connection.setblocking(False)  # noqa: FBT003 -- the standard library's signature
            await loop.sock_connect(connection, found[0][4])
            return connection.getpeername()

    with redirect:
        assert uvloop.run(peer()) == server.tls_address


def test_uvloop_meets_the_block(blocking: Redirect) -> None:
    """By name and by address; datagrams don't."""

    async def connect(host: str) -> None:
        await asyncio.get_running_loop().create_connection(asyncio.Protocol, host, 443)

    async def connect_datagram() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.setblocking(False)  # noqa: FBT003 -- the standard library's signature
            await asyncio.get_running_loop().sock_connect(connection, (NOWHERE, 443))

    with blocking:
        for host in ("other.example", "192.0.2.1"):
            with pytest.raises(BlockedHostError):
                uvloop.run(connect(host))
        with pytest.raises(OSError, match=r"unreachable|denied"):  # what the address for all gives a datagram
            uvloop.run(connect_datagram())


def test_the_loop_of_windows_connects_by_our_address(redirect: Redirect, server: "TwinServer") -> None:
    """It connects past Python's sockets; what it hands on is seen here, on any system."""
    handed_on: list[object] = []

    class Proactor:
        async def connect(self, _: socket.socket, address: object) -> None:
            handed_on.append(address)

    loop: Any = object.__new__(asyncio.proactor_events.BaseProactorEventLoop)
    loop._proactor = Proactor()  # noqa: SLF001 -- what Windows gives it
    loop._debug = False  # noqa: SLF001 -- what its constructor sets
    loop._closed = True  # noqa: SLF001 -- or it would complain that it was left open

    with redirect, socket.socket() as connection:
        asyncio.run(loop.sock_connect(connection, (NOWHERE, 443)))

    assert handed_on == [server.tls_address]


def test_switching_it_on_and_off_beside_running_threads_loses_nothing(redirect: Redirect) -> None:
    """A thread that is in the middle of a lookup goes on with what it has."""
    ended = threading.Event()
    failures: list[BaseException] = []

    def look_up() -> None:
        try:
            while not ended.is_set():
                socket.getaddrinfo("127.0.0.1", 80)
        except OSError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=look_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        with redirect:
            pass
    ended.set()
    for thread in threads:
        thread.join()

    assert failures == []
