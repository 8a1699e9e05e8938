"""What explains that the facts of one filter contradict one another: the answers, or the view, to blame.

Rule: facts that no ledger fulfils come in; the finding that names the rule best, and the facts without the
culprits, go out. What explains more comes first.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.judging.oracle.arithmetic import by_sums
from usagetwin_checker.judging.oracle.differences import differences, rule_for
from usagetwin_checker.judging.oracle.graph import Graph, Potentials, consistent, weight
from usagetwin_checker.judging.oracle.words import filter_name, shown_by, value_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.oracle.graph import Step
    from usagetwin_checker.judging.oracle.other_filters import Elsewhere

    Explained = tuple[Finding, list[Fact]]

VIEW_RULES: Final = {  # the last resort first: what other views are measured against comes last
    MONTHLY: "monthly-sums",
    "rolling_30d": "rolling-30d-sums",
    "month_to_date": "month-to-date-sums",
    "incremental": "incremental-counts",
}
ABOUT_SPELLING: Final = (  # rules about how a filter is written: what breaks them shows another filter
    "parameter-order-is-irrelevant",
    "project-key-order-is-irrelevant",
    "repeated-project-key-is-irrelevant",
    "undocumented-parameters-ignored",
)
UNREPEATED: Final = "past-counts-are-fixed"
MOST_PAIRS: Final = 64


def explained(facts: "list[Fact]", answers: "Mapping[int, Answer]", elsewhere: "Elsewhere") -> "Explained":
    """Give a finding that explains a contradiction, and the facts that are left without its culprits."""
    return (
        _unrepeated(facts, answers)
        or _astray(facts, answers, elsewhere)
        or _same_bucket(facts, answers)
        or _across_views(facts)
        or _any(facts)
    )


def _unrepeated(facts: "list[Fact]", answers: "Mapping[int, Answer]") -> "Explained | None":
    """Find two answers to one request that differ: nothing else that they say is held against anything."""
    numbers: dict[Ask, list[int]] = defaultdict(list)
    for number in {fact.exchange.number for fact in facts}:
        numbers[answers[number].exchange.ask].append(number)
    repeated = {number: same[0] for same in numbers.values() if len(same) > 1 for number in same}
    first: dict[tuple[int, int], Fact] = {}
    for fact in facts if repeated else ():
        if fact.exchange.number in repeated:
            before = first.setdefault((repeated[fact.exchange.number], fact.bucket), fact)
            if before.value != fact.value and before.exchange is not fact.exchange:
                return _two_values(UNREPEATED, before, fact), []
    return None


def _astray(
    facts: "list[Fact]", answers: "Mapping[int, Answer]", elsewhere: "Elsewhere"
) -> "Explained | None":
    """Find answers that show what another filter counts: those without which the rest agrees, or a few."""
    for found in elsewhere.astray(facts):
        kept = [fact for fact in facts if fact.exchange.number not in found]
        others = {fact.exchange.number for fact in kept}
        shown = _shown_astray(kept, [fact for fact in facts if fact.exchange.number in found], len(others))
        if shown is not None:
            (fact, against), filter_shown = shown, found[shown[0].exchange.number]
            said = f"just as for {filter_name(filter_shown)}, but the other answers make it {weight(against)}"
            members = (fact, *elsewhere.same(filter_shown, fact), *(step[0] for step in against))
            rule_id = _astray_rule(answers[fact.exchange.number], [answers[number] for number in others])
            return shown_by(rule_id, f"{value_line(fact)}, {said}", members), kept
    return None


def _shown_astray(kept: "list[Fact]", strays: "list[Fact]", others: int) -> "tuple[Fact, list[Step]] | None":
    """Give a fact that is astray and what the others say instead; None where that explains nothing."""
    if kept and strays and consistent(kept):
        return _open_cycle([*kept, *strays])
    if len({fact.exchange.number for fact in strays}) * 2 > others:
        return None
    by_bucket = {(fact.view, fact.bucket): fact for fact in reversed(kept)}
    for fact in strays:
        other = by_bucket.get((fact.view, fact.bucket), fact)
        if other.value != fact.value:
            return fact, [(other, 1)]
    return None


def _astray_rule(stray: "Answer", others: "Iterable[Answer]") -> str:
    """Name what makes an answer show another filter: how it is written, where no other one is written so."""
    common = set.intersection(*(set(differences(stray, other)) for other in others))
    spelling = [rule_id for rule_id in ABOUT_SPELLING if rule_id in common]
    return spelling[0] if spelling else "filter-additive" if stray.keys else "project-key-defaults-to-all"


def _nearest(pairs: "list[tuple[Fact, Fact]]", answers: "Mapping[int, Answer]") -> "tuple[Fact, Fact] | None":
    """Give the two facts whose requests differ least."""
    return min(
        pairs,
        key=lambda pair: len(_differences(pair, answers)),
        default=None,
    )


def _two_values(rule_id: str, one: "Fact", other: "Fact") -> "Finding":
    apart = f"{abs(one.value - other.value)} {'more' if other.value > one.value else 'less'}"
    text = f"one bucket has two values: {value_line(one)}, and {other.value} in another answer, {apart}"
    return shown_by(rule_id, text, (one, other))


def _same_bucket(facts: "list[Fact]", answers: "Mapping[int, Answer]") -> "Explained | None":
    """Find two values of one bucket in one view, by the requests that differ least."""
    groups: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.view, fact.bucket].append(fact)
    split = [group for group in groups.values() if len({fact.value for fact in group}) > 1]
    odd = Counter(fact.exchange.number for group in split for fact in _minority(group))
    by_answers: dict[tuple[int, int], tuple[Fact, Fact]] = {}
    for one, other in (pair for group in split[:MOST_PAIRS] for pair in _disagreeing(group)):
        by_answers.setdefault((one.exchange.number, other.exchange.number), (one, other))
    pairs = list(by_answers.values())
    pair = _nearest(pairs, answers)
    if pair is None:
        return None
    kept, culprit = sorted(pair, key=lambda fact: (odd[fact.exchange.number], fact.exchange.number))
    rule_id = _what_differs(pair, pairs, answers)
    if rule_id == "bucket-independent-of-window" and pair[0].view == MONTHLY:
        rule_id = "monthly-sums" if all(fact.whole for fact in pair) else "cut-month-is-whole"
    dropped = {culprit.exchange.number}
    if rule_id in ABOUT_SPELLING:
        numbers = {fact.exchange.number for fact in facts}
        usual = answers[kept.exchange.number]
        alike = {number for number in numbers if rule_id in differences(answers[number], usual)}
        dropped |= alike if len(alike) * 2 <= len(numbers) else set()
    return _two_values(rule_id, *pair), [fact for fact in facts if fact.exchange.number not in dropped]


def _what_differs(
    nearest: "tuple[Fact, Fact]", pairs: "list[tuple[Fact, Fact]]", answers: "Mapping[int, Answer]"
) -> str:
    """Name what sets the nearest two requests apart: of several things that which sets all pairs apart."""
    apart = _differences(nearest, answers)
    always = set.intersection(*(set(_differences(pair, answers)) for pair in pairs))
    return rule_for([rule_id for rule_id in apart if rule_id in always] or apart)


def _differences(pair: "tuple[Fact, Fact]", answers: "Mapping[int, Answer]") -> list[str]:
    return differences(*(answers[fact.exchange.number] for fact in pair))


def _minority(group: "list[Fact]") -> "list[Fact]":
    usual, _ = Counter(fact.value for fact in group).most_common(1)[0]
    return [fact for fact in group if fact.value != usual]


def _disagreeing(group: "list[Fact]") -> "list[tuple[Fact, Fact]]":
    pairs = ((one, other) for index, one in enumerate(group) for other in group[index + 1 :])
    return list(islice((pair for pair in pairs if pair[0].value != pair[1].value), MOST_PAIRS))


def _across_views(facts: "list[Fact]") -> "Explained | None":
    """Find the one view without which all the others agree, and what of it they contradict."""
    views = {fact.view for fact in facts}
    for view, rule_id in VIEW_RULES.items():
        others = [fact for fact in facts if fact.view != view]
        if view in views and consistent(others):
            fact, path = _open_cycle([*others, *(fact for fact in facts if fact.view == view)])
            return replace(_clash(rule_id, fact, path, others), blamed=view), others
    return None


def _any(facts: "list[Fact]") -> "Explained":
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


def _clash(rule_id: str, fact: "Fact", path: "list[Step]", agreeing: "Iterable[Fact]" = ()) -> "Finding":
    members = (fact, *(step[0] for step in path))
    return shown_by(rule_id, by_sums(fact, path, agreeing), members)
