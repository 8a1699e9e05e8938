"""One thing that the contract leaves open: the known ways to decide it, and what shows which.

Rule: a way is named as a profile names it, a variation by its name and a policy as `name=value`; `TWIN` is
what the twin does by default. What no answer rules out stays possible.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin_checker.choices.seen import Seen
    from usagetwin_checker.exchanges import Ask

    Ways = frozenset[str]
    Reading = Callable[[Seen, Ways], Ways]
    Asking = Callable[[Seen], Iterable[Ask]]

TWIN: Final = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its known ways beside the twin's, and the reading of answers that leaves the possible ones.

    `asks` gives the requests that would tell; `needs` says what it takes where no request alone would.
    """

    name: str
    ways: tuple[str, ...]
    read: "Reading"
    asks: "Asking" = lambda _seen: ()
    needs: str = "requests of this kind"

    def possible(self, seen: "Seen") -> "Ways":
        """Give the ways that the answers leave possible; none where they fit no known one."""
        return self.read(seen, frozenset((TWIN, *self.ways)))


def only(ways: "Ways", *left: str) -> "Ways":
    """Keep some ways of those that are possible."""
    return ways & frozenset(left)


def without(ways: "Ways", *gone: str) -> "Ways":
    """Take away ways that an answer rules out."""
    return ways - frozenset(gone)
