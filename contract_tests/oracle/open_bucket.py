"""The open bucket: it never falls, and while nothing moves it fits the ledger. All of this is `chosen`."""

from typing import TYPE_CHECKING

from contract_tests.oracle.graph import Potentials
from contract_tests.oracle.words import shown_by, value_line
from mockserver.query import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.findings import Finding
    from contract_tests.knowledge import Knowledge
    from contract_tests.oracle.facts import Fact
    from contract_tests.oracle.filters import Filters
    from contract_tests.tally import Tally


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


def _chosen(facts: "Iterable[Fact]") -> "list[tuple[str, Fact]]":
    """Give the facts that only `chosen` rules speak of; cut months last, so that they prove nothing else."""
    members = list(facts)
    cut = [fact for fact in members if fact.view == MONTHLY and not fact.whole]
    still_open = [fact for fact in members if not fact.closed and (fact.whole or fact.view != MONTHLY)]
    return [
        *(("open-bucket-fits-the-ledger", fact) for fact in still_open),
        *(("cut-month-is-whole", fact) for fact in cut),
    ]


def fitting(
    facts: "Iterable[Fact]", filters: "Filters", knowledge: "Knowledge", tally: "Tally"
) -> "Iterator[Finding]":
    """Find open or cut buckets that contradict the closed ones, or one another, while nothing moves."""
    if not knowledge.still:
        return
    seen = set()
    potentials: dict[frozenset[str], Potentials] = {}
    for keys, members in filters.facts.items():
        known = potentials[keys] = Potentials()
        for fact in members:
            known.add(fact)
    for rule_id, fact in _chosen(facts):
        tally.add(rule_id, fact.exchange)
        known = potentials.setdefault(fact.keys, Potentials())
        if not known.add(fact) and rule_id not in seen:
            seen.add(rule_id)
            implied = known.between(*fact.span)
            text = f"{value_line(fact)}, but the other answers make it {implied}"
            yield shown_by(rule_id, text, (fact,))
