"""Which answers show what another filter counts than the one that was asked for.

Rule: this only explains a contradiction that was found: two filters may well count the same.
"""

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from usagetwin_checker.judging.oracle.graph import Potentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.judging.oracle.facts import Fact

    Strays = dict[int, frozenset[str]]  # the numbers of exchanges, each with the filter that it shows

FEWEST: Final = 2  # different values above zero that two filters must share: one may be a coincidence
LARGE: Final = 100  # unless it is as large as this


class Elsewhere:
    """What every filter counts."""

    def __init__(self, facts: "Mapping[frozenset[str], Sequence[Fact]]") -> None:
        """Take all facts by filter."""
        self._facts = facts
        self._smallest_first = sorted(facts, key=lambda keys: (len(keys), sorted(keys)))
        every: frozenset[str] = frozenset().union(*facts)
        self._whole = (frozenset[str](), every)  # two filters that often are the same

    def astray(self, facts: "Iterable[Fact]") -> "Iterator[Strays]":
        """Give the exchanges of one filter's facts that show another one, as far as either way can tell.

        First those that repeat what an answer before them said, as a cache would; then all that show what
        another filter counts, by whatever is known of it.
        """
        by_number: dict[int, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.value:
                by_number[fact.exchange.number].append(fact)
        telling = {number: members for number, members in by_number.items() if _telling(members)}
        for shown_by in (self._said_before, self._known):
            found = {number: shown_by(members) for number, members in telling.items()}
            yield {number: keys for number, keys in found.items() if keys is not None}

    def _said_before(self, facts: "list[Fact]") -> frozenset[str] | None:
        own, number = facts[0].keys, facts[0].exchange.number
        for keys in self._others(own):
            said = self._first_said[keys]
            if all(said.get((fact.view, fact.bucket, fact.value), number) < number for fact in facts):
                return keys
        return None

    def _known(self, facts: "list[Fact]") -> frozenset[str] | None:
        for keys in self._others(facts[0].keys):
            if all(self._counts(keys, fact) == fact.value for fact in facts):
                return keys
        return None

    def _others(self, own: frozenset[str]) -> "Iterator[frozenset[str]]":
        same = self._whole if own in self._whole else (own,)
        return (keys for keys in self._smallest_first if keys not in same)

    def _counts(self, keys: frozenset[str], as_fact: "Fact") -> int | None:
        """Give what a filter counts on the days of a fact, from its own answers or those for its projects."""
        start, end = as_fact.start, as_fact.end
        own = self._ledgers[keys].between(start, end)
        if own is not None or not keys:
            return own
        parts = [self._ledgers[frozenset((key,))].between(start, end) for key in keys]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    def same(self, keys: frozenset[str], as_fact: "Fact") -> "list[Fact]":
        """Give a fact of another filter that says the same of the same bucket, where there is one."""
        wanted = (as_fact.view, as_fact.bucket, as_fact.value)
        return [fact for fact in self._facts[keys] if (fact.view, fact.bucket, fact.value) == wanted][:1]

    @cached_property
    def _ledgers(self) -> "Mapping[frozenset[str], Potentials]":
        found: dict[frozenset[str], Potentials] = defaultdict(Potentials)
        for keys, facts in self._facts.items():
            for fact in facts:
                found[keys].add(fact)
        return found

    @cached_property
    def _first_said(self) -> "Mapping[frozenset[str], Mapping[tuple[str, int, int], int]]":
        return {
            keys: {
                (fact.view, fact.bucket, fact.value): fact.exchange.number
                for fact in sorted(facts, key=lambda fact: -fact.exchange.number)
            }
            for keys, facts in self._facts.items()
        }


def _telling(facts: "list[Fact]") -> bool:
    """Tell whether it would be no coincidence for another filter to have the same values."""
    values = {fact.value for fact in facts}
    return len(values) >= FEWEST or max(values) >= LARGE
