"""What the answers of a conversation, or of a whole run, show together.

Rule: tiers are kept apart. What schema and prose allow is judged first, and only then what was chosen; a
fact that is blamed is not held against anything else.
"""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY, PARAMETERS
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.oracle import open_bucket, presence
from usagetwin_checker.judging.oracle.culprits import VIEW_RULES
from usagetwin_checker.judging.oracle.filters import Filters, across_filters, unknown_keys
from usagetwin_checker.judging.oracle.graph import consistent
from usagetwin_checker.judging.oracle.seen_buckets import Shown
from usagetwin_checker.judging.oracle.sums import within_filters
from usagetwin_checker.judging.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.knowing.knowledge import Knowledge


UNDOCUMENTED: Final = "undocumented-parameters-ignored"


def documented_first(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: Tally) -> "list[Finding]":
    """Judge answers together; what only shows beside undocumented parameters breaks the rule about those.

    Where documented requests alone show a contradiction, it explains the others as well.
    """
    findings = list(_together(answers, knowledge, tally))
    doubtful = [finding for finding in findings if any(map(undocumented, finding.conversation))]
    if not doubtful:
        return findings
    documented = [answer for answer in answers if not undocumented(answer.exchange)]
    certain = list(_together(documented, knowledge, tally))
    broken = {finding.rule_id for finding in certain}
    explained = any(finding.rule.tier in BINDING for finding in certain)
    for finding in doubtful:
        if finding.rule.tier in BINDING or finding.rule_id == UNDOCUMENTED:
            certain.extend([] if explained else [replace(finding, rule_id=UNDOCUMENTED)])
        elif finding.rule_id not in broken:
            certain.append(finding)
    return certain


def agree(answers: "Sequence[Answer]", knowledge: "Knowledge") -> bool:
    """Tell whether some ledger gives all closed buckets of each filter, and all lie in their windows."""
    outside = presence.window(answers, knowledge, Tally())
    if any(finding.rule.tier in BINDING for finding in outside):
        return False
    firm, _ = _sorted(fact for answer in answers for fact in answer.facts)
    return all(map(consistent, firm.values()))


def undocumented(exchange: "Exchange") -> bool:
    """Tell whether a request has a parameter that the document does not name."""
    return any(name not in PARAMETERS for name, _ in exchange.ask.parameters)


def _together(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: Tally) -> "Iterator[Finding]":
    yield from presence.window(answers, knowledge, tally)
    everything = [fact for answer in answers for fact in answer.facts]
    firm, others = _sorted(everything)
    filters = Filters({})
    blamed: frozenset[str] = frozenset()
    contradicted = False
    if knowledge.now is not None:
        for facts in firm.values():
            _count_views(facts, tally)
        ledgers = within_filters(firm, answers)
        blamed = ledgers.blamed
        known = {keys: facts for keys, facts in ledgers.facts.items() if keys <= knowledge.keys}
        filters = Filters(known)
        clashes = [*ledgers.findings, *across_filters(filters, knowledge, tally)]
        yield from clashes
        contradicted = bool(clashes)
    yield from unknown_keys(answers, filters, knowledge, tally, blamed=blamed)
    yield from presence.missing(answers, Shown(answers, everything, filters), knowledge, tally)
    trustworthy = [fact for fact in others if fact.view not in blamed]
    yield from open_bucket.growing(trustworthy, tally)
    if not contradicted:
        yield from open_bucket.fitting(trustworthy, filters, knowledge, tally)


def _sorted(facts: "Iterable[Fact]") -> "tuple[Mapping[frozenset[str], list[Fact]], list[Fact]]":
    """Give the facts that prose speaks of, by filter, and the others: of open buckets and of cut months."""
    firm: dict[frozenset[str], list[Fact]] = defaultdict(list)
    others = []
    for fact in facts:
        if fact.closed and (fact.whole or fact.view != MONTHLY):
            firm[fact.keys].append(fact)
        else:
            others.append(fact)
    return firm, others


def _count_views(facts: "Sequence[Fact]", tally: Tally) -> None:
    first: dict[tuple[str, int], int] = {}
    by_view: dict[str, set[int]] = defaultdict(set)
    again = set()
    for fact in facts:
        number = fact.exchange.number
        by_view[fact.view].add(number)
        if first.setdefault((fact.view, fact.bucket), number) != number:
            again.add(number)
    for view, numbers in by_view.items():
        tally.add_all(VIEW_RULES[view], numbers)
    if again:
        tally.add_all("bucket-independent-of-window", again)
        tally.add_all("past-counts-are-fixed", again)
    tally.add_all("counts-not-negative", list(first.values())[:1])
