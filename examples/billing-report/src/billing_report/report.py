"""The report: what is billed so far, how that compares, and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from billing_report.client import Counts, UsageClient
from billing_report.months import DAY, midnight, month_of, months_before


class Peak(NamedTuple):
    """The day with the most sessions."""

    day: date
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The sessions of one month up to `now`.

    `change` is the growth over the same whole days of the month before, as a fraction; None where that month
    has none to compare with.
    """

    now: datetime
    this_month: int
    thirty_days: int
    change: float | None
    peak: Peak | None
    by_project: dict[str, int]
    earlier: Counts

    def share(self, project: str) -> float:
        """Give the fraction of this month's sessions that a project has."""
        total = sum(self.by_project.values())
        return self.by_project[project] / total if total else 0.0

    def __str__(self) -> str:
        """Write the report for people."""
        lines = [
            f"Sessions in {self.now:%B %Y}, up to {self.now:%Y-%m-%d %H:%M} UTC",
            "",
            f"{'this month':<24}{self.this_month:>12,}",
            f"{'change, whole days':<24}{_percent(self.change, signed=True):>12}",
            f"{'last 30 whole days':<24}{self.thirty_days:>12,}",
        ]
        if self.peak:
            lines.append(f"{f'peak day, {self.peak.day}':<24}{self.peak.sessions:>12,}")
        for key, count in self.by_project.items():
            lines.append(f"{key:<24}{count:>12,}{_percent(self.share(key)):>9}")
        lines += [f"{month:%Y-%m}{count:>29,}" for month, count in self.earlier.items()]
        return "\n".join(lines)


def make_report(
    client: UsageClient, now: datetime, *, projects: Sequence[str] = (), months: int = 2
) -> Report:
    """Ask for everything that the report on `now`'s month needs; without projects it is about all of them.

    Every window is spelled out, so that a report that is made over midnight is still about one instant.
    """
    today, month = now.date(), month_of(now.date())
    before = months_before(month, 1)
    days = client.by_day(midnight(before), now, projects)
    return Report(
        now=now,
        this_month=client.month_so_far(now, projects),
        thirty_days=client.thirty_days(today - DAY, projects),
        change=_change(days, today),
        peak=_peak(days, month),
        by_project={key: client.month_so_far(now, [key]) for key in projects},
        earlier=client.by_month(midnight(months_before(month, months)), midnight(month), projects),
    )


def _peak(days: Counts, month: date) -> Peak | None:
    peaks = [Peak(day, count) for day, count in days.items() if day >= month and count]
    return max(peaks, key=lambda peak: peak.sessions, default=None)


def _change(days: Counts, today: date) -> float | None:
    """Compare this month's whole days with the same days of the month before."""
    this = month_of(today)
    whole = min(today.day - 1, (this - DAY).day)
    now = sum(count for day, count in days.items() if day >= this and day.day <= whole)
    then = sum(count for day, count in days.items() if day < this and day.day <= whole)
    return now / then - 1 if then else None


def _percent(fraction: float | None, *, signed: bool = False) -> str:
    if fraction is None:
        return "-"
    return f"{fraction:{'+' if signed else ''}.1%}"
