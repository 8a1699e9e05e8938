"""How facts are worded: one line for each value, with view, bucket, filter, and the days that it sums."""

from typing import TYPE_CHECKING

from usagetwin.contract.operation import MONTHLY
from usagetwin.days import to_date
from usagetwin_checker.findings import Finding
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin_checker.judging.oracle.facts import Fact

MOST_POINTS = 8


def bucket_name(view: str, bucket: int) -> str:
    """Name a bucket: a day as 2026-03-17, a month as 2026-03."""
    text = to_date(bucket).isoformat()
    return text[:7] if view == MONTHLY else text


def filter_name(keys: "Iterable[str]") -> str:
    """Name a filter."""
    return " + ".join(sorted(keys)) or "all projects"


def value_line(fact: "Fact") -> str:
    """Say what an answer gave for a bucket."""
    view = "month" if fact.view == MONTHLY else fact.view
    return f"{view} of {bucket_name(fact.view, fact.bucket)} for {filter_name(fact.keys)} is {fact.value}"


def days_between(start: int, end: int) -> str:
    """Name the days from `start` up to, without, `end`."""
    first, last = to_date(start).isoformat(), to_date(end - 1).isoformat()
    return f"on {first}" if first == last else f"from {first} to {last}"


def points_of(facts: "Iterable[Fact]") -> tuple[str, ...]:
    """Give a line for each fact, in the order of their exchanges, cut after a few."""
    members = sorted(facts, key=lambda fact: (fact.exchange.number, fact.bucket))
    lines = [f"{value_line(fact)}   ({days_between(*fact.span)})" for fact in members]
    if len(lines) > MOST_POINTS:
        lines[MOST_POINTS - 2 : -1] = [f"... {len(lines) - MOST_POINTS + 1} more ..."]
    return tuple(lines)


def shown_by(rule_id: str, message: str, facts: "Iterable[Fact]") -> Finding:
    """Make the finding that some facts show together."""
    members = list(facts)
    exchanges = {fact.exchange.number: fact.exchange for fact in members}
    days = (
        min(fact.bucket for fact in members),
        max(last_day(fact.bucket, monthly=fact.view == MONTHLY) for fact in members),
    )
    views = frozenset(fact.view for fact in members)
    conversation, buckets = tuple(exchanges.values()), frozenset(fact.bucket for fact in members)
    return Finding(rule_id, message, conversation, points_of(members), days, views, buckets=buckets)
