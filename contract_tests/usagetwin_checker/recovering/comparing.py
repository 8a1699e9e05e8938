"""What the twin of a recovered world answers to each recorded request, beside what was recorded.

Rule: the twin's own code answers, so that what is said of the world is what its user gets.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from usagetwin.account.answers import series
from usagetwin.account.ledger import Ledger
from usagetwin.contract.operation import MONTHLY
from usagetwin.days import day_of, first_of_month
from usagetwin.errors import Refusal
from usagetwin.policies import make_policies
from usagetwin_checker.judging.oracle.words import bucket_name, filter_name, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.account.world import World
    from usagetwin_checker.judging.oracle.facts import Answer, Fact


@dataclass(slots=True)
class Compared:
    """How many recorded values the twin gives, and what it gives otherwise, in words."""

    alike: int = 0
    other_values: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def compared(world: "World", answers: "Iterable[Answer]", now: int) -> Compared:
    """Ask a world's twin what was asked, each bucket and value that is told apart once."""
    ledger = Ledger({each.key: (each.created, each.counts) for each in world.projects})
    policies = make_policies("documented", world.policies, {"projects": "total", "unknown_project": "empty"})
    found, seen = Compared(), set()
    for answer in answers:
        query = answer.query
        if not answer.exchange.ask.values("to"):
            query = replace(query, to_s=now)
        try:
            shown = series(query, ledger, policies, now)
        except Refusal:  # it takes more than one request of the twin may
            found.lacking.append(f"all of {answer.exchange.ask.target}")
            continue
        monthly = answer.view == MONTHLY
        given = {_bucket(point["time"], monthly=monthly): point["0"] for point in shown.points}
        of_filter: dict[int, Fact] = {each.bucket: each for each in answer.facts if each.keys == answer.keys}
        for bucket in {*answer.buckets, *given}:
            which = (answer.keys, answer.view, bucket, bucket in given, bucket in answer.buckets)
            fact = of_filter.get(bucket)
            key = (*which, None if fact is None else fact.value)
            if key in seen:
                continue
            seen.add(key)
            name = f"{answer.view} bucket {bucket_name(answer.view, bucket)} of {filter_name(answer.keys)}"
            if bucket not in given:
                found.lacking.append(name)
            elif bucket not in answer.buckets:
                found.added.append(name)
            elif fact is not None and fact.value != given[bucket]:
                found.other_values.append(f"{value_line(fact)}, and the twin gives {given[bucket]}")
            elif fact is not None:
                found.alike += 1
    return found


def _bucket(time_ms: int, *, monthly: bool) -> int:
    day = day_of(time_ms // 1000)
    return first_of_month(day) if monthly else day
