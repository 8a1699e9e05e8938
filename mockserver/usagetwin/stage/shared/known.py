"""What a process knows of the plays in the book, and how it comes to know more."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from usagetwin.stage.shared.script import Script, are_alike, read, world_of_text

if TYPE_CHECKING:
    from usagetwin.account.world import World
    from usagetwin.stage.setup import Setup
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.shared.script import Worlds


@dataclass(frozen=True, slots=True)
class Known:
    """A play as one version of its script has it, with the worlds that were sent for it."""

    version: str
    script: Script
    worlds: "Worlds"


def known_of(book: "Book", options: "Setup", play: str, before: Known | None) -> Known | None:
    """Read what the book has of a play; None where it has nothing. Raises StoreGoneError.

    Worlds and faults that were known before are the same objects again, with all that is kept for them.
    """
    found = book.script(play)
    if found is None:
        return None
    worlds: dict[str, World] = {}
    known = {} if before is None else before.worlds

    def world_of(digest: str) -> "World":
        if digest not in worlds:
            worlds[digest] = known[digest] if digest in known else world_of_text(book.world(play, digest))
        return worlds[digest]

    version, text = found
    script = read(text, options, world_of)
    faults = {} if before is None else {fault.number: fault for fault in before.script.faults}
    same = ((faults.get(fault.number, fault), fault) for fault in script.faults)
    kept = tuple(one if are_alike(one, fault) else fault for one, fault in same)
    return Known(version, replace(script, faults=kept), worlds)
