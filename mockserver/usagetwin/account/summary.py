"""What a world amounts to at an instant: its sessions by project, and by month."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.account.ledger import Column
from usagetwin.days import day_of, months_between, next_month

if TYPE_CHECKING:
    from usagetwin.account.world.model import World

RECENT_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Summary:
    """Sessions by project (all until now, and of the last 30 days), and by month (its first day)."""

    projects: dict[str, tuple[int, int]]
    months: dict[int, int]

    @property
    def sessions(self) -> int:
        """Give all sessions until now."""
        return sum(total for total, _ in self.projects.values())


def summary(world: "World", now_s: int, *, months: int) -> Summary:
    """Add up a world at `now_s`; `months` is how many months, the current one last, at most."""
    today = day_of(now_s)
    projects = {
        project.key: _of_project(Column([(project.created, project.counts)]), now_s)
        for project in world.projects
    }
    total = Column([(project.created, project.counts) for project in world.projects])
    starts = months_between(total.created, today)[-months:]
    ends = [min(next_month(start) - 1, today) for start in starts]
    values = total.values(tuple((start, 1) for start in starts), ends, now_s)
    return Summary(projects, dict(zip(starts, values, strict=True)))


def _of_project(column: "Column", now_s: int) -> tuple[int, int]:
    today = day_of(now_s)
    if column.created > today:
        return 0, 0
    recent = max(today - RECENT_DAYS + 1, column.created)
    (total,), (last,) = (column.values(((first, 1),), [today], now_s) for first in (column.created, recent))
    return total, last
