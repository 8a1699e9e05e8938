"""How facts are worded: one line for each value, with view, bucket, filter, and the days that it sums."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin.days import to_date
from usagetwin_checker.findings import Finding, Value
from usagetwin_checker.knowing.reading import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.oracle.facts import Fact

MOST_POINTS: Final = 5
SOURCE: Final = "   (request {})"  # what a point ends in


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


def named(fact: "Fact", *, alone: bool = False) -> str:
    """Name what a fact is the value of; `alone` leaves out the filter, and so does that of all projects."""
    view = "month" if fact.view == MONTHLY else fact.view
    which = f" for {filter_name(fact.keys)}" if fact.keys and not alone else ""
    return f"{view} of {bucket_name(fact.view, fact.bucket)}{which}"


def points_of(facts: "Iterable[Fact]", conversation: "Sequence[Exchange]") -> tuple[str, ...]:
    """Give a line for each fact, with the request of the conversation that it is from, cut after a few."""
    order = {exchange.number: index for index, exchange in enumerate(conversation, start=1)}
    members = sorted(facts, key=lambda fact: (fact.exchange.number, fact.bucket))
    lines = [f"{value_line(fact)}{SOURCE.format(order[fact.exchange.number])}" for fact in members]
    if len(lines) > MOST_POINTS:
        lines[MOST_POINTS - 2 : -1] = [f"... {len(lines) - MOST_POINTS + 1} more ..."]
    return tuple(lines)


def values_of(facts: "Iterable[Fact]") -> tuple[Value, ...]:
    """Give the value of each fact, in the order of their exchanges."""
    members = sorted(facts, key=lambda fact: (fact.exchange.number, fact.bucket))
    return tuple(
        Value(each.exchange.number, each.view, each.bucket, each.keys, each.value) for each in members
    )


def bare(points: "Iterable[str]") -> frozenset[str]:
    """Give points without the requests that they are from, which another conversation counts otherwise."""
    return frozenset(point.partition(SOURCE.partition("{")[0])[0] for point in points)


def shown_by(rule_id: str, message: str, facts: "Iterable[Fact]") -> Finding:
    """Make the finding that some facts show together."""
    members = list(facts)
    exchanges = {fact.exchange.number: fact.exchange for fact in members}
    days = (
        min(fact.bucket for fact in members),
        max(last_day(fact.bucket, monthly=fact.view == MONTHLY) for fact in members),
    )
    views = frozenset(fact.view for fact in members)
    conversation = tuple(exchanges.values())
    shown = values_of(members)
    points = points_of(members, conversation)
    return Finding(rule_id, message, conversation, points, days, views, shown=shown)
