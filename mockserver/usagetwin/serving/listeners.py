"""Where a served twin listens: its sockets, their URLs, and what the one with TLS shows.

Rule: the keys are in memory alone, and in no text of this value.
"""

import socket
import struct
import sys
from array import array
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError
from usagetwin.tls.contexts import server_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

BACKLOG: Final = 2048
SO_ATTACH_FILTER: Final = 26  # of Linux; the socket module does not name it
NO_SYN: Final = b"".join(  # a program of classic BPF, (code, jump if true, jump if false, value) each
    struct.pack("=HBBI", *instruction)
    for instruction in (
        (0x30, 0, 0, 13),  # load the flags of the TCP header
        (0x54, 0, 0, 0x12),  # keep SYN and ACK
        (0x15, 0, 1, 0x02),  # where that is SYN alone, which begins a connection ...
        (0x06, 0, 0, 0),  # ... drop the segment,
        (0x06, 0, 0, 0xFFFFFFFF),  # and take every other one
    )
)


@dataclass(frozen=True, slots=True)
class Tls:
    """The port of HTTPS, and the certificates that are shown there, each with its key, in PEM.

    `again` has them anew from where they came from: files, or the local authority.
    """

    port: int
    pems: tuple[bytes, ...] = field(repr=False)
    again: "Callable[[], tuple[bytes, ...]] | None" = field(default=None, repr=False)

    @classmethod
    def of(cls, port: int, pems: "Callable[[], tuple[bytes, ...]]") -> "Tls":
        """Show certificates from where they can be had again. Raises SettingError."""
        return cls(port, pems(), pems)

    def renewed(self) -> "Tls":
        """Give the same with certificates from where they came from. Raises SettingError."""
        return self if self.again is None else replace(self, pems=self.again())

    @property
    def alone(self) -> "Tls":
        """Give what another process needs of it."""
        return replace(self, again=None)

    def context(self) -> "ssl.SSLContext":
        """Make what one process serves with. Raises SettingError."""
        return server_context(self.pems)


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Bind a listening TCP socket. Raises SettingError, with the reason and a way out."""
    try:
        with ExitStack() as undo:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = undo.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
            listener.set_inheritable(True)
            undo.pop_all()
    except (OSError, OverflowError, ValueError) as error:  # a name that is none is a ValueError
        problem = f"can't listen on {host}, port {port}: {error}"
        raise SettingError(
            problem, f"another {option} (0 takes a free one), or another --host", "host"
        ) from None
    return listener


def take_no_more(listener: socket.socket) -> None:
    """Let the kernel begin no connection any more, and end those that it has begun to make.

    A client that comes now tries again by itself, a second later, and finds the port closed. So a queue that
    is empty stays empty, and closing the port resets nobody. It holds for the socket in all processes that
    have it, and on Linux alone: elsewhere nothing happens.
    """
    if sys.platform == "linux":
        program = array("B", NO_SYN)
        words = struct.pack("@HP", len(NO_SYN) // 8, program.buffer_info()[0])
        with suppress(OSError):  # a kernel that has no such filters
            listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, words)


def url_of(listener: socket.socket, host: str, scheme: str = "http") -> str:
    """Give the base URL of what listens on a host."""
    port = listener.getsockname()[1]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
