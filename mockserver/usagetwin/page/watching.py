"""What is new in a play's journal since somebody last looked: requests that came, and what became of them.

Rule: any thread may look; a look is a copy, and changes nothing. Nothing here knows of HTTP.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from usagetwin.page.rows import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.page.rows import Row, Wanted
    from usagetwin.stage.journal import Recorded
    from usagetwin.stage.play import Play

MOST_AT_ONCE: Final = 100  # rows of one look; of more the newest
MOST_OPEN: Final = 1_000  # requests that are looked at again


@dataclass(frozen=True, slots=True)
class News:
    """The rows to show, the oldest first; what is true of the journal; and after which request to look on."""

    rows: "tuple[Row, ...]"
    state: dict[str, Any]
    after: int


@dataclass(slots=True)
class Watch:
    """One look after the other at a journal; `after` is the number of the last request that is known."""

    play: "Play"
    number: str  # of the play
    wanted: "Wanted"
    after: int
    _open: "dict[int, Recorded]" = field(default_factory=dict)  # as they were at the last look
    _state: dict[str, Any] = field(default_factory=dict)

    def news(self) -> News | None:
        """Look; None where nothing is new. Raises StoreGoneError.

        A play that has ended elsewhere ends here.
        """
        look = self.play.journal.look(min([self.after, *(number - 1 for number in self._open)]))
        if not look.is_on:
            self.play.close()
        if look.last < self.after:  # a store has forgotten, and counts from one again
            self.after, self._open = 0, {}
            return self.news()
        if not self._open and look.last == self.after and look.total == self._state.get("total"):
            return None
        shown = self._changed(look.requests)
        findings = self.play.findings_of(shown) if shown else {}
        meant = [each for each in shown if self.wanted.has(each, findings[each.number])]
        rows = tuple(row(each, findings[each.number], self.number) for each in meant[-MOST_AT_ONCE:])
        self._state = {"total": look.total, "first": look.left + 1, "left_out": len(meant) - len(rows)}
        return News(rows, self._state, min([self.after, *(number - 1 for number in self._open)]))

    def _changed(self, kept: "Sequence[Recorded]") -> "list[Recorded]":
        """Give the requests that are new or not as they were; one that has ended is looked at once more."""
        changed = []
        still_open = {}
        for each in kept:
            before = self._open.get(each.number)
            if each.number > self.after or (before is not None and each is not before):
                changed.append(each)
                still_open[each.number] = each
            elif before is not None and each.status is None:
                still_open[each.number] = each
        self._open = dict(list(still_open.items())[-MOST_OPEN:])
        self.after = max([self.after, *(each.number for each in changed)])
        return changed
