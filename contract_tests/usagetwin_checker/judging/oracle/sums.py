"""The facts of each filter among themselves: every view of every bucket must come from one ledger.

Rule: facts come in; findings, and the facts that some ledger fulfils, go out.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin_checker.judging.oracle.culprits import UNREPEATED, VIEW_RULES, explained
from usagetwin_checker.judging.oracle.graph import Graph, Potentials, consistent
from usagetwin_checker.judging.oracle.other_filters import Elsewhere
from usagetwin_checker.judging.oracle.words import days_between, shown_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.oracle.facts import Answer, Fact

MOST_ALIKE: Final = 8  # culprits in a row that name no further rule: the rest is told apart without a word


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What each filter counts as far as its answers agree: `facts` are what is left without the culprits.

    `blamed` are the views that nothing else is held against.
    """

    findings: "tuple[Finding, ...]"
    facts: "Mapping[frozenset[str], list[Fact]]"
    blamed: frozenset[str]


def within_filters(facts: "Mapping[frozenset[str], list[Fact]]", answers: "Iterable[Answer]") -> Ledgers:
    """Judge each filter by itself, those of most views first: they show best which view is to blame.

    A view that is blamed for all projects or for a single one is blamed everywhere; for a filter of several
    projects it may be their combination that is wrong, and the view is blamed there alone. What does not
    repeat itself contradicts everything, so that nothing else is held against it.
    """
    by_number = {answer.exchange.number: answer for answer in answers}
    elsewhere, findings = Elsewhere(facts), []
    left: dict[frozenset[str], list[Fact]] = {}
    blamed: set[str] = set()
    for keys in sorted(facts, key=lambda keys: (len(keys) > 1, -len({fact.view for fact in facts[keys]}))):
        trusted = _without(blamed, facts[keys])
        found, left[keys] = contradictions(trusted, by_number, elsewhere)
        if len(keys) > 1:
            findings += [replace(finding, blamed=None) for finding in found]
        else:
            findings += found
            blamed.update(finding.blamed for finding in found if finding.blamed is not None)
    unrepeated = [finding for finding in findings if finding.rule_id == UNREPEATED]
    if unrepeated:
        return Ledgers(tuple(unrepeated), {}, frozenset(VIEW_RULES))
    return Ledgers(
        tuple(findings),
        {keys: _without(blamed, left[keys]) for keys in facts},
        frozenset(blamed),
    )


def _without(blamed: "set[str]", facts: "list[Fact]") -> "list[Fact]":
    return [fact for fact in facts if fact.view not in blamed] if blamed else facts


def contradictions(
    facts: "Sequence[Fact]", answers: "Mapping[int, Answer]", elsewhere: "Elsewhere"
) -> "tuple[list[Finding], list[Fact]]":
    """Give what the facts of one filter contradict, and the facts that are left when the culprits are gone.

    `answers` are by the number of their exchange; `elsewhere` knows what the other filters count.
    """
    findings: list[Finding] = []
    left, alike = list(facts), 0
    while not consistent(left):
        finding, left = explained(left, answers, elsewhere)
        alike = alike + 1 if any(finding.rule_id == known.rule_id for known in findings) else 0
        findings.append(finding)
        if alike == MOST_ALIKE:
            left = _agreeing(left)
    findings.extend(_negative(left))
    return findings, left


def _agreeing(facts: "Iterable[Fact]") -> "list[Fact]":
    """Give the facts of the answers that contradict none of those before them."""
    by_answer: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_answer[fact.exchange.number].append(fact)
    potentials, agreeing = Potentials(), []
    for members in by_answer.values():
        learned = potentials.copy()
        if all(learned.add(fact) for fact in members):
            potentials = learned
            agreeing += members
    return agreeing


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
