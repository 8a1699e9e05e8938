"""What the siblings of an operation count in the same account: a ledger of their own, for each.

Rule: `SEMANTICS` 5: one counter-based hash, and integers. What an operation counts hangs on the world's seed
and counts, its path, the project and the day, never on which other operations are served. The vendored one
has the world's counts as they are.
"""

from dataclasses import dataclass, replace
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, Final

from usagetwin.account.ledger import Ledger
from usagetwin.account.traffic import MAX_COUNT
from usagetwin.contract.operation import PATH, SESSIONS

if TYPE_CHECKING:
    from usagetwin.account.blocks import DailyCounts
    from usagetwin.account.world.model import World
    from usagetwin.contract.operation import Operation

DAYS_A_DIGEST: Final = 32  # of 64 bytes: 16 bits for each day
DRAWS: Final = 1 << 16
LEAST: Final = 50  # percent of the world's own count
SPREAD: Final = 101  # and how many whole percents there are from it on


@dataclass(frozen=True, slots=True)
class SiblingCounts:
    """What one operation counts in a project: between half and one and a half of the world's own count."""

    seed: int
    path: str
    project: str
    own: "DailyCounts"

    @property
    def day_cost(self) -> int:
        """Give the work of a day: its own count, and the share of it."""
        return 1 + int(getattr(self.own, "day_cost", 1))

    def counts(self, first: int, last: int) -> list[int]:
        """Give the counts of the days first to last, inclusive."""
        return [
            min(MAX_COUNT, count * share // 100)
            for count, share in zip(self.own.counts(first, last), self._shares(first, last), strict=True)
        ]

    def _shares(self, first: int, last: int) -> list[int]:
        """Give the share of each day, in percent."""
        named = f"{self.path}\n{self.project}".encode()
        base = blake2b(self.seed.to_bytes(8, "little") + named, digest_size=2 * DAYS_A_DIGEST)
        drawn: list[int] = []
        for block in range(first // DAYS_A_DIGEST, last // DAYS_A_DIGEST + 1):
            digest = base.copy()
            digest.update(block.to_bytes(8, "little", signed=True))
            drawn += unpack(f"<{DAYS_A_DIGEST}H", digest.digest())  # on every machine alike
        return [LEAST + SPREAD * each // DRAWS for each in drawn[first % DAYS_A_DIGEST :][: last - first + 1]]


def ledger_of(world: "World", operation: "Operation" = SESSIONS) -> Ledger:
    """Give the ledger of an operation; it keeps sums, so that one is worth keeping."""
    projects = counted(world, operation).projects
    return Ledger({project.key: (project.created, project.counts) for project in projects})


def counted(world: "World", operation: "Operation") -> "World":
    """Give the account as one operation counts it."""
    if operation.path == PATH:
        return world
    return replace(
        world,
        projects=tuple(
            replace(each, counts=SiblingCounts(world.seed, operation.path, each.key, each.counts))
            for each in world.projects
        ),
    )
