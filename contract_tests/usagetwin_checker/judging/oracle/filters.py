"""The facts of different filters against one another: additivity, monotony, and keys that do not exist.

Rule: each filter's own facts are consistent by then (`sums`); what clashes here is between filters.
"""

from typing import TYPE_CHECKING

from usagetwin_checker.judging.oracle.arithmetic import by_filters, difference
from usagetwin_checker.judging.oracle.graph import Graph, Potentials
from usagetwin_checker.judging.oracle.words import filter_name, shown_by, value_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.tally import Tally
    from usagetwin_checker.knowing.knowledge import Knowledge

    Span = tuple[int, int]

ALL: frozenset[str] = frozenset()


class Filters:
    """What is known of each filter, from facts that do not contradict one another.

    `spans` are the facts by filter and by the days that they sum: those of one span have one value.
    """

    def __init__(self, facts: "Mapping[frozenset[str], list[Fact]]") -> None:
        """Take consistent facts by filter."""
        self.spans: dict[frozenset[str], dict[Span, list[Fact]]] = {}
        self._graphs: dict[frozenset[str], Graph] = {}
        self._potentials: dict[frozenset[str], Potentials] = {}
        for keys, members in facts.items():
            spans = self.spans[keys] = {}
            for fact in members:
                spans.setdefault((fact.start, fact.end), []).append(fact)
            self._potentials[keys] = potentials = Potentials()
            for same in spans.values():
                potentials.add(same[0])

    def between(self, keys: frozenset[str], span: "Span") -> int | None:
        """Give what a filter counts on a span of days, where it is known."""
        potentials = self._potentials.get(keys)
        return None if potentials is None else potentials.between(*span)

    def potentials(self) -> dict[frozenset[str], Potentials]:
        """Give a copy of all that is known, to be held against more."""
        return {keys: potentials.copy() for keys, potentials in self._potentials.items()}

    def why(self, keys: frozenset[str], span: "Span") -> "list[Fact]":
        """Give the facts that show it, from the fewest exchanges."""
        graph = self._graphs.get(keys)
        if graph is None:
            facts = [fact for same in self.spans[keys].values() for fact in same]
            graph = self._graphs[keys] = Graph(facts)
        return [fact for fact, _ in graph.path(*span) or ()]


def across_filters(filters: Filters, knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    """Give what the facts of different filters contradict; one finding for each filter and rule."""
    for keys in filters.spans:
        if not keys:
            yield from _everything(filters, knowledge, tally)
            yield from _smaller(filters, keys, tally)
        elif len(keys) > 1:
            yield from _several(filters, keys, tally)


def _several(filters: Filters, keys: frozenset[str], tally: "Tally") -> "Iterator[Finding]":
    singles = [frozenset((key,)) for key in sorted(keys)]
    yield from _smaller(filters, keys, tally)
    broken = set()
    for span, facts in filters.spans[keys].items():
        known = _known(filters, singles, span)
        if not known:
            continue
        value, total = facts[0].value, sum(known.values())
        whole = len(known) == len(singles)
        rule_id = "filter-additive" if whole else "filter-monotone"
        tally.add_all(rule_id, _numbers(facts))
        if rule_id not in broken and (total > value or (whole and total != value)):
            broken.add(rule_id)
            yield _clash(rule_id, facts[0], filters, known, by_filters(facts[0], known, whole=whole))


def _known(filters: Filters, singles: "list[frozenset[str]]", span: "Span") -> dict[frozenset[str], int]:
    """Give what each of some single projects counts on a span, where it is known."""
    parts = {single: filters.between(single, span) for single in singles}
    return {single: part for single, part in parts.items() if part is not None}


def _numbers(facts: "list[Fact]") -> "Iterator[int]":
    return (fact.exchange.number for fact in facts)


def _smaller(filters: Filters, keys: frozenset[str], tally: "Tally") -> "Iterator[Finding]":
    """Find a filter of several projects that counts more than another one that contains it."""
    subsets = [other for other in filters.spans if len(other) > 1 and (other < keys or not keys)]
    for span, facts in filters.spans[keys].items() if subsets else ():
        parts = [(subset, filters.between(subset, span)) for subset in subsets]
        known = [(subset, part) for subset, part in parts if part is not None]
        if known:
            tally.add_all("filter-monotone", _numbers(facts))
        for subset, part in known:
            if part > facts[0].value:
                said = by_filters(facts[0], {subset: part}, whole=False)
                yield _clash("filter-monotone", facts[0], filters, (subset,), said)
                return


def _everything(filters: Filters, knowledge: "Knowledge", tally: "Tally") -> "Iterator[Finding]":
    singles = [frozenset((key,)) for key in sorted(knowledge.keys)]
    broken = set()
    for span, facts in filters.spans[ALL].items():
        known = _known(filters, singles, span)
        if not known:
            continue
        value, total = facts[0].value, sum(known.values())
        whole = knowledge.complete and len(known) == len(singles)
        tally.add_all("all-projects-at-least-the-named", _numbers(facts))
        if whole:
            tally.add_all("project-key-defaults-to-all", _numbers(facts))
        rule_id = "project-key-defaults-to-all" if total < value else "all-projects-at-least-the-named"
        if rule_id not in broken and (total > value or (whole and total < value)):
            broken.add(rule_id)
            yield _clash(rule_id, facts[0], filters, known, by_filters(facts[0], known, whole=whole))


def _clash(
    rule_id: str, fact: "Fact", filters: Filters, parts: "Iterable[frozenset[str]]", said: str
) -> "Finding":
    members = [fact, *(why for single in parts for why in filters.why(single, fact.span))]
    return shown_by(rule_id, said, members)


def unknown_keys(
    answers: "Iterable[Answer]",
    filters: Filters,
    knowledge: "Knowledge",
    tally: "Tally",
    *,
    blamed: "Collection[str]" = (),
) -> "Iterator[Finding]":
    """Give the answers in which a key that does not exist counts something, but in views that are blamed."""
    seen = set()
    for answer in answers:
        unknown = answer.keys - knowledge.keys
        if not unknown:
            continue
        respelled = any(is_respelled(key, knowledge.keys) or _is_part(key, knowledge) for key in unknown)
        rule_id = "project-key-is-exact" if respelled else "unknown-project-never-widens"
        tally.add(rule_id, answer.exchange)
        known = answer.keys & knowledge.keys
        for fact in answer.facts if answer.view not in blamed else ():
            allowed = filters.between(known, fact.span) if known else 0
            if rule_id not in seen and fact.closed and allowed is not None and fact.value > allowed:
                seen.add(rule_id)
                members = [fact, *(filters.why(known, fact.span) if known else ())]
                said = f"{filter_name(unknown)} does not exist, and the rest counts {allowed}"
                text = f"{value_line(fact)}, but {said}: {difference(fact.value, allowed)}"
                yield shown_by(rule_id, text, members)


def is_respelled(key: str, known: "Iterable[str]") -> bool:
    """Tell whether a key, or a part of it between commas, is a known one in other letters."""
    folded = {name.casefold() for name in known}
    pieces = [piece.strip().casefold() for piece in key.split(",")]
    return any(piece in folded for piece in pieces)


def _is_part(key: str, knowledge: "Knowledge") -> bool:
    """Tell whether a key may be a project that nobody named, as it is a part of a known one."""
    return not knowledge.complete and any(key in name for name in knowledge.keys)
