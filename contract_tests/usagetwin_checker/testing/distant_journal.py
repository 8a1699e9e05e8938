"""The requests of a play on a running twin: as they came here, with what became of them there.

The twin tells no header and no body; those are known here, of each request that was passed on from here.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.clock import parse_instant
from usagetwin.stage.instants import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from usagetwin.stage.journal import Journal, Recorded
    from usagetwin_checker.testing.running_twin import Document

PAGE: Final = 1_000


class DistantJournal:
    """The requests of one play, in the order in which the twin was asked."""

    def __init__(self, here: "Journal", heard: "Callable[[str], Document | None]") -> None:
        """Take the journal of what came here, and what gives the play's answer to a path."""
        self._here: Final = here
        self._heard: Final = heard
        self._last: list[Document] = []  # that the twin told

    @property
    def requests(self) -> "tuple[Recorded, ...]":
        """Give the requests so far.

        First those that the twin keeps no more, then those that it has, then those on their way to it. A
        twin that can't be asked any more has those that it had.
        """
        told = self._last = self._told() or self._last
        came = {str(request.number): request for request in self._here.requests}
        marked = [each for each in told if each.get("mark") in came]
        arrived = [_completed(each, came.pop(each["mark"])) for each in marked]
        first, last = (arrived[0].number, arrived[-1].number) if arrived else (1, 0)
        oldest = min((int(each["mark"]) for each in marked), default=0)
        left = [request for request in came.values() if first > 1 and request.number < oldest]
        coming = [request for request in came.values() if request not in left]
        return (*_numbered(left, 1), *arrived, *_numbered(coming, last + 1))

    def _told(self) -> "list[Document] | None":
        """Give all that the twin tells of requests; None where it can't be asked."""
        told: list[Document] = []
        after = 0
        while True:
            page = self._heard(f"/journal?limit={PAGE}&after={after}")
            if page is None:
                return None
            told += page["requests"]
            if "next" not in page:
                return told
            after = page["next"]


def _completed(told: "Document", came: "Recorded") -> "Recorded":
    """Give the record of a request with what became of it."""
    return replace(
        came,
        number=told["number"],
        at=moment(parse_instant(told["at"])),
        status=told.get("status"),
        fault=told.get("fault"),
        message=told.get("message"),
        deviates=told.get("deviates", False),
        preference=told.get("preference"),
    )


def _numbered(requests: "Sequence[Recorded]", first: int) -> "tuple[Recorded, ...]":
    return tuple(replace(request, number=number) for number, request in enumerate(requests, first))
