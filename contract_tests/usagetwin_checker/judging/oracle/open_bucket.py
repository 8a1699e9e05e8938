"""The open bucket: it never falls, and while nothing moves it fits the ledger. All of this is `chosen`."""

from typing import TYPE_CHECKING

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.judging.oracle.arithmetic import difference
from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.judging.oracle.words import named, shown_by, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.oracle.facts import Fact
    from usagetwin_checker.judging.oracle.filters import Filters
    from usagetwin_checker.judging.tally import Tally
    from usagetwin_checker.knowing.knowledge import Knowledge


def growing(facts: "Iterable[Fact]", tally: "Tally") -> "Iterator[Finding]":
    """Find an open bucket that fell from one answer to a later one."""
    last: dict[tuple[frozenset[str], str, int], Fact] = {}
    for fact in facts:
        if fact.closed or not fact.whole:
            continue
        before = last.get((fact.keys, fact.view, fact.bucket))
        if before is not None and before.exchange.number < fact.exchange.number:
            tally.add("open-bucket-grows", fact.exchange)
            if fact.value < before.value:
                text = f"{value_line(fact)}, after it was {before.value}"
                yield shown_by("open-bucket-grows", text, (before, fact))
                return
        last[fact.keys, fact.view, fact.bucket] = fact


def _cut(fact: "Fact") -> bool:
    """Tell whether a fact is about a month that the window cuts."""
    return fact.view == MONTHLY and not fact.whole


def fitting(
    facts: "Iterable[Fact]", filters: "Filters", knowledge: "Knowledge", tally: "Tally"
) -> "Iterator[Finding]":
    """Find open or cut buckets that contradict the closed ones, or one another, while nothing moves.

    Cut months come last, so that they prove nothing else.
    """
    if not knowledge.still:
        return
    seen = set()
    potentials = filters.potentials()
    for fact in sorted(facts, key=_cut):
        rule_id = "cut-month-is-whole" if _cut(fact) else "open-bucket-fits-the-ledger"
        tally.add(rule_id, fact.exchange)
        known = potentials.setdefault(fact.keys, Potentials())
        if not known.add(fact) and rule_id not in seen:
            seen.add(rule_id)
            implied = known.between(*fact.span) or 0
            apart = difference(fact.value, implied)
            text = f"{named(fact)} should be {implied} by the other answers, and is {fact.value}: {apart}"
            yield shown_by(rule_id, text, (fact,))
