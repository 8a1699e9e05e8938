"""The plays that were made for somebody, each behind a token: bounded in number, in memory and in idle time.

Rule: what is beyond a bound is refused or ends here, in words; a play itself knows nothing of others.
"""

from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError
from usagetwin.stage.journal import Journal
from usagetwin.stage.patience import LONGEST_WAIT_S, Patience
from usagetwin.stage.play import Play
from usagetwin.stage.play_tokens import new_token
from usagetwin.stage.twins import SharedTwins, Twins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin.stage.setup import Setup

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

MIB: Final = 1024 * 1024
REMEDY: Final = "end plays that are done; a play ends by itself when it was idle for {idle_s:g} s"


class TooManyPlaysError(SettingError):
    """As many plays as there may be."""


class WorldsTooLargeError(SettingError):
    """Worlds that take more memory together than they may."""


class NoSuchPlayError(SettingError):
    """A play that has ended, or never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many plays there may be, how long an idle one is kept, and what is kept of requests.

    `requests` and `journal_bytes` are one play's, `all_bytes` all plays' together: the largest gives way.
    `world_bytes` is how large the texts may be, all together, that worlds were sent as.
    """

    plays: int = 256
    idle_s: float = 1_800
    requests: int = 10_000
    journal_bytes: int = 16 * MIB
    all_bytes: int = 128 * MIB
    world_bytes: int = 64 * MIB

    def journal(self) -> Journal:
        """Make a journal within the limits."""
        return Journal(most=self.requests, most_bytes=self.journal_bytes)


@dataclass(slots=True, eq=False)
class MadePlay:
    """A play that was made for somebody: its number and name, its token, and when it was last used."""

    number: int
    name: str
    token: str
    first: "Setup"  # that it began with
    play: Play
    twins: Twins
    used_s: float


class Plays:
    """The plays of a stage, by token. Any thread may make, find and end them."""

    def __init__(
        self,
        limits: Limits,
        *,
        shared: SharedTwins | None = None,
        seconds: "Callable[[], float]" = monotonic,
        at_end: "Callable[[MadePlay], None]" = lambda _made: None,
    ) -> None:
        """Start without plays. `shared` are twins that others ask as well.

        `seconds` is a clock that no time-travel moves; `at_end` hears of each end.
        """
        self.limits: Final = limits
        self.shared: Final = SharedTwins() if shared is None else shared
        self._seconds: Final = seconds
        self._at_end: Final = at_end
        self._lock: Final = Lock()
        self._by_token: dict[str, MadePlay] = {}
        self._made = 0

    def make(self, setup: "Setup", *, name: str = "", longest_wait_s: float = LONGEST_WAIT_S) -> MadePlay:
        """Make a play, with a token of its own. Raises TooManyPlaysError where there are too many."""
        token = new_token()
        first = replace(setup, token=token)
        play = Play(first, journal=self.limits.journal(), patience=Patience(longest_wait_s))
        twins = Twins(self.shared)
        twins.of(play.setup)  # what its first request needs
        self._end_idle()
        with self._lock:
            if len(self._by_token) >= self.limits.plays:
                problem = f"there are {len(self._by_token)} plays already, as many as there may be"
                raise TooManyPlaysError(problem, REMEDY.format(idle_s=self.limits.idle_s))
            self._made += 1
            made = MadePlay(self._made, name, token, first, play, twins, self._seconds())
            self._by_token[token] = made
        return made

    def begin_after(self, number: int) -> None:
        """Let the next play that is made have the number behind this one."""
        self._made = number

    def hold(self, made: MadePlay, used_s: float | None = None) -> None:
        """Have a play that was made elsewhere, and used at this moment, or at another."""
        made.used_s = self._seconds() if used_s is None else used_s
        with self._lock:
            self._by_token[made.token] = made

    def behind(self, token: str) -> MadePlay | None:
        """Give the play of a token, which is not used by that."""
        return self._by_token.get(token)

    def find(self, token: str) -> MadePlay | None:
        """Give the play of a token, which is used by that; None where it has ended, or never was."""
        self._end_idle()
        made = self._by_token.get(token)
        if made is not None:
            made.used_s = self._seconds()
        return made

    def numbered(self, number: int) -> MadePlay:
        """Give a play by its number, which is used by that. Raises NoSuchPlayError where it has ended."""
        made = next((each for each in self.all() if each.number == number), None)
        if made is None:
            state = "has ended" if 1 <= number <= self._made else "was never made"
            problem = f"the play {number} {state}"
            raise NoSuchPlayError(problem, "a play of the list of plays, or a new one")
        made.used_s = self._seconds()
        return made

    def all(self) -> tuple[MadePlay, ...]:
        """Give all plays, in the order that they were made in."""
        self._end_idle()
        with self._lock:
            return tuple(self._by_token.values())

    def check_worlds(self, others: "Iterable[Play]", world_bytes: int) -> None:
        """Raise WorldsTooLargeError if a world is too large beside those of other plays."""
        whole = sum(play.setup.world_bytes for play in others) + world_bytes
        if world_bytes and whole > self.limits.world_bytes:
            problem = f"the worlds that were sent have {whole} bytes, and may have {self.limits.world_bytes}"
            raise WorldsTooLargeError(problem, "end plays that are done, or let them have a built-in world")

    def end(self, made: MadePlay) -> None:
        """End a play, and the requests that wait in it; a second time does nothing."""
        with self._lock:
            known = self._by_token.pop(made.token, None)
        if known is not None:
            known.play.close()
            self._at_end(known)

    def give_way(self) -> None:
        """Let the largest journals go, by halves, until all together are within their limit."""
        while True:
            with self._lock:
                journals = [made.play.journal for made in self._by_token.values()]
            if sum(journal.bytes for journal in journals) <= self.limits.all_bytes:
                return
            largest = max(journals, key=lambda journal: journal.bytes)
            before = largest.bytes
            largest.shed(0.5)
            if largest.bytes >= before:  # what is left is one request each
                return

    def _end_idle(self) -> None:
        """End the plays that nobody has used for too long."""
        since_s = self._seconds() - self.limits.idle_s
        with self._lock:
            idle = [made for made in self._by_token.values() if made.used_s < since_s]
        for made in idle:
            self.end(made)
