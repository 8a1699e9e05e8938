"""A play's journal as the book has it, for who asks what its requests were and what they broke."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.stage.journal import Journal, Look
from usagetwin.stage.shared.requests import read_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.stage.consumer import RequestFinding, Terms
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.shared.requests import Found
    from usagetwin.stage.shared.shelf import Shelf


class BookJournal(Journal):
    """The journal of one play, and the judge of its requests, which were judged as they came.

    Whoever asks waits for the store. To clear it is a change of its own, which the book is told of later.
    """

    def __init__(self, shelf: "Shelf") -> None:
        """Take what was read of the play, which others read from as well."""
        super().__init__()
        self.is_cleared = False  # which the book has yet to be told
        self._shelf: Final = shelf

    def look(self, after: int = 0) -> Look:
        """Look at what is kept of the requests behind a number, and at the numbers before that."""
        look = self._shelf.look(after)
        return Look((), 0, look.last, look.last, look.is_on) if self.is_cleared else look

    def __len__(self) -> int:
        """Count what was recorded so far, or since it was cleared, kept or not."""
        numbers = self._shelf.book.numbers(self._shelf.play)
        return 0 if self.is_cleared else numbers.last - numbers.forgotten

    @property
    def requests(self) -> "tuple[Recorded, ...]":
        """Give what is kept of what was recorded so far."""
        return self.look().requests

    @property
    def last_number(self) -> int:
        """Give the number of the newest request; 0 when there is none yet."""
        return self._shelf.book.numbers(self._shelf.play).last

    @property
    def findings(self) -> "tuple[RequestFinding, ...]":
        """Give what is wrong with the requests so far, in their order."""
        if self.is_cleared:
            return ()
        left = map(read_left, self._shelf.book.left(self._shelf.play))
        kept = self.of(self.requests).values()
        return tuple(chain(chain.from_iterable(found for _, found in left), chain.from_iterable(kept)))

    def of(self, requests: "Iterable[Recorded]") -> "Mapping[int, Found]":
        """Give what is wrong with some of the requests, by their numbers."""
        return self._shelf.found(requests)

    @property
    def by_rule(self) -> "Mapping[str, int]":
        """Count the findings of each rule, those too that are kept no more; the most frequent first."""
        broken = {} if self.is_cleared else self._shelf.book.broken(self._shelf.play)
        return dict(sorted(broken.items(), key=lambda each: -each[1]))

    def follow(self, terms: "Terms") -> None:
        """Do nothing: the requests to come are judged where they come."""

    def clear(self) -> None:
        """Forget all requests, with the next change that is written."""
        self.is_cleared = True
