"""A play's journal as the book has it, for who asks what its requests were and what they broke."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.stage.journal import Journal
from usagetwin.stage.shared.requests import read, read_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.stage.consumer import RequestFinding, Terms
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.shared.requests import Found

LEAST_REFUSAL: Final = 400


class BookJournal(Journal):
    """The journal of one play, and the judge of its requests, which were judged as they came.

    Whoever asks waits for the store. What was read, and can't change any more, is not read again.
    """

    def __init__(self, book: "Book", play: str) -> None:
        """Take the book, and which play it is."""
        super().__init__()
        self.is_cleared = False  # which the book has yet to be told
        self._book: Final = book
        self._play: Final = play
        self._read: dict[int, tuple[Recorded, Found]] = {}
        self._trusted: set[int] = set()  # the numbers of those that can't change any more

    def __len__(self) -> int:
        """Count what was recorded so far, or since it was cleared, kept or not."""
        last, forgotten = self._book.counted(self._play, ("last", "forgotten"))
        return 0 if self.is_cleared else last - forgotten

    @property
    def requests(self) -> "tuple[Recorded, ...]":
        """Give what is kept of what was recorded so far."""
        return tuple(recorded for recorded, _ in self._kept())

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests so far, in their order."""
        if self.is_cleared:
            return ()
        left = map(read_left, self._book.left(self._play))
        return tuple(chain.from_iterable(found for _, found in chain(left, self._kept())))

    def of(self, requests: "Iterable[Recorded]") -> "Mapping[int, Found]":
        """Give what is wrong with some of the requests, by their numbers."""
        found = {recorded.number: findings for recorded, findings in self._kept()}
        return {each.number: found.get(each.number, ()) for each in requests}

    @property
    def by_rule(self) -> "Mapping[str, int]":
        """Count the findings of each rule, those too that are kept no more; the most frequent first."""
        broken = {} if self.is_cleared else self._book.broken(self._play)
        return dict(sorted(broken.items(), key=lambda each: -each[1]))

    def follow(self, terms: "Terms") -> None:
        """Do nothing: the requests to come are judged where they come."""

    def clear(self) -> None:
        """Forget all requests, with the next change that is written."""
        self.is_cleared = True
        self._read.clear()
        self._trusted.clear()

    def _kept(self) -> "list[tuple[Recorded, Found]]":
        """Read what is there, but for what was answered the last two times: a note may come late."""
        if self.is_cleared:
            return []
        left, last = self._book.counted(self._play, ("left", "last"))
        known = {number: each for number, each in self._read.items() if left < number <= last}
        whole = {number for number, (recorded, _) in known.items() if _is_whole(recorded)}
        wanted = [number for number in range(left + 1, last + 1) if number not in self._trusted]
        texts = zip(wanted, self._book.requests(self._play, wanted), strict=True)
        known |= {number: read(number, text) for number, text in texts if text is not None}
        self._read, self._trusted = known, {number for number in whole if _is_whole(known[number][0])}
        return [known[number] for number in sorted(known)]


def _is_whole(recorded: "Recorded") -> bool:
    """Tell whether all is known of a request that will be."""
    if recorded.status is None or recorded.deviates:
        return False
    return recorded.status < LEAST_REFUSAL or recorded.message is not None
