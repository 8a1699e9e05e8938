"""What a world is, whichever file it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from usagetwin.days import to_date

if TYPE_CHECKING:
    from usagetwin.account.ledger import DailyCounts

MAX_PROJECTS: Final = 10_000
MAX_EVENTS: Final = 5_000  # of one project
MAX_DAY_COST: Final = (
    20_000  # projects, and events of each: so a year and a month stay within one request's work
)


class Role(Enum):
    """What a token that the world lists may do."""

    FULL = "full"
    REVOKED = "revoked"
    FORBIDDEN = "forbidden"
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its creation day, its counts, and the last day whose count a file gives, if one does."""

    key: str
    created: int
    counts: "DailyCounts"
    last_given: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """An account: its projects in the order of the file, its tokens, and the policies that it sets.

    `now` is the instant, in Unix seconds, that a twin of it is frozen at unless its user says otherwise.
    """

    name: str
    about: str
    seed: int
    projects: tuple[Project, ...]
    tokens: Mapping[str, Role]
    policies: Mapping[str, str]
    now: int | None = None

    def notes(self) -> tuple[str, ...]:
        """Say what a user may not expect of this world: that counts given day by day end (`SEMANTICS` 2)."""
        given = {each.key: each.last_given for each in self.projects if each.last_given is not None}
        if not given:
            return ()
        first, last = min(given.values()), max(given.values())
        keys = f"project {next(iter(given))!r}" if len(given) == 1 else f"{len(given)} projects"
        span = f"{to_date(last)}" if first == last else f"days from {to_date(first)} to {to_date(last)}"
        return (f"the counts of {keys} are given day by day, end on {span}, and are zero after that",)
