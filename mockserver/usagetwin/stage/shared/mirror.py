"""The plays as the control API sees and changes them: read from the book before, and written back behind.

Rule: no request of a client is answered from here, so what fails half-way has changed nothing.
"""

from contextlib import contextmanager
from math import inf
from secrets import token_hex
from time import sleep
from typing import TYPE_CHECKING, Final

from usagetwin.stage.patience import Patience
from usagetwin.stage.play import Play
from usagetwin.stage.plays import MadePlay, Plays
from usagetwin.stage.shared.book import DEFAULT, WORLD, Change
from usagetwin.stage.shared.book_journal import BookJournal
from usagetwin.stage.shared.known import Known, known_of
from usagetwin.stage.shared.performing import SHOWN, TRIED
from usagetwin.stage.shared.script import Script, digest, write
from usagetwin.stage.shared.shelf import Shelf
from usagetwin.stage.twins import Twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.stage.faults import Fault
    from usagetwin.stage.plays import Limits
    from usagetwin.stage.setup import Setup
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.twins import SharedTwins

    Told = tuple[Setup, tuple[Fault, ...], int, bool]  # what a script has that can change


class Mirror:
    """All plays of a twin that several processes serve; one thread at a time."""

    def __init__(self, book: "Book", first: "Setup", limits: "Limits", shared: "SharedTwins") -> None:
        """Take the book, what the twin was started with, and the twins of its stage."""
        self.first: Final = first
        self.recording = False
        self.default = Play(first)
        self.plays = Plays(limits, shared=shared)
        self._book: Final = book
        self._limits: Final = limits
        self._shared: Final = shared
        self._name = ""  # the book's
        self._known: dict[str, Known] = {}
        self._shelves: dict[str, Shelf] = {}
        self._journals: dict[str, BookJournal] = {}  # of this read, each with what was cleared since

    @property
    def is_told(self) -> bool:
        """Tell whether anything was said that the default play's answers depend on."""
        return self.default.setup is not self.first or self.default.faults.are_shown

    def secret(self) -> bytes:
        """Give what all processes have in common, and nobody else. Raises StoreGoneError."""
        return self._book.secret()

    @contextmanager
    def reading(self) -> "Iterator[None]":
        """Have all plays as the book has them within the block. Raises StoreGoneError."""
        self._read()
        yield
        self._keep_named()

    @contextmanager
    def changing(self) -> "Iterator[None]":
        """Have them so, change them alone, and write what was changed. Raises StoreBusyError, too.

        Behind the block no process answers any more as it was before.
        """
        with self._book.turn() as turn:
            self._read()
            yield
            self._keep_named()
            sleep(self._write(turn))

    def _read(self) -> None:
        """Read what is there of plays, and of it what was not known."""
        name, made, versions = self._book.roster()
        if name != self._name:  # nothing of before is there
            self._name, self._known, self._shelves = name, {}, {}
        plays = Plays(self._limits, shared=self._shared)
        known: dict[str, Known] = {}
        shelves: dict[str, Shelf] = {}
        journals: dict[str, BookJournal] = {}
        plays.begin_after(made)
        for play in (DEFAULT, *versions):
            before = self._known.get(play)
            if before is None or before.version != versions.get(play):
                before = known_of(self._book, self.first, play, before)
            shelves[play] = self._shelves[play] if play in self._shelves else Shelf(self._book, play)
            journals[play] = BookJournal(shelves[play])
            if before is not None:
                known[play] = before
                if play != DEFAULT:
                    plays.hold(self._made(play, before.script, journals[play]), inf)
        self.plays, self._known, self._shelves, self._journals = plays, known, shelves, journals
        script = known[DEFAULT].script if DEFAULT in known else Script(first=self.first, setup=self.first)
        self.default = self._play(DEFAULT, script, journals[DEFAULT])
        self.recording = script.recording

    def _made(self, play: str, script: Script, journal: BookJournal) -> MadePlay:
        shown = self._play(play, script, journal)
        return MadePlay(int(play), script.name, script.token, script.first, shown, Twins(self._shared), 0.0)

    def _play(self, play: str, script: Script, journal: BookJournal) -> Play:
        """Give a play as its script says, with what was counted of its faults."""
        shown = Play(script.setup, patience=Patience(script.longest_wait_s), journal=journal, judge=journal)
        shown.faults.stand(script.faults, script.count)
        counts = self._book.counted(play, [f"{SHOWN}{fault.number}" for fault in script.faults])
        for fault, count in zip(script.faults, counts, strict=True):
            fault.shown = count
        return shown

    def _write(self, turn: str) -> float:
        """Write what is otherwise than it was read; give for how long some may answer as before."""
        on = {str(made.number): made for made in self.plays.all()}
        for play in self._known.keys() - on.keys() - {DEFAULT}:
            self._book.end(play, digest(self._known[play].script.token), turn)
        for play, made in on.items():
            before = self._known[play].script if play in self._known else None
            script = self._script(made, before)
            self._write_one(play, script, turn, is_told=True)
        script = Script(
            first=self.first,
            setup=self.default.setup,
            faults=self.default.faults.current,
            count=self.default.faults.count,
            recording=self.recording,
        )
        return self._write_one(DEFAULT, script, turn, is_told=self.is_told or self.recording)

    def _script(self, made: MadePlay, before: Script | None) -> Script:
        faults = made.play.faults
        wait_s = made.play.patience.longest_s if before is None else before.longest_wait_s
        return Script(
            first=made.first,
            setup=made.play.setup,
            faults=faults.current,
            count=faults.count,
            name=made.name,
            token=made.token,
            longest_wait_s=wait_s,
        )

    def _write_one(self, play: str, script: Script, turn: str, *, is_told: bool) -> float:
        known = self._known.get(play)
        before = Script(first=self.first, setup=self.first) if known is None else known.script
        journal = self._journals.get(play)
        cleared = journal is not None and journal.is_cleared
        if _told(script) == _told(before) and not cleared and (known is not None or play == DEFAULT):
            return 0.0
        worlds = {} if known is None else known.worlds
        written = write(script, self.first, worlds)
        numbers = {fault.number for fault in before.faults} - {fault.number for fault in script.faults}
        counts = [f"{kind}{number}" for kind in (SHOWN, TRIED) for number in sorted(numbers)]
        gone = [WORLD + each for each in worlds if each not in written.worlds]
        change = Change(
            play=play,
            digest=digest(script.token),
            version=token_hex(8),
            is_told=is_told,
            script=written.text,
            cleared=cleared,
            gone=(*counts, *gone),
            fresh={WORLD + each: text for each, text in written.fresh.items()},
        )
        return self._book.write(change, turn)

    def _keep_named(self) -> None:
        """Let the plays be used at this moment that were named."""
        for made in self.plays.all():
            if made.used_s != inf and str(made.number) in self._known:
                self._book.keep(str(made.number))


def _told(script: Script) -> "Told":
    return script.setup, script.faults, script.count, script.recording
