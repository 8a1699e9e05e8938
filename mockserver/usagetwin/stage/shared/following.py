"""How the plays of one process follow the book: before a request is answered, its play is as it is there.

While the default play is told nothing, a process holds a lease: for so long it may answer without asking, and
who changes the default play waits until all leases have ended. So a change that was answered holds for every
request that comes afterwards, wherever it comes.
"""

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from usagetwin.stage.patience import Patience
from usagetwin.stage.play import Play
from usagetwin.stage.plays import MadePlay
from usagetwin.stage.shared.book import DEFAULT
from usagetwin.stage.shared.known import known_of
from usagetwin.stage.shared.performing import InBookTally, Performing
from usagetwin.stage.shared.script import digest
from usagetwin.stage.twins import Twins
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from usagetwin.stage.plays import Plays
    from usagetwin.stage.served import ServedStage
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.shared.known import Known

LEASE_S: Final = 0.25


class Following:
    """The plays of a served stage, as the book has them. Any thread may ask, and waits for the store."""

    def __init__(self, book: "Book", served: "ServedStage") -> None:
        """Take the book, and what is to follow it."""
        self.quiet_until_s = 0.0  # while the default play is told nothing, on the machine's clock
        self._book: Final = book
        self._served: Final = served
        self._plays: Final[Plays] = served.plays
        self._lock: Final = Lock()
        self._known: dict[str, Known] = {}  # by token, and that of the default play by its name

    def look(self, token: str) -> bool:
        """Let the play of a token be as the book has it; tell whether it is known whether there is one."""
        try:
            found = self._book.look(digest(token))
            if found is None:
                self._end(self._plays.behind(token))
            elif not self._is_known(token, found[1]):
                with self._lock:
                    if not self._is_known(token, found[1]):
                        self._follow(found[0], token, self._plays.behind(token))
        except StoreGoneError:
            return self._plays.behind(token) is not None
        return True

    def look_at_default(self) -> None:
        """Let the default play be as the book has it, as well as can be."""
        asked_s = monotonic()
        try:
            version, told = self._book.lease(round(LEASE_S * 1000))
            with self._lock:
                if version != self._version(DEFAULT):
                    self._follow_default()
        except StoreGoneError:
            return
        if not told:
            self.quiet_until_s = asked_s + LEASE_S

    def forget(self, made: MadePlay) -> None:
        """Know no more of a play that has ended here."""
        self._known.pop(made.token, None)

    def _is_known(self, token: str, version: str) -> bool:
        return self._plays.behind(token) is not None and self._version(token) == version

    def _version(self, name: str) -> str:
        known = self._known.get(name)
        return "" if known is None else known.version

    def _follow(self, play: str, token: str, made: MadePlay | None) -> None:
        before = None if made is None else self._known.get(token)
        known = known_of(self._book, self._served.first, play, before)
        if known is None:
            self._end(made)
            return
        if made is None:
            made = self._made(play, known)
        self._perform(made.play, play, known)
        made.twins.of(made.play.setup)  # what its first request needs
        self._known[token] = known
        self._plays.hold(made)

    def _made(self, play: str, known: "Known") -> MadePlay:
        script = known.script
        performed = Play(
            script.first,
            patience=Patience(script.longest_wait_s),
            sharing=Performing(self._book, play),
        )
        twins = Twins(self._plays.shared)
        return MadePlay(int(play), script.name, script.token, script.first, performed, twins, 0.0)

    def _follow_default(self) -> None:
        served = self._served
        known = known_of(self._book, served.first, DEFAULT, self._known.get(DEFAULT))
        if known is None:  # the store has forgotten
            self._known.pop(DEFAULT, None)
            served.recording = False
            served.default.alter(lambda _: served.first)
            served.default.faults.clear()
            return
        self._perform(served.default, DEFAULT, known)
        served.recording = known.script.recording
        self._known[DEFAULT] = known

    def _perform(self, performed: Play, play: str, known: "Known") -> None:
        """Let a play be as its script says."""
        script = known.script
        tally = InBookTally(self._book, play)
        for fault in script.faults:
            fault.tally, fault.shown = tally, 0  # how often it was shown is asked there
        performed.alter(lambda _: script.setup)
        performed.faults.stand(script.faults, script.count)

    def _end(self, made: MadePlay | None) -> None:
        if made is not None:
            self._plays.end(made)
