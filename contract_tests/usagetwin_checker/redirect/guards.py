"""What stops a request to one of our hosts that is about to go past the local server, before it leaves.

A proxy that no wrapper knows, an address that a client kept, a library that puts functions back: whatever
the way was, a handshake for one of our names has to end at our certificate, and a request in plain text that
names one of our hosts has to go to our server. Rule: the look comes before the first byte of a request.
"""

import re
import socket
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from usagetwin_checker.redirect.route import Route

    Function = Callable[..., Any]

LOOKED_AT: Final = 512  # bytes of what is sent: the line that a proxy is told of the host in is at the start
FOR_A_PROXY: Final = re.compile(
    rb"(?:CONNECT +|[A-Z]+ +https?://(?:[^/ @]*@)?)\[?(?P<host>[A-Za-z0-9.-]+)[^\r\n]* HTTP/", re.IGNORECASE
)


def do_handshake(original: "Function", route: "Route") -> "Function":
    """Hold a handshake for one of our names to our certificate."""

    def do_handshake(connection: "ssl.SSLObject | ssl.SSLSocket", *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- only passed on
        result = original(connection, *args, **options)
        of_ours = not connection.server_side and route.leads(connection.server_hostname)
        if of_ours and not route.authority.issued(connection.getpeercert(binary_form=True)):
            raise route.stop(str(connection.server_hostname), _peer(connection))
        return result

    return do_handshake


def send(original: "Function", route: "Route") -> "Function":
    """Let no request for one of our hosts go to a proxy, in plain text or within its TLS."""

    def send(connection: Any, data: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- what callers write
        if route.active:
            look(route, connection, data)
        return original(connection, data, *args, **options)

    return send


def sendmsg(original: "Function", route: "Route") -> "Function":
    """Do so for data in pieces."""

    def sendmsg(connection: Any, buffers: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- what callers write
        if route.active:
            pieces = list(buffers)
            look(route, connection, b"".join(bytes(piece) for piece in pieces[:8]))
            buffers = pieces
        return original(connection, buffers, *args, **options)

    return sendmsg


def look(route: "Route", connection: Any, data: Any) -> None:  # noqa: ANN401 -- a socket, or TLS on one
    """Raise PastTheTwinError for a request that tells a proxy to go to one of our hosts."""
    try:
        start = bytes(memoryview(data).cast("B")[:LOOKED_AT])
    except (TypeError, ValueError):
        return  # what the socket itself refuses best
    found = FOR_A_PROXY.match(start)
    if found is None or not route.leads(host := found["host"].decode("ascii")):
        return
    if route.leads(getattr(connection, "server_hostname", None)):
        return  # within TLS that was held to our certificate
    peer = _peer(connection)
    if peer is None or not route.is_ours(peer):
        raise route.stop(host, peer)


def _peer(connection: Any) -> "tuple[str, int] | None":  # noqa: ANN401 -- a socket, or TLS on one
    """Give the other end, where the connection is a socket and has one."""
    if not isinstance(connection, socket.socket) or connection.family not in {
        socket.AF_INET,
        socket.AF_INET6,
    }:
        return None
    try:
        host, port = socket.socket.getpeername(connection)[:2]
    except OSError:
        return None
    return host, port
