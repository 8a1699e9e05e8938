"""When the redirect is in place: from `activate` to `deactivate`, for as short as one test.

While it is active, each TCP connection of this process to one of the hosts leads to a local server, over
TLS that the client believes, whatever the HTTP library and whenever its client was made. Nothing stays:
each function and variable gets its own value back, by identity.

What is handled, and where:

- A client that drops the port of a resolved name, and one that remembers the address: `route`.
- Another library that puts a function back, or its own over ours: each lookup of our names sees that all of
  ours are in place (`renew`). A class that stands in for another, as `socket.socket`: both are led. One that
  lets nobody make a socket: the error names it, and its setting. Activate for each test, not for a session.
- A proxy that the environment or the code itself names: `proxies` for the clients that are known, and
  $NO_PROXY lists the hosts while the redirect is active. What goes to a proxy all the same, `guards` stops.
- An address of the real host that a client knows or looks up in its own way: `guards` ends the handshake.
- Libraries with name resolution of their own (aiohttp with aiodns, uvloop): their functions are replaced
  when the process has imported them, and at the end of their import when it imports them later. They are
  never imported for our sake.
- A thread, task or executor's call that an earlier turn has left behind: `turns`. It is stopped, also between
  turns, and functions stay replaced as long as it goes on.
- A forked child is answered as its parent is. Other children are led by their environment, or by what
  multiprocessing sends them: `children`, `connect_proxy`.
- The listener's TCP_NODELAY: `listening`. Sockets and loop made by the caller: `loop_thread`.

What is not:

- A connection that a client made to the real host before.
- A client that compares the server's certificate or key with one that it knows.
- TLS that is not Python's `ssl` (pyOpenSSL), sockets that are not Python's (pycurl, gRPC), gevent, and QUIC.
- A client's `ssl.SSLContext` keeps its trust in our authority, whose key dies with this process.
- Where others are blocked: a name that a hosts file gives to this machine is blocked as well, since no name
  is looked up for this; UDP, Unix sockets and looking a name up (`gethostbyname`) are not blocked.

Tried on Linux alone. By their sources, Windows' default event loop (its `sock_connect` is replaced) and
truststore's contexts on Windows and macOS are redirected. niquests brings another urllib3 under that name
(urllib3-future): it is redirected as well, and needs an environment of its own beside requests.
"""

import os
import sys
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from usagetwin.errors import RemediedError
from usagetwin.hosts import HOSTS, host_name
from usagetwin_checker.redirect.late_imports import Watch
from usagetwin_checker.redirect.patches import MODULES, Patch, replacements
from usagetwin_checker.redirect.route import Route, addresses_of
from usagetwin_checker.redirect.slots import Replacement, Variable

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from usagetwin_checker.redirect.authority import Authority
    from usagetwin_checker.redirect.route import Address, GuardedHostError, PastTheTwinError, TakenError
    from usagetwin_checker.redirect.slots import Attribute

NO_PROXY: Final = ("NO_PROXY", "no_proxy")
STAYING: Final[list[Route]] = []  # of the redirects that this process was started with


@dataclass(eq=False)
class RedirectError(RemediedError):
    """A use of the redirect that makes no sense."""

    problem: str
    remedy: str


class Redirect:
    """Leads the ports of the hosts to local addresses (`{443: tls, 80: plain}`) while it is active.

    `block_others` blocks connections to all other hosts but this machine; `option` is how the user turned
    that on, and the error says it. `doors` are other addresses that lead to the same server, such as that of
    a `connect_proxy`; more may be added at any time.
    """

    def __init__(  # noqa: PLR0913 -- each is a choice of its own
        self,
        ports: "Mapping[int, Address]",
        authority: "Authority",
        *,
        hosts: "Iterable[str]" = HOSTS,
        block_others: bool = False,
        option: str = "block_others=True",
        doors: "set[Address] | None" = None,
    ) -> None:
        block = option if block_others else None
        names = frozenset(filter(None, map(host_name, hosts)))
        self._route: Final = Route(ports, authority, names, block, set() if doors is None else doors)
        self._made: Final[list[Replacement]] = []
        self._covered: Final[list[Replacement]] = []
        self._watch: Watch | None = None
        self._renewing: Final = Lock()
        self._route.renew = self.renew

    @property
    def ports(self) -> "Mapping[int, Address]":
        """Where the ports of the hosts lead."""
        return self._route.ports

    @property
    def active(self) -> bool:
        """Whether it is in place."""
        return self._route.active

    def stopped(self) -> "list[PastTheTwinError | TakenError | GuardedHostError]":
        """Give the requests that could not be led, or were about to go past the server, since last asked."""
        stopped = self._route.stopped[:]
        del self._route.stopped[: len(stopped)]
        return stopped

    @property
    def left_over(self) -> "Counter[str]":
        """What was said to what earlier turns have left behind, and how often."""
        return self._route.left_over

    def block(self, option: str | None) -> None:
        """Block connections to other hosts, and name the option that wants it; None lets them pass."""
        self._route.block = option

    def spare(self, host: str) -> None:
        """Let connections to a host pass whatever is blocked: by its name, and its addresses of now."""
        self._route.spared |= {str(host_name(host)), *addresses_of(host)}

    def refuse(self, remedy: str) -> None:
        """Lead nothing: stop each request to the hosts, and name what helps."""
        self._route.refusing = remedy

    def lead_programs(self, variables: "Callable[[], Mapping[str, str]]") -> None:
        """Give these variables to each program that is started while the redirect is active."""
        self._route.programs = variables

    def stay(self) -> None:
        """Put it in place for the rest of this process's life, and leave its environment as it is.

        It leads nothing while another one is active here, that of a test in a pytest that is led; of two that
        stay, as in a program which that test starts, the later one leads.
        """
        for route in STAYING:
            route.active = False
        STAYING[:] = [self._route]
        self._route.active = True
        self._watch = Watch(MODULES, self._imported)
        self._watch.start()
        self._made.extend(made for made in self._all() if isinstance(made, Patch))
        for made in self._made:
            made.make()

    def activate(self, name: str = "") -> None:
        """Put it in place, for the turn of this name. Raises RedirectError when it is in place already."""
        if self.active:
            problem = "this redirect is active already"
            raise RedirectError(problem, "one activation at a time, each followed by deactivate()")
        self._uncover()
        for route in STAYING:
            route.active = False
        self._route.active = True
        try:
            self._route.turns.begin(name)
            if self._watch is None:
                self._watch = Watch(MODULES, self._imported)
                self._watch.start()
            kept = {replacement.slot for replacement in self._made}
            for replacement in self._all():
                if replacement.slot not in kept:
                    self._made.append(replacement)  # first, so that an interruption leaves nothing behind
                    replacement.make()
            self.renew()
        except BaseException:
            self.deactivate()
            raise

    def renew(self) -> None:
        """See that each function is led, also where another has put one back, or its own in its place."""
        if not self._route.in_place or not self._renewing.acquire(blocking=False):
            return
        try:
            self._renew()
        finally:
            self._renewing.release()

    def deactivate(self) -> tuple[str, ...]:
        """Put everything back; a second call is harmless.

        Where a thread or task of a turn goes on, functions stay replaced, and stop what it asks our hosts;
        everything else passes. The next call that finds nothing left puts them back.

        Gives the names of what another has patched over ours since, and not put back. Theirs stays in place,
        and ours below it passes everything on unchanged; once theirs is gone, the next call of `activate`
        or `deactivate` takes away ours too. Connections that are open to the local server stay open:
        drop them there.
        """
        self._route.active = False
        for route in STAYING:
            route.active = True
        self._route.turns.end()
        stay = self._route.stays = self._route.turns.left_over()
        if self._watch is not None and not stay:
            self._watch.stop()
            self._watch = None
        self._uncover()
        for made in reversed(self._made[:]):
            if stay and isinstance(made, Patch):
                continue
            if not made.undo():
                self._covered.append(made)
            self._made.remove(made)
        return tuple(str(replacement.slot) for replacement in self._covered)

    def __enter__(self) -> "Self":
        """Activate."""
        self.activate()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        """Deactivate."""
        self.deactivate()

    def _all(self) -> "Iterator[Replacement]":
        for name in sorted(MODULES & sys.modules.keys()):
            yield from replacements(sys.modules[name], self._route)
        values = no_proxy(self._route.hosts)
        for name, value in values.items():
            yield Replacement(Variable(name), None, value)

    def _renew(self) -> None:
        patches = [made for made in self._made if isinstance(made, Patch)]
        ours: dict[Attribute, list[object]] = {}
        for patch in patches:
            ours.setdefault(patch.slot, []).append(patch.ours)
        for patch in {patch.slot: patch for patch in patches}.values():  # the last of each place
            if not any(patch.slot.holds(own) for own in ours[patch.slot]):
                over = patch.renew()
                if over is not None:
                    self._made.append(over)
                    over.make()

    def _imported(self, name: str) -> None:
        if not self._route.in_place:
            return  # an import that has taken longer than the test
        for replacement in replacements(sys.modules[name], self._route):
            self._made.append(replacement)
            replacement.make()

    def _uncover(self) -> None:
        self._covered[:] = [replacement for replacement in self._covered if not replacement.undo()]


def no_proxy(hosts: "Iterable[str]") -> dict[str, str]:
    """Give $NO_PROXY in both spellings: what it says, or else what the other says, and these hosts."""
    said = {name: os.environ.get(name, "") for name in NO_PROXY}
    return {
        name: _with(said[name] or said[other], hosts)
        for name, other in zip(NO_PROXY, NO_PROXY[::-1], strict=True)
    }


def _with(value: str, hosts: "Iterable[str]") -> str:
    if value.strip() == "*":
        return value  # it means all hosts only where it stands alone
    return ",".join([*filter(None, [value]), *sorted(hosts)])
