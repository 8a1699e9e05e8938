"""The facts of one filter among themselves: every view of every bucket must come from one ledger.

Rule: facts come in; findings, and the facts that some ledger fulfils, go out.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from contract_tests.oracle.differences import differences, rule_for
from contract_tests.oracle.graph import Graph, Potentials, weight
from contract_tests.oracle.words import days_between, shown_by, value_line
from mockserver.query import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contract_tests.findings import Finding
    from contract_tests.oracle.facts import Answer, Fact
    from contract_tests.oracle.graph import Step

VIEW_RULES: Final = {  # the last resort first: what other views are measured against comes last
    MONTHLY: "monthly-sums",
    "rolling_30d": "rolling-30d-sums",
    "month_to_date": "month-to-date-sums",
    "incremental": "incremental-counts",
}
MOST_PAIRS: Final = 64


def consistent(facts: "Iterable[Fact]") -> bool:
    """Tell whether some ledger fulfils all facts."""
    potentials = Potentials()
    return all(potentials.add(fact) for fact in facts)


def contradictions(
    facts: "Sequence[Fact]", answers: "Mapping[int, Answer]"
) -> "tuple[list[Finding], list[Fact]]":
    """Give what the facts of one filter contradict, and the facts that are left when the culprits are gone.

    `answers` are by the number of their exchange.
    """
    findings: list[Finding] = []
    left = list(facts)
    while not consistent(left):
        finding, kept = _same_bucket(left, answers) or _across_views(left) or _any(left)
        findings.append(finding)
        left = kept
    findings.extend(_negative(left))
    return findings, left


def _same_bucket(facts: "list[Fact]", answers: "Mapping[int, Answer]") -> "tuple[Finding, list[Fact]] | None":
    """Find two values of one bucket in one view, by the requests that differ least."""
    groups: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.view, fact.bucket].append(fact)
    split = [group for group in groups.values() if len({fact.value for fact in group}) > 1]
    if not split:
        return None
    odd = Counter(fact.exchange.number for group in split for fact in _minority(group))
    pairs = [pair for group in split[:MOST_PAIRS] for pair in _disagreeing(group)]
    one, other = min(
        pairs,
        key=lambda pair: len(differences(answers[pair[0].exchange.number], answers[pair[1].exchange.number])),
    )
    culprit = max((one, other), key=lambda fact: (odd[fact.exchange.number], fact.exchange.number))
    rule_id = rule_for(answers[one.exchange.number], answers[other.exchange.number])
    if rule_id == "bucket-independent-of-window" and not (one.whole and other.whole) and one.view == MONTHLY:
        rule_id = "cut-month-is-whole"
    text = f"one bucket has two values: {value_line(one)}, and {other.value} in another answer"
    return shown_by(rule_id, text, (one, other)), [
        fact for fact in facts if fact.exchange.number != culprit.exchange.number
    ]


def _minority(group: "list[Fact]") -> "list[Fact]":
    usual, _ = Counter(fact.value for fact in group).most_common(1)[0]
    return [fact for fact in group if fact.value != usual]


def _disagreeing(group: "list[Fact]") -> "list[tuple[Fact, Fact]]":
    pairs = ((one, other) for index, one in enumerate(group) for other in group[index + 1 :])
    found = [(one, other) for one, other in pairs if one.value != other.value]
    return found[:MOST_PAIRS]


def _across_views(facts: "list[Fact]") -> "tuple[Finding, list[Fact]] | None":
    """Find the one view without which all the others agree, and what of it they contradict."""
    views = {fact.view for fact in facts}
    for view, rule_id in VIEW_RULES.items():
        others = [fact for fact in facts if fact.view != view]
        if view in views and consistent(others):
            fact, path = _open_cycle([*others, *(fact for fact in facts if fact.view == view)])
            return replace(_clash(rule_id, fact, path), blamed=view), others
    return None


def _any(facts: "list[Fact]") -> "tuple[Finding, list[Fact]]":
    """Find facts that contradict one another, blame the view of last resort, and drop its exchange."""
    fact, path = _open_cycle(facts)
    cycle = [(fact, -1), *path]
    index = next(at for view in VIEW_RULES for at, step in enumerate(cycle) if step[0].view == view)
    (blamed, direction), rest = cycle[index], [*cycle[index + 1 :], *cycle[:index]]
    left = [other for other in facts if other.exchange.number != blamed.exchange.number]
    return _clash(VIEW_RULES[blamed.view], blamed, [(other, -direction * way) for other, way in rest]), left


def _open_cycle(facts: "list[Fact]") -> "tuple[Fact, list[Step]]":
    """Give the first fact that contradicts those before it, and what they say instead."""
    potentials = Potentials()
    before: list[Fact] = []
    for fact in facts:
        if not potentials.add(fact):
            return fact, Graph(before).path(*fact.span) or []
        before.append(fact)
    message = "some ledger fulfils all of these facts"
    raise ValueError(message)


def _clash(rule_id: str, fact: "Fact", path: "list[Step]") -> "Finding":
    members = (fact, *(step[0] for step in path))
    return shown_by(rule_id, f"{value_line(fact)}, but the other answers make it {weight(path)}", members)


def _negative(facts: "list[Fact]") -> "list[Finding]":
    """Find days that a consistent set of facts gives a negative count."""
    potentials = Potentials()
    for fact in facts:
        potentials.add(fact)
    for part in potentials.parts():
        for (day, total), (after, later) in pairwise(part):
            if later < total:
                path = Graph(facts).path(day, after) or []
                members = [step[0] for step in path]
                text = f"together these answers make {later - total} sessions {days_between(day, after)}"
                return [shown_by("counts-not-negative", text, members)]
    return []
