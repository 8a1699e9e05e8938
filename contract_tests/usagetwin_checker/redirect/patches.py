"""Which functions of the process the redirect stands before: one table, and one wrapper for each.

What was in the way before the redirect (a plugin that forbids the network, say) is passed by for our hosts
alone: their server is no network. What a test puts over a wrapper later is called, and decides.

Each wrapper calls its original with another name or address, and changes nothing once the route is inactive:
whoever kept a wrapper has, in effect, the original.
"""

import _socket
import socket
import ssl
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.redirect import children, guards, proxies, turns
from usagetwin_checker.redirect.slots import Attribute, Replacement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from usagetwin_checker.redirect.route import Route

    Function = Callable[..., Any]
    Wrap = Callable[[Function, Route], Function]


@dataclass(frozen=True, slots=True)
class Point:
    """A function of a module, or of a class in it."""

    module: str
    owner: str | None
    name: str
    wrap: "Wrap"
    over: "Wrap | None" = None  # for what was put over the first wrapper, where that makes a difference

    def owners(self, module: "ModuleType") -> "Iterator[Any]":
        """Give what has it: the class that stands in the module, and the one that it stands in for."""
        if self.owner is None:
            yield module
            return
        current = getattr(module, self.owner, None)
        known = [TRUE_SOCKET] if (self.module, self.owner) == ("socket", "socket") else []
        bases = getattr(current, "__mro__", ())
        true = [kind for kind in bases if (kind.__module__, kind.__qualname__) == (self.module, self.owner)]
        yield from dict.fromkeys([*true, *known, *filter(None, [current])])


@dataclass(eq=False)
class Patch(Replacement):
    """One function's replacement."""

    slot: Attribute
    point: Point
    route: "Route"

    def renew(self) -> "Patch | None":
        """Stand before a function that was put back, again; or give what is to stand before theirs."""
        if self.slot.holds(self.before) or self.slot.holds(self.original):
            self.make()
            return None
        return _patch(self.point, self.slot.owner, self.route, self.point.over or self.point.wrap)


def replacements(module: "ModuleType", route: "Route") -> "Iterator[Patch]":
    """Prepare the replacements in a module."""
    for point in POINTS:
        if point.module == module.__name__:
            for owner in point.owners(module):
                patch = _patch(point, owner, route, point.wrap)
                if patch is not None:
                    yield patch


def _patch(point: Point, owner: Any, route: "Route", wrap: "Wrap") -> Patch | None:  # noqa: ANN401 -- module or class
    original = getattr(owner, point.name, None)
    if original is None:
        return None
    wrapper = wraps(original)(wrap(original, route))
    return Patch(Attribute(owner, point.name), original, wrapper, point, route)


def _getaddrinfo(original: "Function", route: "Route") -> "Function":
    def getaddrinfo(  # noqa: PLR0913, PLR0917 -- the standard library's signature
        host: Any,  # noqa: ANN401 -- text, bytes or None
        port: Any,  # noqa: ANN401 -- a number, text, bytes or None
        family: int = 0,
        type: int = 0,  # noqa: A002 -- the standard library's name
        proto: int = 0,
        flags: int = 0,
    ) -> Any:  # noqa: ANN401 -- the standard library's answer
        name = route.name(host, family, flags)
        if name is host:
            return original(host, port, family, type, proto, flags)
        return _numeric(name, port, family, type, proto, flags)

    return getaddrinfo


def _numeric(*asked: Any) -> list[Any]:  # noqa: ANN401 -- as the lookup's
    """Give an address as a lookup does, past whatever stands before the lookup: no name is looked up."""
    return [
        (socket.AddressFamily(family), socket.SocketKind(kind), *rest)
        for family, kind, *rest in _socket.getaddrinfo(*asked)
    ]


def _connect(original: "Function", route: "Route", true: "Function | None" = None) -> "Function":
    def connect(connection: socket.socket, address: Any) -> Any:  # noqa: ANN401 -- by family
        if connection.type != socket.SOCK_STREAM:
            return original(connection, address)
        led = route.address(address, connection.family)
        if led is address or true is None or not isinstance(connection, TRUE_SOCKET):
            return original(connection, led)
        return true(connection, led)

    return connect


def _wrap_socket(original: "Function", route: "Route") -> "Function":
    def wrap_socket(  # noqa: PLR0913, PLR0917 -- the standard library's signature
        context: ssl.SSLContext,
        sock: socket.socket,
        server_side: bool = False,  # noqa: FBT001, FBT002 -- the standard library's signature
        do_handshake_on_connect: bool = True,  # noqa: FBT001, FBT002 -- the standard library's signature
        suppress_ragged_eofs: bool = True,  # noqa: FBT001, FBT002 -- the standard library's signature
        server_hostname: Any = None,  # noqa: ANN401 -- text or bytes
        session: Any = None,  # noqa: ANN401 -- only passed on
    ) -> Any:  # noqa: ANN401 -- the standard library's answer
        route.trust(context, server_hostname)
        return original(
            context,
            sock,
            server_side,
            do_handshake_on_connect,
            suppress_ragged_eofs,
            server_hostname,
            session,
        )

    return wrap_socket


def _wrap_bio(original: "Function", route: "Route") -> "Function":
    def wrap_bio(  # noqa: PLR0913, PLR0917 -- the standard library's signature
        context: ssl.SSLContext,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,  # noqa: FBT001, FBT002 -- the standard library's signature
        server_hostname: Any = None,  # noqa: ANN401 -- text or bytes
        session: Any = None,  # noqa: ANN401 -- only passed on
    ) -> Any:  # noqa: ANN401 -- the standard library's answer
        route.trust(context, server_hostname)
        return original(context, incoming, outgoing, server_side, server_hostname, session)

    return wrap_bio


def _aiohttp_resolve(original: "Function", route: "Route") -> "Function":
    async def resolve(
        resolver: object, host: str, port: int = 0, family: int = socket.AF_INET
    ) -> list[dict[str, object]]:
        name = route.name(host, family)
        if name is host:
            found: list[dict[str, object]] = await original(resolver, host, port, family)
            return found
        return [
            {
                "hostname": host,
                "host": name,
                "port": port,
                "family": socket.AF_INET6 if family == socket.AF_INET6 else socket.AF_INET,
                "proto": socket.IPPROTO_TCP,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
        ]

    return resolve


def _uvloop_getaddrinfo(original: "Function", route: "Route") -> "Function":
    async def getaddrinfo(
        loop: object,
        host: Any,  # noqa: ANN401 -- text, bytes or None
        port: Any,  # noqa: ANN401 -- a number, text, bytes or None
        *,
        family: int = 0,
        flags: int = 0,
        **options: Any,  # noqa: ANN401 -- only passed on
    ) -> Any:  # noqa: ANN401 -- uvloop's answer
        name = route.name(host, family, flags)
        return await original(loop, name, port, family=family, flags=flags, **options)

    return getaddrinfo


def _sock_connect(original: "Function", route: "Route") -> "Function":
    async def sock_connect(loop: object, sock: socket.socket, address: Any) -> Any:  # noqa: ANN401 -- by family
        if sock.type == socket.SOCK_STREAM:
            address = route.address(address, sock.family)
        return await original(loop, sock, address)

    return sock_connect


def _uvloop_create_connection(original: "Function", route: "Route") -> "Function":
    async def create_connection(
        loop: object,
        protocol_factory: "Function",
        host: Any = None,  # noqa: ANN401 -- text, bytes or None
        port: Any = None,  # noqa: ANN401 -- a number, text or None
        **options: Any,  # noqa: ANN401 -- only passed on
    ) -> Any:  # noqa: ANN401 -- uvloop's answer
        address = route.address((host, port), socket.AF_INET)
        if address != (host, port):
            if options.get("ssl") and options.get("server_hostname") is None:
                options["server_hostname"] = host
            options["family"] = socket.AF_INET
        return await original(loop, protocol_factory, *address, **options)

    return create_connection


TRUE_SOCKET: Final = next(kind for kind in ssl.SSLSocket.__mro__ if kind.__module__ == "socket")
POINTS: Final = (
    Point("socket", None, "getaddrinfo", _getaddrinfo),
    Point("socket", "socket", "connect", partial(_connect, true=_socket.socket.connect), _connect),
    Point("socket", "socket", "connect_ex", partial(_connect, true=_socket.socket.connect_ex), _connect),
    Point("ssl", "SSLContext", "wrap_socket", _wrap_socket),
    Point("ssl", "SSLContext", "wrap_bio", _wrap_bio),
    Point("asyncio.proactor_events", "BaseProactorEventLoop", "sock_connect", _sock_connect),  # Windows
    Point("aiohttp.resolver", "AsyncResolver", "resolve", _aiohttp_resolve),  # idle unless aiodns is there
    Point("uvloop", "Loop", "getaddrinfo", _uvloop_getaddrinfo),
    Point("uvloop", "Loop", "sock_connect", _sock_connect),
    Point("uvloop", "Loop", "create_connection", _uvloop_create_connection),
    Point("urllib3.poolmanager", "ProxyManager", "connection_from_host", proxies.urllib3),
    Point("httpcore", "HTTPProxy", "create_connection", proxies.httpcore),
    Point("httpcore", "AsyncHTTPProxy", "create_connection", proxies.httpcore),
    Point("httpcore", "ConnectionPool", "create_connection", proxies.httpcore),
    Point("httpcore", "AsyncConnectionPool", "create_connection", proxies.httpcore),
    Point("httpcore", "SOCKSProxy", "create_connection", proxies.httpcore),
    Point("httpcore", "AsyncSOCKSProxy", "create_connection", proxies.httpcore),
    Point("httpcore2", "HTTPProxy", "create_connection", proxies.httpcore),
    Point("httpcore2", "AsyncHTTPProxy", "create_connection", proxies.httpcore),
    Point("httpcore2", "ConnectionPool", "create_connection", proxies.httpcore),
    Point("httpcore2", "AsyncConnectionPool", "create_connection", proxies.httpcore),
    Point("httpcore2", "SOCKSProxy", "create_connection", proxies.httpcore),
    Point("httpcore2", "AsyncSOCKSProxy", "create_connection", proxies.httpcore),
    Point("aiohttp.connector", "TCPConnector", "_create_proxy_connection", proxies.aiohttp),
    Point("http.client", "HTTPConnection", "_tunnel", proxies.http_client),
    Point("socks", "socksocket", "connect", proxies.pysocks),
    Point("subprocess", "Popen", "__init__", children.popen),
    Point("os", None, "posix_spawn", children.third),
    Point("os", None, "posix_spawnp", children.third),
    Point("os", None, "execve", children.third),
    Point("os", None, "execv", children.execv),
    Point("os", None, "_spawnvef", children.spawn),
    Point("os", None, "forkpty", children.forkpty),
    Point("os", None, "system", children.system),
    Point("uvloop", "Loop", "subprocess_exec", children.by_option),
    Point("uvloop", "Loop", "subprocess_shell", children.by_option),
    Point("multiprocessing.spawn", None, "get_preparation_data", children.preparation_data),
    Point("threading", "Thread", "start", turns.start),
    Point("concurrent.futures.thread", "ThreadPoolExecutor", "submit", turns.submit),
    Point("ssl", "SSLSocket", "do_handshake", guards.do_handshake),
    Point("ssl", "SSLObject", "do_handshake", guards.do_handshake),
    Point("ssl", "SSLSocket", "send", guards.send),
    Point("ssl", "SSLObject", "write", guards.send),
    Point("socket", "socket", "send", guards.send),
    Point("socket", "socket", "sendall", guards.send),
    Point("socket", "socket", "sendmsg", guards.sendmsg),
)
MODULES: Final = frozenset(point.module for point in POINTS)
