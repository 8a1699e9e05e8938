"""How one play's requests are answered by one of several processes: recorded, counted and judged for all.

Rule: what can't be written, since the store is gone, is answered all the same.
"""

import asyncio
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.stage.consumer import findings_of
from usagetwin.stage.shared.requests import write
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.stage.consumer import RequestFinding, Terms
    from usagetwin.stage.faults import Fault, Faults
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.shared.book import Book

SHOWN: Final = "shown:"  # before the number of a fault
TRIED: Final = "tried:"


class Performing:
    """One play, by what the book calls it."""

    def __init__(self, book: "Book", play: str) -> None:
        """Take the book, and which play it is."""
        self._book: Final = book
        self._play: Final = play

    async def keep(self, recorded: "Recorded", terms: "Terms") -> "InBook":
        """Record a request, and what it broke."""
        if self._book.is_gone:
            return InBook(self._book, self._play, recorded, ())
        return await asyncio.to_thread(self._keep, recorded, terms)

    def _keep(self, recorded: "Recorded", terms: "Terms") -> "InBook":
        findings = findings_of(recorded, terms)
        rules = [finding.rule for finding in findings]
        try:
            number = self._book.add(self._play, write(recorded, findings), rules)
        except StoreGoneError:
            number = 0
        return InBook(self._book, self._play, replace(recorded, number=number), findings)

    async def choose(self, faults: "Faults", recorded: "Recorded") -> "Fault | None":
        """Give the fault that a request gets."""
        return await asyncio.to_thread(faults.choose, recorded) if faults.are_shown else None


class InBook:
    """A request in the book; without a number it is in none."""

    def __init__(
        self, book: "Book", play: str, recorded: "Recorded", findings: "Sequence[RequestFinding]"
    ) -> None:
        """Take what was recorded."""
        self.recorded = recorded
        self._book: Final = book
        self._play: Final = play
        self._findings: Final = findings

    async def note(self, **known: Any) -> None:  # noqa: ANN401 -- each as the field of `Recorded` that it replaces
        """Complete the record with what became known."""
        told = {name: value for name, value in known.items() if value is not None}
        self.recorded = replace(self.recorded, **told)
        if self.recorded.number and not self._book.is_gone:
            await asyncio.to_thread(self._note)

    def _note(self) -> None:
        try:
            self._book.note(self._play, self.recorded.number, write(self.recorded, self._findings))
        except StoreGoneError:
            return


class InBookTally:
    """Counts the faults of one play for all; a fault that needs counting is not shown without the store."""

    def __init__(self, book: "Book", play: str) -> None:
        """Take the book, and which play it is."""
        self._book: Final = book
        self._play: Final = play
        self._lock: Final = Lock()

    def try_chance(self, fault: "Fault") -> bool:
        """Try the next chance of all: the row is the one that the seed gives to a single process."""
        with self._lock:
            try:
                number = self._book.count(self._play, f"{TRIED}{fault.number}")
            except StoreGoneError:
                return False
            return number > 0 and fault.has_chance(number)

    def show(self, fault: "Fault") -> bool:
        """Count it."""
        try:
            shown = self._book.count(self._play, f"{SHOWN}{fault.number}", fault.times)
        except StoreGoneError:
            return fault.times is None
        fault.shown = shown or fault.times or 0
        return shown > 0
