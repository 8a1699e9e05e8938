"""Where a name or an address leads while the redirect is active, and which ones are blocked.

A name of ours resolves to an address that no packet can be sent to: some clients keep the address but drop
the port, so the port is what decides at the time of connecting, and an address that a client remembers
beyond the test fails at once instead of reaching anyone.
"""

import errno
import ipaddress
import socket
from collections import Counter
from dataclasses import dataclass, field
from threading import current_thread
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import UsageTwinError
from usagetwin.hosts import host_name
from usagetwin_checker.redirect.turns import Turn, Turns

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from usagetwin_checker.redirect.authority import Authority

    Address = tuple[str, int]

NOWHERE: Final = "255.255.255.255"  # connecting to it fails at once; 240.0.0.1 can seem to connect
MAPPED: Final = "::ffff:"  # an IPv4 address, for a socket of IPv6
SETTINGS: Final = {  # what to say to a library that keeps sockets from everybody
    "pytest_socket": "the marker enable_socket on this test, or --allow-hosts=127.0.0.1 for --disable-socket",
}


class BlockedHostError(UsageTwinError, OSError):
    """A connection to a host that is not ours, where the user wants none."""

    def __init__(self, host: str, option: str) -> None:
        problem = f"connecting to {host!r} is blocked here"
        super().__init__(errno.EACCES, f"{problem}; try a fake of that host, or a run without {option}")
        self.host: Final = host
        self.option: Final = option

    def __reduce__(self) -> tuple[type["BlockedHostError"], tuple[str, str]]:
        """Let it travel between processes."""
        return type(self), (self.host, self.option)


class PastTheTwinError(UsageTwinError, OSError):
    """A request to one of our hosts that was about to go to another server, and was not sent."""

    def __init__(self, host: str, peer: "Address | None" = None) -> None:
        where = "" if peer is None else f" to {peer[0]}:{peer[1]}"
        problem = (
            f"a request to {host!r} was on its way past the twin{where}, and was stopped before it was sent"
        )
        remedy = "a client that uses no proxy for this host, or the twin's own base URL (usage_twin.url)"
        super().__init__(errno.EACCES, f"{problem}\n  try   {remedy}")
        self.host: Final = host
        self.peer: Final = peer

    def __str__(self) -> str:
        """Leave out the number, which says nothing here."""
        return str(self.strerror)

    def __reduce__(self) -> "tuple[type[PastTheTwinError], tuple[str, Address | None]]":
        """Let it travel between processes."""
        return type(self), (self.host, self.peer)


class LeftOverError(UsageTwinError, OSError):
    """A request to one of our hosts by what an earlier test has left behind."""

    def __init__(self, host: str, left: str, test: str) -> None:
        problem = (
            f"{left} goes on after its test, {test}: its request to {host!r} is nobody's, and was stopped"
        )
        super().__init__(errno.EACCES, f"{problem}\n  try   an end of it in that test")
        self.facts: Final = (host, left, test)

    def __str__(self) -> str:
        """Leave out the number, which says nothing here."""
        return str(self.strerror)

    def __reduce__(self) -> "tuple[type[LeftOverError], tuple[str, str, str]]":
        """Let it travel between processes."""
        return type(self), self.facts


class GuardedHostError(UsageTwinError, OSError):
    """A request to one of our hosts, where there is no server for it."""

    def __init__(self, host: str, remedy: str) -> None:
        problem = f"this test asks {host!r} and has no twin: the request was stopped before it was sent"
        super().__init__(errno.EACCES, f"{problem}\n  try   {remedy}")
        self.facts: Final = (host, remedy)

    def __str__(self) -> str:
        """Leave out the number, which says nothing here."""
        return str(self.strerror)

    def __reduce__(self) -> "tuple[type[GuardedHostError], tuple[str, str]]":
        """Let it travel between processes."""
        return type(self), self.facts


class TakenError(UsageTwinError, OSError):
    """A place in the process that requests to our hosts need, and that another library has taken."""

    def __init__(self, place: str, kind: str, said: str) -> None:
        library = kind.partition(".")[0]
        problem = f"{place} is {kind}, of {library}, so that no request reaches the twin"
        remedy = SETTINGS.get(library, f"tests that have the twin without {library}'s hold on {place}")
        super().__init__(errno.EACCES, f"{problem}: {said}\n  try   {remedy}")
        self.facts: Final = (place, kind, said)

    def __str__(self) -> str:
        """Leave out the number, which says nothing here."""
        return str(self.strerror)

    def __reduce__(self) -> "tuple[type[TakenError], tuple[str, str, str]]":
        """Let it travel between processes."""
        return type(self), self.facts


@dataclass(eq=False)
class Route:
    """Hosts, and where their ports lead. Everything passes unchanged while it is not `active`.

    While it `stays`, the requests of what an earlier turn has left behind are stopped, and counted.
    `programs` gives the variables that lead another program; `refusing` is the remedy where nothing is led.

    `block` names the option that blocks all other hosts of the network, but for the names and addresses
    that are `spared`; None lets them pass. `doors` are other addresses that lead to the same server;
    `stopped` are the requests that were about to go past it, or could not be led there. `renew` is called
    before a name of ours is led, for all else to be in place.
    """

    ports: "Mapping[int, Address]"
    authority: "Authority"
    hosts: frozenset[str]
    block: str | None = None
    spared: frozenset[str] = field(default=frozenset(), init=False)
    doors: "set[Address]" = field(default_factory=set)
    active: bool = field(default=False, init=False)
    refusing: str | None = field(default=None, init=False)
    stopped: "list[PastTheTwinError | TakenError | GuardedHostError]" = field(
        default_factory=list, init=False
    )
    stays: bool = field(default=False, init=False)
    turns: Turns = field(default_factory=Turns, init=False)
    left_over: "Counter[str]" = field(default_factory=Counter, init=False)
    programs: "Callable[[], Mapping[str, str]] | None" = field(default=None, init=False)
    renew: "Callable[[], None]" = field(default_factory=lambda: _nothing, init=False)

    @property
    def in_place(self) -> bool:
        """Tell whether anything is to be looked at."""
        return self.active or self.stays

    def leads(self, host: object) -> bool:
        """Tell whether a name is one of ours, and not to be reached: in a turn, or by what is left of one."""
        return self.in_place and host_name(host) in self.hosts and (self.active or self._left() is not None)

    def name(self, host: Any, family: int, flags: int = 0) -> Any:  # noqa: ANN401 -- what callers write
        """Give the name to look up instead of this one. Raises BlockedHostError."""
        if not self.in_place or flags & socket.AI_NUMERICHOST:
            return host
        self._refuse_left_over(host_name(host))
        if self.leads(host):
            self._refuse(host_name(host))
            self.renew()
            try:
                check_socket()
            except TakenError as taken:
                self.stopped.append(taken)
                raise
            return MAPPED + NOWHERE if family == socket.AF_INET6 else NOWHERE
        name = host_name(host)
        if name and _literal(name) is None and not flags & socket.AI_PASSIVE:  # passive: for a server
            self.check(name)
        return host

    def address(self, address: Any, family: int) -> Any:  # noqa: ANN401 -- what callers write
        """Give the address to connect to instead of this one.

        Raises BlockedHostError, and ConnectionRefusedError for a port of ours that leads nowhere.
        """
        if not self.in_place or family not in {socket.AF_INET, socket.AF_INET6}:
            return address
        if not isinstance(address, tuple) or len(address) < 2:
            return address  # what the socket itself refuses best
        name = host_name(address[0])
        self._refuse_left_over(name)
        if not self.active:
            return address
        self._refuse(name)
        if name in self.hosts or name in {NOWHERE, MAPPED + NOWHERE}:
            return self._ours(address[1], family)
        if name:
            self.check(name)
        return address

    def _refuse_left_over(self, name: str | None) -> None:
        """Raise LeftOverError where what an earlier test has left behind asks one of our hosts."""
        if name not in self.hosts and name not in {NOWHERE, MAPPED + NOWHERE}:
            return
        left = self._left()
        if left is not None:
            error = LeftOverError(str(name), f"the thread {current_thread().name!r}", left.name)
            self.left_over[str(error)] += 1
            raise error

    def _left(self) -> Turn | None:
        """Give the turn that is over, where the caller belongs to one."""
        turn = self.turns.whose()
        return turn if turn is not None and turn.over else None

    def _refuse(self, name: str | None) -> None:
        """Raise GuardedHostError for one of our hosts, where all of them are refused."""
        if self.refusing is not None and name in self.hosts:
            error = GuardedHostError(str(name), self.refusing)
            self.stopped.append(error)
            raise error

    def check(self, name: str) -> None:
        """Raise BlockedHostError where this name or address is another machine's, and such are blocked."""
        if self.block is not None and name not in self.spared and not _is_local(name):
            raise BlockedHostError(name, self.block)

    def is_ours(self, peer: "Address") -> bool:
        """Tell whether an address is that of the local server, or a door to it."""
        here = (peer[0].removeprefix(MAPPED), peer[1])
        return here in self.ports.values() or here in self.doors

    def stop(self, host: str, peer: "Address | None") -> PastTheTwinError:
        """Note a request that was about to go past the server, and give the error for its client."""
        error = PastTheTwinError(host, peer)
        self.stopped.append(error)
        return error

    def trust(self, context: "ssl.SSLContext", server_hostname: object) -> None:
        """Let a context that is about to meet one of our hosts trust our certificate."""
        if self.leads(server_hostname):
            self.authority.trust(context)

    def _ours(self, port: object, family: int) -> Any:  # noqa: ANN401 -- as long as the family wants it
        if port not in self.ports:
            open_ports = " and ".join(str(number) for number in sorted(self.ports))
            reason = f"in this test, only the ports {open_ports} of the real hosts are answered, not {port}"
            raise ConnectionRefusedError(errno.ECONNREFUSED, reason)
        host, local_port = self.ports[port]  # type: ignore[index]  # -- it is one of its keys
        return (MAPPED + host, local_port, 0, 0) if family == socket.AF_INET6 else (host, local_port)


def addresses_of(host: str) -> frozenset[str]:
    """Give the addresses that a name has at this moment; none where it is not known."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(str(address[4][0]) for address in found)


def check_socket() -> None:
    """Raise TakenError where another library lets nobody make a socket."""
    kind = socket.socket
    if kind.__module__ == "socket":
        return
    try:
        kind(socket.AF_INET, socket.SOCK_STREAM).close()
    except Exception as error:
        place, said = "socket.socket", f"{type(error).__name__}: {error}"
        raise TakenError(place, f"{kind.__module__}.{kind.__qualname__}", said) from error


def _nothing() -> None:
    """Do nothing, until the redirect has something to do."""


def _is_local(name: str) -> bool:
    """Tell whether a name or address means this machine, without looking it up."""
    address = _literal(name)
    if address is None:
        return name == "localhost" or name.endswith(".localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
