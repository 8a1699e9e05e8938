"""Hold a set of exchanges to the contract and the ledger: pure, at the end, with all that was learned.

Rule: nothing is sent from here, so that a recording is judged by the same code.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.findings import BINDING, Finding
from usagetwin_checker.judging.expectation import broken_rules, expect
from usagetwin_checker.judging.inapplicable import inapplicable, switched_off
from usagetwin_checker.judging.many_answers import agree, documented_first, undocumented
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.judging.oracle.presence import window
from usagetwin_checker.judging.separate import separate
from usagetwin_checker.judging.tally import Tally
from usagetwin_checker.judging.tried import note
from usagetwin_checker.knowing.local_days import local_days
from usagetwin_checker.knowing.reading import SECONDS, STANDARD, fits, readings_in, readings_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.judging.oracle.facts import Answer
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.local_days import LocalDays
    from usagetwin_checker.knowing.reading import Reading

LABEL: Final = "time-is-bucket-start"
DAYS: Final = "days-are-utc"
LOCAL_EDGES: Final = frozenset({"bucket-cut-by-from-is-present", "bucket-cut-by-to-is-present"})


@dataclass(frozen=True)
class Judgement:
    """What some exchanges show: findings, one for each rule, and how often each rule was tested."""

    findings: tuple[Finding, ...]
    tested: "Mapping[str, int]"
    inapplicable: "Mapping[str, str]" = field(
        default_factory=dict
    )  # why a rule says nothing about the target
    reading: "Reading" = STANDARD

    @property
    def binding(self) -> int:
        """Count the findings of the tiers that decide for any target."""
        return sum(finding.rule.tier in BINDING for finding in self.findings)


def judge(
    exchanges: "Sequence[Exchange]",
    knowledge: "Knowledge",
    reading: "Reading | None" = None,
    reader: Reader | None = None,
) -> Judgement:
    """Judge exchanges, under one reading of labels, or that by which no rule of schema and prose breaks.

    Where no reading is given, these are all answers of a run, and which rules they tested is counted in full.
    A `reader` that saw some of the exchanges before saves looking at each one again.
    """
    reader = reader or Reader()
    if reading is not None:
        return _judge(exchanges, knowledge, reading, reader, whole=False)
    usual, *others = readings_in(_unit(exchanges, knowledge))
    local = []
    for midnights in readings_of(_local_days(exchanges, usual.per_second), usual.per_second):
        local.append(_judge(exchanges, knowledge, midnights, reader, whole=True))
        if len(local[-1].findings) == 1 and not any(
            _may_hold(exchanges, knowledge, other, reader) for other in (usual, *others)
        ):
            return local[-1]  # that the days are local explains everything, and nothing else does
    best = first = _judge(exchanges, knowledge, usual, reader, whole=True)
    for other in others if first.binding else ():
        if best is first and _may_hold(exchanges, knowledge, other, reader):
            judgement = _judge(exchanges, knowledge, other, reader, whole=True)
            if not judgement.binding:
                best = judgement
    return min([best, *local], key=lambda each: (each.binding, len(each.findings)))


def _local_days(exchanges: "Sequence[Exchange]", per_second: int) -> "Iterator[LocalDays]":
    """Give the days of zones at whose midnights every label lies."""
    labels: dict[bool, set[int]] = {True: set(), False: set()}
    for exchange in exchanges:
        if exchange.well_formed:
            monthly = exchange.ask.values("granularity") == (MONTHLY,)
            labels[monthly].update(int(point["time"]) for point in exchange.document["series"])
    if any(label % per_second for found in labels.values() for label in found):
        return iter(())
    daily, months = ({label // per_second for label in labels[monthly]} for monthly in (False, True))
    return local_days(daily, months)


def _may_hold(
    exchanges: "Sequence[Exchange]", known: "Knowledge", reading: "Reading", reader: Reader
) -> bool:
    """Tell, without looking for whom to blame, whether rules of schema and prose may hold under a reading."""
    knowledge = known.read_as(reading)
    looked_at = [reader.alone(exchange, knowledge, reading) for exchange in exchanges]
    if any(finding.rule.tier in BINDING for each in looked_at for finding in each.findings):
        return False
    answers = [each.answer for each in looked_at if each.answer is not None and not each.exchange.cut]
    return agree([answer for answer in answers if not undocumented(answer.exchange)], knowledge)


def _unit(exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> int:
    """Learn the unit of labels from the newest bucket of the first answer that has one."""
    for exchange in exchanges:
        query = expect(exchange.ask, knowledge).query
        if query is None or not exchange.well_formed:
            continue
        labels = [int(point["time"]) for point in exchange.document["series"]]
        if labels:
            return unit_of(max(labels), query.from_s, query.to_s)
    return STANDARD.per_second


def _judge(
    exchanges: "Sequence[Exchange]", known: "Knowledge", reading: "Reading", reader: Reader, *, whole: bool
) -> Judgement:
    knowledge = known.read_as(reading)
    tally = Tally()
    looked_at = [reader.alone(exchange, knowledge, reading) for exchange in exchanges]
    for each in looked_at:
        each.count(tally)
    answers = [each.answer for each in looked_at if each.answer is not None]
    findings = [finding for each in looked_at for finding in each.findings]
    odd = {answer.exchange.number for answer in answers if _is_odd(answer, reading)}
    strange = [answer for answer in answers if answer.exchange.number in odd]
    answers = [answer for answer in answers if answer.exchange.number not in odd]
    findings.extend(_labels(answers, strange, reading))
    local = knowledge.in_local_time()
    findings.extend(window(strange, local, tally))
    findings.extend(documented_first(answers, local, tally))
    findings.extend(_known_keys(exchanges, knowledge, tally))
    findings.extend(separate(answers, tally))
    findings.extend(_repeated(exchanges, knowledge, tally))
    off: Mapping[str, str] = {}
    if whole:
        note(looked_at, answers, knowledge, tally)
        off = inapplicable(looked_at, answers, knowledge)
    kept = [finding for finding in findings if switched_off(finding.rule_id, knowledge) is None]
    found = list(_one_for_each_rule(kept))
    for finding in found:
        tally.add_all(finding.rule_id, (exchange.number for exchange in finding.conversation))
    return Judgement(tuple(_as_one(found) if reading.days else found), tally.counts(), off, reading)


def _as_one(findings: "list[Finding]") -> "list[Finding]":
    """Give the findings, those that only local days make folded into the one about them."""
    edges = tuple(finding.rule_id for finding in findings if finding.rule_id in LOCAL_EDGES)
    return [
        replace(finding, also=(*finding.also, *edges)) if finding.rule_id == DAYS else finding
        for finding in findings
        if finding.rule_id not in LOCAL_EDGES
    ]


def _is_odd(answer: "Answer", reading: "Reading") -> bool:
    """Tell whether nothing is held against what an answer says: it is cut off, or in a unit of its own."""
    return bool(answer.exchange.cut) or _in_another_unit(answer, reading)


def _in_another_unit(answer: "Answer", reading: "Reading") -> bool:
    """Tell whether the labels of one answer fit its window only in another unit than those of the rest."""
    labels = [int(point["time"]) for point in answer.exchange.document["series"][:1]]
    return any(
        not fits(label, reading.per_second, answer.query.from_s, answer.query.to_s)
        and fits(label, other.per_second, answer.query.from_s, answer.query.to_s)
        for label in labels
        for other in (STANDARD, SECONDS)
    )


def _labels(
    answers: "Sequence[Answer]", strange: "Sequence[Answer]", reading: "Reading"
) -> "Iterator[Finding]":
    if reading.per_second != STANDARD.per_second and answers:
        yield Finding("time-is-milliseconds", f"time is in {reading.name}", (answers[0].exchange,))
    elif strange := [answer for answer in strange if not answer.exchange.cut]:
        text = "time is in another unit than in other answers"
        yield Finding("time-is-milliseconds", text, (strange[0].exchange,))
    local = next((answer for answer in answers if answer.buckets), None)
    if reading.days is not None and local is not None:
        yield Finding(DAYS, f"labels lie at {reading.days}", (local.exchange,), also=(LABEL,))
    for answer in answers:
        for point, bucket in zip(answer.exchange.document["series"], answer.buckets, strict=True):
            if int(point["time"]) != reading.start_s(bucket) * reading.per_second:
                text = f"the label {point['time']} is not the first instant of its bucket"
                yield Finding("time-is-bucket-start", text, (answer.exchange,))
                return


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
    return ask.method == "GET" and not ask.suffix and not undocumented(exchange) and not broken_rules(ask)


def _one_for_each_rule(findings: "Iterable[Finding]") -> "Iterator[Finding]":
    """Keep the smallest conversation for each rule, in the order in which rules were first broken."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.rule_id)
        if known is None or len(finding.conversation) < len(known.conversation):
            best[finding.rule_id] = finding
    yield from best.values()
