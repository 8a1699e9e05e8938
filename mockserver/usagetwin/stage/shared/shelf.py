"""What a process has read of one play's requests in the book, so that it need not read it again.

Rule: what can't change any more is read once. Any thread may look, and waits for the store.
"""

from threading import Lock
from typing import TYPE_CHECKING, Final

from usagetwin.stage.journal import Look
from usagetwin.stage.shared.requests import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.shared.requests import Found

LEAST_REFUSAL: Final = 400


class Shelf:
    """The requests of one play as they were last read."""

    def __init__(self, book: "Book", play: str) -> None:
        """Take the book, and which play it is."""
        self.book: Final = book
        self.play: Final = play
        self._lock: Final = Lock()
        self._read: dict[int, tuple[Recorded, Found]] = {}
        self._trusted: set[int] = set()  # the numbers of those that can't change any more
        self._last = 0

    def look(self, after: int = 0) -> Look:
        """Look at the requests behind a number; one that is as it was is the same object again."""
        with self._lock:
            numbers = self.book.numbers(self.play)
            if numbers.last < self._last:  # the store has forgotten, and counts from one again
                self._read, self._trusted = {}, set()
            self._last = numbers.last
            self._drop(numbers.left)
            wanted = range(max(numbers.left, after) + 1, numbers.last + 1)
            self._fetch([number for number in wanted if number not in self._trusted])
            requests = tuple(self._read[number][0] for number in wanted if number in self._read)
        return Look(requests, numbers.last - numbers.forgotten, numbers.last, numbers.left, numbers.is_on)

    def found(self, requests: "Iterable[Recorded]") -> "Mapping[int, Found]":
        """Give what requests broke that were looked at, by their numbers."""
        with self._lock:
            return {each.number: self._found(each.number) for each in requests}

    def _found(self, number: int) -> "Found":
        return self._read[number][1] if number in self._read else ()

    def _drop(self, left: int) -> None:
        """Forget what is kept no more."""
        gone = [number for number in self._read if number <= left]
        for number in gone:
            del self._read[number]
        self._trusted.difference_update(gone)

    def _fetch(self, numbers: "list[int]") -> None:
        """Read requests; one that was whole the last time, too, is trusted: a note may come late."""
        for number, text in zip(numbers, self.book.requests(self.play, numbers), strict=True):
            if text is None:
                self._read.pop(number, None)
                continue
            known, fresh = self._read.get(number), read(number, text)
            if known is None or known[0] != fresh[0]:
                self._read[number] = fresh
            elif _is_whole(known[0]):
                self._trusted.add(number)


def _is_whole(recorded: "Recorded") -> bool:
    """Tell whether all is known of a request that will be."""
    if recorded.status is None or recorded.deviates:
        return False
    return recorded.status < LEAST_REFUSAL or recorded.message is not None
