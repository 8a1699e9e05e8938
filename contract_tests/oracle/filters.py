"""The facts of different filters against one another: additivity, monotony, and keys that do not exist.

Rule: each filter's own facts are consistent by then (`sums`); what clashes here is between filters.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

from contract_tests.oracle.graph import Graph, Potentials
from contract_tests.oracle.words import filter_name, shown_by, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.findings import Finding
    from contract_tests.knowledge import Knowledge
    from contract_tests.oracle.facts import Answer, Fact
    from contract_tests.tally import Tally

ALL: frozenset[str] = frozenset()


class Filters:
    """What is known of each filter, from facts that do not contradict one another."""

    def __init__(self, facts: "Mapping[frozenset[str], list[Fact]]") -> None:
        """Take consistent facts by filter."""
        self.facts = facts
        self._potentials: dict[frozenset[str], Potentials] = defaultdict(Potentials)
        self._graphs: dict[frozenset[str], Graph] = {}
        for keys, members in facts.items():
            for fact in members:
                self._potentials[keys].add(fact)

    def between(self, keys: frozenset[str], span: tuple[int, int]) -> int | None:
        """Give what a filter counts on a span of days, where it is known."""
        return self._potentials[keys].between(*span) if keys in self.facts else None

    def why(self, keys: frozenset[str], span: tuple[int, int]) -> "list[Fact]":
        """Give the facts that show it, from the fewest exchanges."""
        graph = self._graphs.get(keys)
        if graph is None:
            graph = self._graphs[keys] = Graph(self.facts[keys])
        return [fact for fact, _ in graph.path(*span) or ()]


def across_filters(filters: Filters, knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    """Give what the facts of different filters contradict; one finding for each filter and rule."""
    for keys in filters.facts:
        if not keys:
            yield from _everything(filters, knowledge, tally)
            yield from _smaller(filters, keys, tally)
        elif len(keys) > 1:
            yield from _several(filters, keys, tally)


def _several(filters: Filters, keys: frozenset[str], tally: "Tally") -> "Iterator[Finding]":
    singles = [frozenset((key,)) for key in sorted(keys)]
    yield from _smaller(filters, keys, tally)
    for fact in filters.facts[keys]:
        parts = {single: filters.between(single, fact.span) for single in singles}
        known = {single: part for single, part in parts.items() if part is not None}
        if len(known) == len(parts):
            tally.add("filter-additive", fact.exchange)
            total = sum(known.values())
            if total != fact.value:
                yield _clash("filter-additive", fact, filters, known, f"alone they make {total}")
                return
        elif known:
            tally.add("filter-monotone", fact.exchange)
            total = sum(known.values())
            if total > fact.value:
                yield _clash("filter-monotone", fact, filters, known, f"some of them make {total}")
                return


def _smaller(filters: Filters, keys: frozenset[str], tally: "Tally") -> "Iterator[Finding]":
    """Find a filter of several projects that counts more than another one that contains it."""
    subsets = [other for other in filters.facts if len(other) > 1 and (other < keys or not keys)]
    for fact in filters.facts[keys] if subsets else ():
        for subset in subsets:
            part = filters.between(subset, fact.span)
            if part is None:
                continue
            tally.add("filter-monotone", fact.exchange)
            if part > fact.value:
                said = f"{filter_name(subset)} alone make {part}"
                yield _clash("filter-monotone", fact, filters, (subset,), said)
                return


def _everything(filters: Filters, knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    singles = [frozenset((key,)) for key in sorted(knowledge.keys)]
    for fact in filters.facts[ALL]:
        parts = {single: filters.between(single, fact.span) for single in singles}
        known = {single: part for single, part in parts.items() if part is not None}
        if not known:
            continue
        total = sum(known.values())
        tally.add("all-projects-at-least-the-named", fact.exchange)
        if total > fact.value:
            yield _clash("all-projects-at-least-the-named", fact, filters, known, f"they alone make {total}")
            return
        if knowledge.complete and len(known) == len(singles):
            tally.add("project-key-defaults-to-all", fact.exchange)
            if total != fact.value:
                said = f"all its projects make {total}"
                yield _clash("project-key-defaults-to-all", fact, filters, known, said)
                return


def _clash(
    rule_id: str, fact: "Fact", filters: Filters, parts: "Iterable[frozenset[str]]", said: str
) -> "Finding":
    members = [fact, *(why for single in parts for why in filters.why(single, fact.span))]
    return shown_by(rule_id, f"{value_line(fact)}, but {said}", members)


def unknown_keys(
    answers: "Iterable[Answer]", filters: Filters, knowledge: "Knowledge", tally: "Tally"
) -> "Iterator[Finding]":
    """Give the answers in which a key that does not exist counts something."""
    seen = set()
    for answer in answers:
        unknown = answer.keys - knowledge.keys
        if not unknown:
            continue
        respelled = any(_respelled(key, knowledge.keys) for key in unknown)
        rule_id = "project-key-is-exact" if respelled else "unknown-project-never-widens"
        tally.add(rule_id, answer.exchange)
        known = answer.keys & knowledge.keys
        for fact in answer.facts:
            allowed = filters.between(known, fact.span) if known else 0
            if rule_id not in seen and fact.closed and allowed is not None and fact.value > allowed:
                seen.add(rule_id)
                members = [fact, *(filters.why(known, fact.span) if known else ())]
                said = f"{filter_name(unknown)} does not exist"
                text = f"{value_line(fact)}, but {said}, and the rest counts {allowed}"
                yield shown_by(rule_id, text, members)


def _respelled(key: str, known: "Iterable[str]") -> bool:
    folded = {name.casefold() for name in known}
    pieces = [piece.strip().casefold() for piece in key.split(",")]
    return any(piece in folded for piece in pieces)
