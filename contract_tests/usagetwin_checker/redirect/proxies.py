"""How a client that goes by a proxy is led past it, to the local server, for our hosts alone.

Clients take proxies from their caller, or from the environment when they are made, so $NO_PROXY alone is not
enough. One wrapper for each library, where it decides by which way to connect. Rule: a proxy that no wrapper
knows is no leak, `guards` stops it.
"""

import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPConnection

    from usagetwin_checker.redirect.route import Route

    Function = Callable[..., Any]

OF_THE_PROXY: Final = (
    "_proxy",
    "_proxy_headers",
    "_proxy_config",
)  # urllib3: None takes it out of a pool's key


def urllib3(original: "Function", route: "Route") -> "Function":
    """Give the pool that there would be without a proxy: for urllib3, requests, and what stands on them."""

    def connection_from_host(
        manager: Any,  # noqa: ANN401 -- urllib3's
        host: str | None,
        port: int | None = None,
        scheme: str | None = "http",
        pool_kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 -- urllib3's
        if not route.leads(host):
            return original(manager, host, port, scheme, pool_kwargs)
        without: Any = {**(pool_kwargs or {}), **dict.fromkeys(OF_THE_PROXY)}
        plain: Any = next(kind for kind in type(manager).__mro__ if kind.__name__ == "PoolManager")
        return plain.connection_from_host(manager, host, port, scheme, pool_kwargs=without)

    return connection_from_host


def httpcore(original: "Function", route: "Route") -> "Function":
    """Make the connection that a pool without a proxy makes: for httpx, whichever way it was given one."""

    def create_connection(pool: Any, origin: Any) -> Any:  # noqa: ANN401 -- httpcore's
        if isinstance(pool, SimpleNamespace) or not route.leads(origin.host):
            return original(pool, origin)
        plain: Any = next(kind for kind in type(pool).__mro__ if kind.__name__.endswith("ConnectionPool"))
        return plain.create_connection(SimpleNamespace(**{**vars(pool), "_proxy": None}), origin)

    return create_connection


def aiohttp(original: "Function", route: "Route") -> "Function":
    """Connect as without a proxy."""

    async def create_proxy_connection(connector: Any, request: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- aiohttp's
        if route.leads(request.url.host):
            return await connector._create_direct_connection(request, *args, **options)  # noqa: SLF001 -- the other way
        return await original(connector, request, *args, **options)

    return create_proxy_connection


def http_client(original: "Function", route: "Route") -> "Function":
    """Give a connection that is about to ask a proxy for a tunnel another socket: also for urllib.request."""

    def tunnel(connection: "HTTPConnection") -> None:
        host, port = connection._tunnel_host, connection._tunnel_port  # type: ignore[attr-defined]  # noqa: SLF001 -- no other place
        if not route.leads(host):
            original(connection)
            return
        connection.sock.close()
        connection.sock = socket.create_connection((host, port), connection.timeout)

    return tunnel


def pysocks(original: "Function", route: "Route") -> "Function":
    """Connect as a plain socket does."""

    def connect(connection: Any, address: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- PySocks'
        if route.address(address, connection.family) == address:
            return original(connection, address, *args, **options)
        plain: Any = next(kind for kind in type(connection).__mro__ if kind.__module__ == "socket")
        connection.proxy_peername = address
        return plain.connect(connection, address)

    return connect
