"""What the twin of a recovered world answers to each recorded request, beside what was recorded.

Rule: the twin's own code answers, so that what is said of the world is what its user gets.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from usagetwin.account.answers import series
from usagetwin.account.ledger import Ledger
from usagetwin.days import day_of, first_of_month
from usagetwin.errors import Refusal
from usagetwin.policies import make_policies
from usagetwin_checker.judging.oracle.words import bucket_name, filter_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin.account.world import World
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.recovering.known import Filter


class Each(NamedTuple):
    """One bucket of a filter: whether it was `shown`, what was recorded, if that could be read, and given."""

    keys: "Filter"
    view: str
    bucket: int
    shown: bool
    recorded: int | None
    given: int | None

    def __str__(self) -> str:
        """Name the bucket."""
        return f"{self.view} bucket {bucket_name(self.view, self.bucket)} of {filter_name(self.keys)}"


@dataclass(slots=True)
class Compared:
    """How many recorded values the twin gives, and what it gives otherwise, in words."""

    alike: int = 0
    other_values: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def add(self, each: Each) -> None:
        """Count one bucket."""
        if each.given is None:
            self.lacking.append(str(each))
        elif not each.shown:
            self.added.append(str(each))
        elif each.recorded == each.given:
            self.alike += 1
        elif each.recorded is not None:
            self.other_values.append(f"{each} is {each.recorded}, and the twin gives {each.given}")


def compared(world: "World", answers: "Iterable[Answer]", now: int) -> Compared:
    """Ask a world's twin what was asked, each bucket and value that is told apart once."""
    ledger = Ledger({each.key: (each.created, each.counts) for each in world.projects})
    policies = make_policies("documented", world.policies, {"projects": "total", "unknown_project": "empty"})
    found, seen = Compared(), set()
    for answer in answers:
        for keys in {answer.keys, *(fact.keys for fact in answer.facts)}:
            query = replace(answer.query, project_keys=tuple(sorted(keys)))
            if not answer.exchange.ask.values("to"):
                query = replace(query, to_s=now)
            try:
                shown = series(query, ledger, policies, now)
            except Refusal:  # it takes more than one request of the twin may
                found.lacking.append(f"all of {answer.exchange.ask.target}")
                continue
            given = {_bucket(point["time"], monthly=answer.monthly): point["0"] for point in shown.points}
            if keys != answer.keys:  # a key field of its own has zeros before its project's creation
                given = {bucket: given.get(bucket, 0) for bucket in answer.buckets}
            for each in _each(answer, keys, given):
                if each not in seen:
                    seen.add(each)
                    found.add(each)
    return found


def _each(answer: "Answer", keys: "Filter", given: "Mapping[int, int]") -> "Iterator[Each]":
    """Give each bucket that was recorded, or that the twin gives, with the value of both."""
    recorded = {fact.bucket: fact.value for fact in answer.facts if fact.keys == keys}
    for bucket in {*answer.buckets, *given}:
        shown = bucket in answer.buckets
        yield Each(keys, answer.view, bucket, shown, recorded.get(bucket), given.get(bucket))


def _bucket(time_ms: int, *, monthly: bool) -> int:
    day = day_of(time_ms // 1000)
    return first_of_month(day) if monthly else day
