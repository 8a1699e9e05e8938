"""Where a served twin listens: its sockets, their URLs, and what the one with TLS shows.

Rule: the keys are in memory alone, and in no text of this value.
"""

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError
from usagetwin.tls.contexts import server_context

if TYPE_CHECKING:
    import ssl

BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True)
class Tls:
    """The port of HTTPS, and the certificates that are shown there, each with its key, in PEM."""

    port: int
    pems: tuple[bytes, ...] = field(repr=False)

    def context(self) -> "ssl.SSLContext":
        """Make what one process serves with. Raises SettingError."""
        return server_context(self.pems)


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Bind a listening TCP socket. Raises SettingError, with the reason and a way out."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
    except (OSError, OverflowError, ValueError) as error:  # a name that is none is a ValueError
        problem = f"can't listen on {host}, port {port}: {error}"
        raise SettingError(
            problem, f"another {option} (0 takes a free one), or another --host", "host"
        ) from None
    return listener


def url_of(listener: socket.socket, host: str, scheme: str = "http") -> str:
    """Give the base URL of what listens on a host."""
    port = listener.getsockname()[1]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
