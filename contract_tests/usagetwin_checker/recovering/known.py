"""What the answers of a recording say of each filter, as sums of days; and what can't be held together.

Rule: of a day that was still counted, the last reading holds. What schema and prose speak of comes first.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.judging.oracle.words import value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.knowing.knowledge import Knowledge

EARLIER: Final = "an earlier reading of a day that was still counted"
CUT: Final = "a month that its window cuts, which the target sums otherwise than a whole one"
BEYOND: Final = "of days before 1970, or after the current one, which have no sessions in a world"
UNKNOWN: Final = "of projects that nobody knows"
CLASHING: Final = "what the answers about other filters leave no room for"

Filter = frozenset[str]


class Span(NamedTuple):
    """The count of the days from `start` up to, without, `end`."""

    start: int
    end: int
    value: int


@dataclass(slots=True)
class Known:
    """What is known of each filter of known projects; empty is all projects.

    `left_out` are recorded values that are not in it, by why.
    """

    filters: dict[Filter, Potentials] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def spans(self, keys: Filter) -> "list[Span]":
        """Give the shortest sums that are known of a filter; where they overlap, of several chains."""
        potentials = self.filters.get(keys)
        return [] if potentials is None else list(spans_of(potentials))

    def leave_out(self, why: str, what: str) -> None:
        """Note what is not held."""
        self.left_out.setdefault(why, []).append(what)


def spans_of(potentials: Potentials) -> "Iterator[Span]":
    """Give the sums between neighbouring days of each connected part."""
    for part in potentials.parts():
        for (start, before), (end, after) in pairwise(part):
            yield Span(start, end, after - before)


def answers_of(exchanges: "Iterable[Exchange]", knowledge: "Knowledge") -> "list[Answer]":
    """Read the series of a recording as a judge does; those that are cut off say nothing."""
    reader = Reader()
    looked_at = (reader.alone(each, knowledge, knowledge.reading) for each in exchanges if not each.cut)
    return [each.answer for each in looked_at if each.answer is not None]


def known_of(answers: "Sequence[Answer]", knowledge: "Knowledge", today: int) -> Known:
    """Gather what is known up to the current day; what contradicts what came before it is left out."""
    known = Known()
    for fact in sorted((fact for answer in answers for fact in answer.facts), key=_rank):
        keys = fact.keys & knowledge.keys
        if fact.keys and not keys:
            if fact.value:
                known.leave_out(UNKNOWN, value_line(fact))
            continue
        start, end = max(fact.start, 0), min(fact.end, today + 1)
        if start >= end:
            if fact.value:
                known.leave_out(BEYOND, value_line(fact))
            continue
        potentials = known.filters.setdefault(keys, Potentials())
        if not potentials.add(Span(start, end, fact.value)):
            known.leave_out(CUT if fact.closed else EARLIER, value_line(fact))
    return known


def _rank(fact: "Fact") -> tuple[int, int, int]:
    """Order facts: closed ones, then open ones, the last reading first, then months that a window cuts."""
    cut = fact.view == MONTHLY and not fact.whole
    if fact.closed and not cut:
        return 0, fact.exchange.number, fact.bucket
    return 2 if cut else 1, -fact.exchange.number, fact.bucket
