"""Hold a set of exchanges to the contract and the ledger: pure, at the end, with all that was learned.

Rule: nothing is sent from here, so that a recording is judged by the same code. Tiers are kept apart:
what schema and prose allow is judged first, and only then what was chosen.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contract_tests.checks import check, well_formed
from contract_tests.exchanges import Credential
from contract_tests.expectation import broken_rules, expect
from contract_tests.findings import BINDING, Finding
from contract_tests.oracle import open_bucket, presence
from contract_tests.oracle.facts import read
from contract_tests.oracle.filters import Filters, across_filters, unknown_keys
from contract_tests.oracle.sums import VIEW_RULES, contradictions
from contract_tests.reading import STANDARD, readings_in, unit_of
from contract_tests.tally import Tally
from mockserver.query import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from contract_tests.exchanges import Ask, Exchange
    from contract_tests.expectation import Expectation
    from contract_tests.knowledge import Knowledge
    from contract_tests.oracle.facts import Answer, Fact
    from contract_tests.reading import Reading


@dataclass(frozen=True)
class Judgement:
    """What some exchanges show: findings, one for each rule, and how often each rule was tested."""

    findings: tuple[Finding, ...]
    tested: "Mapping[str, int]"
    reading: "Reading" = STANDARD

    @property
    def binding(self) -> int:
        """Count the findings of the tiers that decide for any target."""
        return sum(finding.rule.tier in BINDING for finding in self.findings)


def judge(
    exchanges: "Sequence[Exchange]", knowledge: "Knowledge", reading: "Reading | None" = None
) -> Judgement:
    """Judge exchanges, under one reading of labels, or that by which no rule of schema and prose breaks."""
    if reading is not None:
        return _judge(exchanges, knowledge, reading)
    usual, *others = readings_in(_unit(exchanges, knowledge))
    first = _judge(exchanges, knowledge, usual)
    if first.binding:
        for other in others:
            judgement = _judge(exchanges, knowledge, other)
            if not judgement.binding:
                return judgement
    return first


def _unit(exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> int:
    """Learn the unit of labels from the newest bucket of the first answer that has one."""
    for exchange in exchanges:
        query = expect(exchange.ask, knowledge).query
        if query is None or not well_formed(exchange):
            continue
        labels = [int(point["time"]) for point in exchange.document["series"]]
        if labels:
            return unit_of(max(labels), query.from_s, query.to_s)
    return STANDARD.per_second


def _judge(exchanges: "Sequence[Exchange]", known: "Knowledge", reading: "Reading") -> Judgement:
    knowledge = known.read_as(reading.shift_s)
    tally = Tally()
    findings: list[Finding] = []
    answers = []
    for exchange in exchanges:
        expectation = expect(exchange.ask, knowledge)
        findings.extend(_alone(exchange, expectation, tally))
        if expectation.query is not None and exchange.ask.method == "GET":
            answer = read(exchange, expectation.query, reading, knowledge)
            if answer is not None:
                answers.append(answer)
    findings.extend(_labels(answers, reading))
    findings.extend(_documented_first(answers, knowledge, tally))
    findings.extend(_known_keys(exchanges, knowledge, tally))
    findings.extend(_repeated(exchanges, knowledge, tally))
    return Judgement(tuple(_one_for_each_rule(findings)), tally.counts(), reading)


def _alone(exchange: "Exchange", expectation: "Expectation", tally: Tally) -> "Iterator[Finding]":
    if exchange.failure is None:
        for rule_id, _ in expectation.rules:
            tally.add(rule_id, exchange)
        for rule_id in ALWAYS_TESTED.get(exchange.status, ()):
            tally.add(rule_id, exchange)
        tally.add("status-is-documented", exchange)
        if exchange.ask.credential is Credential.NONE:
            tally.add("no-answer-without-credential", exchange)
    yield from check(exchange, expectation)


def _labels(answers: "Sequence[Answer]", reading: "Reading") -> "Iterator[Finding]":
    if reading.per_second != STANDARD.per_second and answers:
        yield Finding("time-is-milliseconds", f"time is in {reading.name}", (answers[0].exchange,))
    for answer in answers:
        for point, bucket in zip(answer.exchange.document["series"], answer.buckets, strict=True):
            if int(point["time"]) != bucket * 86_400 * reading.per_second:
                text = f"the label {point['time']} is not the first instant of its bucket"
                yield Finding("time-is-bucket-start", text, (answer.exchange,))
                return


def _documented_first(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: Tally) -> "list[Finding]":
    """Judge answers together; what only shows beside undocumented parameters breaks the rule about those."""
    findings = list(_together(answers, knowledge, tally))
    doubtful = [finding for finding in findings if any(map(_undocumented, finding.conversation))]
    if not doubtful:
        return findings
    documented = [answer for answer in answers if not _undocumented(answer.exchange)]
    certain = list(_together(documented, knowledge, tally))
    broken = {finding.rule_id for finding in certain}
    for finding in doubtful:
        if finding.rule_id not in broken:
            binding = finding.rule.tier in BINDING
            certain.append(
                replace(finding, rule_id="undocumented-parameters-ignored") if binding else finding
            )
    return certain


def _undocumented(exchange: "Exchange") -> bool:
    return any(name not in PARAMETERS for name, _ in exchange.ask.parameters)


def _together(answers: "Sequence[Answer]", knowledge: "Knowledge", tally: Tally) -> "Iterator[Finding]":
    yield from presence.window(answers, knowledge, tally)
    everything = [fact for answer in answers for fact in answer.facts]
    filters = Filters({})
    blamed: set[str] = set()
    if knowledge.now is not None:
        consistent: dict[frozenset[str], list[Fact]] = {}
        by_number = {answer.exchange.number: answer for answer in answers}
        for keys, facts in _firm(everything).items():
            findings, left = contradictions(facts, by_number)
            yield from findings
            blamed.update(finding.blamed for finding in findings if finding.blamed is not None)
            consistent[keys] = left
            _count_views(facts, tally)
        trusted = {
            keys: [fact for fact in facts if fact.view not in blamed]
            for keys, facts in consistent.items()
            if keys <= knowledge.keys
        }
        filters = Filters(trusted)
        yield from across_filters(filters, knowledge, tally)
    yield from unknown_keys(answers, filters, knowledge, tally)
    yield from presence.missing(answers, presence.Shown(answers, everything, filters), knowledge, tally)
    trustworthy = [fact for fact in everything if fact.view not in blamed]
    yield from open_bucket.growing(trustworthy, tally)
    yield from open_bucket.fitting(trustworthy, filters, knowledge, tally)


def _firm(facts: "Iterable[Fact]") -> "Mapping[frozenset[str], list[Fact]]":
    """Give the facts that prose speaks of, by filter: closed buckets that the window does not cut."""
    found: dict[frozenset[str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.closed and (fact.whole or fact.view != "monthly"):
            found[fact.keys].append(fact)
    return found


def _count_views(facts: "Sequence[Fact]", tally: Tally) -> None:
    buckets: dict[tuple[str, int], int] = {}
    for fact in facts:
        tally.add(VIEW_RULES[fact.view], fact.exchange)
        number = buckets.setdefault((fact.view, fact.bucket), fact.exchange.number)
        if number != fact.exchange.number:
            tally.add("bucket-independent-of-window", fact.exchange)
            tally.add("past-counts-are-fixed", fact.exchange)
    if facts:
        tally.add("counts-not-negative", facts[0].exchange)


def _repeated(exchanges: "Sequence[Exchange]", knowledge: "Knowledge", tally: Tally) -> "Iterator[Finding]":
    """Find two answers to one request that differ, while nothing moves."""
    first: dict[Ask, Exchange] = {}
    for exchange in exchanges if knowledge.still and knowledge.loopback else ():
        if exchange.status != 200:
            continue
        before = first.setdefault(exchange.ask, exchange)
        if before is not exchange:
            tally.add("answers-repeat", exchange)
            if before.body != exchange.body:
                text = "one request got two answers, although nothing was counted in between"
                yield Finding("answers-repeat", text, (before, exchange))
                return


def _known_keys(exchanges: "Sequence[Exchange]", knowledge: "Knowledge", tally: Tally) -> "Iterator[Finding]":
    """Find a key that is answered with 200 here and with 404 there."""
    good: dict[str, Exchange] = {}
    for exchange in exchanges:
        if exchange.status == 200:
            for key in exchange.ask.values("projectKey"):
                good.setdefault(key, exchange)
    for exchange in exchanges:
        keys = exchange.ask.values("projectKey")
        if not keys or not knowledge.keys.issuperset(keys) or not _plain(exchange):
            continue
        tally.add("project-key-known-everywhere", exchange)
        if exchange.status == 404 and all(key in good for key in keys):
            text = f"a query for {', '.join(keys)} is answered with 404, and another one with 200"
            yield Finding("project-key-known-everywhere", text, (good[keys[0]], exchange))
            return


def _plain(exchange: "Exchange") -> bool:
    """Tell whether an exchange is what the document speaks of: a GET on its path, its parameters alone."""
    ask = exchange.ask
    return ask.method == "GET" and not ask.suffix and not _undocumented(exchange) and not broken_rules(ask)


def _one_for_each_rule(findings: "Iterable[Finding]") -> "Iterator[Finding]":
    """Keep the smallest conversation for each rule, in the order in which rules were first broken."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.rule_id)
        if known is None or len(finding.conversation) < len(known.conversation):
            best[finding.rule_id] = finding
    yield from best.values()


ALWAYS_TESTED: Final[dict[int, tuple[str, ...]]] = {
    200: (
        "answer-is-a-series-list",
        "links-is-an-object",
        "metadata-is-a-list-of-objects",
        "series-is-a-list-of-objects",
        "values-are-integers",
        "slice-has-time",
        "slice-has-key-fields",
        "time-not-negative",
        "values-not-negative",
        "integers-have-no-fraction",
        "answer-has-nothing-else",
        "links-self-names-the-request",
        "links-self-is-json",
        "key-fields-are-labelled-in-order",
        "metadata-explains-key-fields",
        "single-key-field-is-zero",
        "single-key-field-has-metadata",
        "total-by-default",
        "metadata-of-a-total-is-empty",
        "time-is-milliseconds",
        "time-is-bucket-start",
        "series-ascends",
        "buckets-are-unique",
        "documented-answer-is-json",
    ),
    **dict.fromkeys(
        (400, 401, 403, 404, 429),
        (
            "documented-answer-is-json",
            "error-has-code-and-message",
            "error-fields-are-strings",
            "error-has-nothing-else",
        ),
    ),
}
