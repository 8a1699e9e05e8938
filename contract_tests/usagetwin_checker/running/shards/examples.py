"""Hypothesis's example databases: the first shard is lent what is known, and what shards find is kept.

Rule: nothing here writes but `keep`, so that a shard that is run again leaves nothing behind.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis.database import ExampleDatabase

from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.fuzz import Fuzz

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Examples = Mapping[bytes, frozenset[bytes]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the draws of a shard add to a database, and what they found to be of no use any more."""

    saved: "frozenset[tuple[bytes, bytes]]" = frozenset()
    deleted: "frozenset[tuple[bytes, bytes]]" = frozenset()


@dataclass(eq=False)
class Lent(ExampleDatabase):
    """A database in memory, which begins with given examples and remembers what changes."""

    examples: "Examples"
    saved: set[tuple[bytes, bytes]] = field(default_factory=set)
    deleted: set[tuple[bytes, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__()

    def fetch(self, key: bytes) -> "Iterable[bytes]":
        """Give what is known under a key, always in one order."""
        known = {(key, value) for value in self.examples.get(key, ())}
        return [value for which, value in sorted((known | self.saved) - self.deleted) if which == key]

    def save(self, key: bytes, value: bytes) -> None:
        """Remember a value."""
        self.saved.add((key, value))
        self.deleted.discard((key, value))

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget a value."""
        self.deleted.add((key, value))
        self.saved.discard((key, value))

    @property
    def learned(self) -> Learned:
        """Give what changed."""
        return Learned(frozenset(self.saved), frozenset(self.deleted))


class _Asking(ExampleDatabase):
    """A database that shows nothing, and notes what another one has under each key that it is asked for."""

    def __init__(self, other: ExampleDatabase) -> None:
        super().__init__()
        self._other = other
        self.seen: dict[bytes, frozenset[bytes]] = {}

    def fetch(self, key: bytes) -> "Iterable[bytes]":
        self.seen[key] = frozenset(self._other.fetch(key))
        return ()

    def save(self, key: bytes, value: bytes) -> None:
        """Keep nothing."""

    def delete(self, key: bytes, value: bytes) -> None:
        """Keep all."""


def remembered() -> "Examples":
    """Give what the usual database has of conversations that once broke a rule.

    Hypothesis alone knows under which keys that is, so that it is asked to begin, and gets no answer.
    """
    usual = settings().database
    if usual is None:
        return {}
    asking = _Asking(usual)
    anywhere = Knowledge(now=Now.within(20_000, 20_000))
    Fuzz(anywhere, lambda _asks: None, database=asking).findings((), seed_number=0, max_examples=1)
    return {key: values for key, values in asking.seen.items() if values}


def keep(learned: "Iterable[Learned]") -> None:
    """Bring what shards learned into the usual database; what one of them saved stays."""
    usual, parts = settings().database, list(learned)
    if usual is None:
        return
    saved = {each for part in parts for each in part.saved}
    for key, value in {each for part in parts for each in part.deleted} - saved:
        usual.delete(key, value)
    for key, value in saved:
        usual.save(key, value)
