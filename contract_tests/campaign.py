"""A whole check of one target: probe, plan, fuzz, judge, confirm, under a budget of requests.

Rule: this alone sends. It judges nothing; `judge` does, at the end, with all that was learned.
"""

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from contract_tests.confirming import confirm
from contract_tests.findings import Finding, Severity, Verdict
from contract_tests.judge import Judgement, judge
from contract_tests.knowledge import Knowledge
from contract_tests.learning import learn
from contract_tests.patience import Patience
from contract_tests.plan import Plan, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contract_tests.exchanges import Ask, Exchange
    from contract_tests.targets import Target

LOOPBACK_BUDGET: Final = 1000
BUDGET: Final = 60
RESERVED: Final = 2  # requests for the probes at the end
TOO_MANY_FAILURES: Final = 5  # in a row: the target is gone


@dataclass(frozen=True)
class Options:
    """What a check is run with; None means the default.

    `enough` stops before the fuzz phase once something has failed.
    """

    knowledge: Knowledge = field(default_factory=Knowledge)
    strict: bool = False
    budget: int | None = None
    seed: int = 0
    max_examples: int | None = None
    enough: bool = False


@dataclass(frozen=True)
class Report:
    """What a check came to."""

    target: str
    verdict: Verdict
    strict: bool
    seed: int
    requests: int
    cases: int
    seconds: float
    knowledge: Knowledge
    judgement: Judgement
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]  # why it is inconclusive, where it is


class Campaign:
    """One run against one target."""

    def __init__(
        self,
        target: "Target",
        options: Options,
        progress: "Callable[[int, int], None]",
        *,
        sleep: "Callable[[float], None]" = time.sleep,
    ) -> None:
        """Take a target; `progress` is told how many requests of how many have been sent."""
        self._target = target
        self._options = options
        default = LOOPBACK_BUDGET if target.loopback else BUDGET
        self._budget = default if options.budget is None else options.budget
        self._progress = progress
        self._patience = Patience(target, sleep)
        self._failures = 0
        self.exchanges: list[Exchange] = []
        self.cases = 0

    def run(self) -> Report:
        """Run it whole."""
        started = time.perf_counter()
        known = replace(self._options.knowledge, loopback=self._target.loopback)
        before = self._send_all(step.ask for step in probe())
        learned = learn(known, before, ())
        drawn: list[Finding] = []
        if learned.now is not None and not self._stopped:
            plan = Plan(learned.now, sorted(known.keys))
            self._send_all((step.ask for step in plan.steps()), keep=RESERVED)
            drawn = self._fuzz(self._without_dead_keys(learned))
        after = self._send_all(step.ask for step in probe())
        knowledge = self._without_dead_keys(learn(known, before, after))
        judgement = judge(self.exchanges, knowledge)
        findings = self._confirmed(judgement, knowledge)
        findings += _standing(drawn, knowledge, judgement)
        reasons = self._reasons(knowledge)
        return Report(
            self._target.name,
            self._verdict(findings, reasons),
            self._options.strict,
            self._options.seed,
            len(self.exchanges),
            self.cases + len(self.exchanges),
            time.perf_counter() - started,
            knowledge,
            judgement,
            tuple(findings),
            tuple(reasons),
        )

    @property
    def _stopped(self) -> bool:
        return self._failures >= TOO_MANY_FAILURES or self._patience.exhausted or self._patience.gone

    def _left(self) -> int:
        return self._budget - len(self.exchanges)

    def _send_all(self, asks: "Iterable[Ask]", keep: int = 0) -> "list[Exchange]":
        """Send requests while the budget lasts, less what is kept for later."""
        sent = []
        for ask in asks:
            if self._left() <= keep or self._stopped:
                break
            sent.append(self.send(ask))
        return sent

    def _fuzz(self, knowledge: Knowledge) -> list[Finding]:
        """Spend what is left of the budget on conversations that are drawn by chance."""
        from contract_tests.fuzz import Fuzz  # Hypothesis takes a while to import

        examples = self._options.max_examples
        if examples is None:
            examples = max(self._left() - RESERVED, 0) // 2
        if not examples or self._stopped:
            return []
        so_far = judge(self.exchanges, knowledge)
        if self._options.enough and self._verdict(list(so_far.findings), []) is Verdict.FAIL:
            return []
        fuzz = Fuzz(knowledge, self._converse, so_far.reading)
        found = fuzz.findings(so_far.findings, seed_number=self._options.seed, max_examples=examples)
        self.cases += fuzz.cases
        return found

    def _converse(self, asks: "tuple[Ask, ...]") -> "list[Exchange] | None":
        if self._left() - RESERVED < len(asks) or self._stopped:
            return None
        return [self.send(ask) for ask in asks]

    def send(self, ask: "Ask") -> "Exchange":
        """Send one request, and keep its exchange."""
        exchange = self._patience.send(ask)
        self.exchanges.append(exchange)
        self._failures = self._failures + 1 if exchange.failure is not None else 0
        self._progress(len(self.exchanges), self._budget)
        return exchange

    def _confirmed(self, judgement: Judgement, knowledge: Knowledge) -> list[Finding]:
        return [
            finding if self._stopped else confirm(finding, knowledge, self._confirming)
            for finding in judgement.findings
        ]

    def _confirming(self, ask: "Ask") -> "Exchange":
        exchange = self._patience.send(ask)
        self._failures = self._failures + 1 if exchange.failure is not None else 0
        return exchange

    def _reasons(self, knowledge: Knowledge) -> list[str]:
        """Say why this run can't come to a verdict, where it can't."""
        reasons = []
        failures = [exchange.failure for exchange in self.exchanges if exchange.failure is not None]
        statuses = {exchange.status for exchange in self.exchanges if exchange.failure is None}
        if failures:
            reasons.append(
                f"{len(failures)} of {len(self.exchanges)} requests got no whole answer: {failures[0]}"
            )
        if self._patience.exhausted:
            reasons.append("the target kept answering 429 for longer than the checker waits")
        if 200 not in statuses and statuses:
            reasons.append(_no_series(statuses))
        elif knowledge.now is None and not failures:
            reasons.append(
                "the default window is empty, or its labels name no instant, so that the current time "
                "is not known; give it with --now"
            )
        reasons.extend(
            f"the project {key!r} is never answered with 200; is it a key of this account?"
            for key in sorted(self._dead_keys())
        )
        return reasons

    def _without_dead_keys(self, knowledge: Knowledge) -> Knowledge:
        """Judge a key that is never answered with 200 as one that the account may not have."""
        dead = self._dead_keys()
        return replace(knowledge, keys=knowledge.keys - dead, complete=knowledge.complete and not dead)

    def _dead_keys(self) -> set[str]:
        asked = [exchange for exchange in self.exchanges if exchange.ask.values("projectKey")]
        alive = {
            key for exchange in asked if exchange.status == 200 for key in exchange.ask.values("projectKey")
        }
        tried = {key for exchange in asked for key in exchange.ask.values("projectKey")}
        return (set(self._options.knowledge.keys) & tried) - alive

    def _verdict(self, findings: list[Finding], reasons: list[str]) -> Verdict:
        strict = self._options.strict
        if any(finding.severity(strict=strict) is Severity.FAILURE for finding in findings):
            return Verdict.FAIL
        return Verdict.INCONCLUSIVE if reasons else Verdict.PASS


def _standing(drawn: list[Finding], knowledge: Knowledge, judgement: Judgement) -> list[Finding]:
    """Give the drawn findings of other rules that still stand with all that was learned by the end."""
    known = {finding.rule_id for finding in judgement.findings}
    others = [finding for finding in drawn if finding.rule_id not in known]
    return [
        finding
        for finding in others
        for again in judge(finding.conversation, knowledge, judgement.reading).findings
        if again.rule_id == finding.rule_id
    ]


def _no_series(statuses: set[int]) -> str:
    shown = ", ".join(map(str, sorted(statuses)))
    if 401 in statuses:
        return (
            f"no query was answered with 200 (answers: {shown}); give a valid access token in USAGETWIN_TOKEN"
        )
    return f"no query was answered with 200 (answers: {shown})"
