"""A whole check of one target: probe, plan, fuzz, judge, confirm, under a budget of requests.

Rule: this alone says what is sent. It judges nothing; `judge` does, at the end, with all that was learned.
"""

import time
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.days import day_of, iso
from usagetwin.errors import SettingError
from usagetwin_checker.asking.access import access
from usagetwin_checker.asking.plan import Plan, probe, recent
from usagetwin_checker.findings import BINDING, Finding, Verdict
from usagetwin_checker.judging.judge import Judgement, judge
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.knowing.learning import (
    PROBES,
    contradiction,
    is_json_object,
    learn,
    shows_no_bucket,
    today,
)
from usagetwin_checker.running.between import doubts, in_doubt, is_a_series, is_strange, who
from usagetwin_checker.running.confirming import REPEATED, can_be_confirmed, confirm, may_differ
from usagetwin_checker.running.drawing import require_hypothesis
from usagetwin_checker.running.inconclusive import interrupted, why_not
from usagetwin_checker.running.learning import learned
from usagetwin_checker.running.naming import named, standing
from usagetwin_checker.running.report import Options, Phase, Probed, Report, of_operation
from usagetwin_checker.running.sending import Sender
from usagetwin_checker.running.verdicts import dead_keys, verdict, without_dead_keys
from usagetwin_checker.talking.live.target import live_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hypothesis.database import ExampleDatabase

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.running.report import Sent
    from usagetwin_checker.talking.targets import Target

LOOPBACK_BUDGET: Final = 1000
BUDGET: Final = 60
RESERVED: Final = 2  # requests for the probes at the end
CONFIRMING: Final = 15  # one request of so many is kept to ask again what was found
MOST_CONFIRMING: Final = 20


class Campaign:
    """One run against one target."""

    def __init__(  # noqa: PLR0913 -- what a run may be given in place of what it has
        self,
        target: "Target",
        options: Options,
        progress: "Callable[[int, int], None]",
        *,
        sleep: "Callable[[float], None]" = time.sleep,
        clock: "Callable[[], float]" = time.time,
        database: "ExampleDatabase | None" = None,
    ) -> None:
        """Take a target; `progress` is told how many requests of how many have been sent.

        The `clock` says which windows to ask for, and how late it may be, where the target doesn't show that.
        What is drawn is remembered in the `database`, or in Hypothesis's usual one.
        """
        self._target = target
        self._options = options
        self._own = target.loopback and not options.live  # nobody else's, and nothing else is counted
        self._live = live_of(target)
        default = LOOPBACK_BUDGET if self._own else BUDGET
        budget = default if options.budget is None else options.budget
        self._for_learning = options.learn_budget
        if self._live is not None:
            budget = self._live.budget(options.budget)
            self._for_learning = min(self._for_learning, self._live.left - budget)
        self._sender = Sender(target, budget + self._for_learning, options.max_time_s, progress, sleep)
        self._sender.reserved = self._sender.beside = self._for_learning
        self._for_confirming = min(budget // CONFIRMING, MOST_CONFIRMING)
        self._clock = clock
        self._database = database
        self._reader = Reader()
        self._others: frozenset[str] = frozenset()  # who may have answered in the target's place
        self._planned = False  # there was something to plan around
        self._all_asked = False
        self.cases = 0

    def interrupt(self, name: str) -> None:
        """Ask nothing more, from within a signal handler, and let `run` come to what was found until then."""
        self._sender.interrupt(name)

    @property
    def budget(self) -> int:
        """The most requests that it sends."""
        return self._sender.budget

    @property
    def exchanges(self) -> "list[Exchange]":
        """All that was sent so far, and what came back."""
        return self._sender.exchanges

    @property
    def sent(self) -> "tuple[Sent, ...]":
        """All of that, each with what it was sent for."""
        return self._sender.sent

    def run(self) -> Report:
        """Run it whole.

        Raises what `ask` does.
        """
        report = named(self.ask(), self.answers(), self._reader)
        return self._learned(report) if self._options.learn else report

    def ask(self) -> Report:
        """Send all that a run sends, and judge it; what one cause explains is not one finding yet.

        Raises SettingError where it would draw and has nothing to draw with, and where the target contradicts
        what its caller says.
        """
        if self._options.max_examples != 0:
            require_hypothesis()
        self._sender.began_s = time.perf_counter()
        probed = self.probe()
        drawn: list[Finding] = []
        plan = None
        if probed.around is not None and not self._sender.stopped:
            plan = Plan(probed.around, sorted(self._options.knowledge.keys), self._options.first)
            drawn = self._planned_and_drawn(plan, probed.learned)
        self._sender.reserved, self._sender.phase = self._for_learning, Phase.PROBE
        after = self._sender.send_all(step.ask for step in probe())
        learned = learn(probed.known, probed.exchanges, after, probed.clock_s)
        knowledge = without_dead_keys(learned, self.exchanges)
        strange = self._in_doubt()
        judgement = self._repeated(self._judged(knowledge), knowledge)
        findings = self._confirmed(judgement, knowledge)
        findings += doubts(
            strange,
            lambda exchange: self._reader.alone(exchange, knowledge, judgement.reading).findings,
            asked_again=self._sender.interrupted is None,
        )
        drawn = [finding for finding in drawn if not any(map(self._is_of_others, finding.conversation))]
        findings += standing(drawn, knowledge, judgement)
        route = self._target.route
        reasons = self._reasons(knowledge)
        if route is not None and not any(map(is_a_series, self.exchanges)):
            findings = []  # nothing says that an answer was the target's, so that no rule was put to the test
            judgement = replace(judgement, findings=(), tested={})
        return Report(
            self._target.name,
            verdict(findings, reasons, strict=self._options.strict),
            self._options.strict,
            self._options.seed,
            len(self.exchanges),
            self.cases + len(self.exchanges),
            time.perf_counter() - self._sender.began_s,
            knowledge.read_as(judgement.reading),
            judgement,
            tuple(findings),
            tuple(reasons),
            tuple(self._notes()),
            self._sender.ended(planned=self._planned, all_asked=self._all_asked),
            self._options,
            self._sender.budget,
            self._target.token,
            self._sender.interrupted,
            self.sent,
            plan,
            self._live is not None,
            sent_again=self._sender.patience.sent_again,
        )

    def _learned(self, report: Report) -> Report:
        """Spend what is left on what the answers teach; no verdict is made of that."""
        self._sender.reserved = 0
        only_get = self._live is not None
        lessons = learned(self._sender, self.answers, report.knowledge, only_get=only_get)
        return replace(
            report,
            lessons=lessons,
            requests=len(self.exchanges),
            sent_again=self._sender.patience.sent_again,
            cases=self.cases + len(self.exchanges),
            seconds=time.perf_counter() - self._sender.began_s,
            notes=tuple(self._notes()),
            interrupted=self._sender.interrupted,
            sent=self.sent,
        )

    def probe(self) -> "Probed":
        """Send what the current time is learned from."""
        known = replace(self._options.knowledge, loopback=self._own)
        exchanges = self._sender.send_all(step.ask for step in probe())
        self._refuse_contradiction(exchanges)
        clock_s = self._clock()
        clueless = known.now is None and any(map(shows_no_bucket, exchanges[:1]))
        if clueless:
            exchanges += self._sender.send_all([recent(day_of(int(clock_s))).ask])
        learned = learn(known, exchanges, (), clock_s)
        around = learned.now
        if around is None and any(map(is_json_object, exchanges[-1:] if clueless else exchanges)):
            around = today(clock_s)
        return Probed(known, exchanges, clock_s, learned, around)

    def _reasons(self, knowledge: Knowledge) -> list[str]:
        """Say why no verdict can be come to; an interrupted run has one reason, which explains all others."""
        if self._sender.interrupted is not None:
            return [interrupted(self._sender.interrupted, len(self.exchanges))]
        return why_not(
            self.exchanges,
            knowledge,
            dead_keys(self._options.knowledge, self.exchanges),
            halted=self._sender.halted,
            route=self._target.route,
            target=self._target.name,
        )

    def _refuse_contradiction(self, probes: "list[Exchange]") -> None:
        given = self._options.knowledge.now
        if given is None or not self._options.claimed or len(probes) < PROBES:
            return
        shown = contradiction(given, *probes)
        if shown is not None:
            problem = f"the target contradicts --now {iso(given.earliest_s)}: {shown}"
            raise SettingError(problem, "--now with the time that the target's clock shows, or no --now")

    def _notes(self) -> "Iterator[str]":
        """Say what was assumed of the target, and what ended the run."""
        yield from of_operation(self._options.operation)
        if self._options.live:
            yield "assumed: a live account, which is counted meanwhile (--live)"
        if self._options.knowledge.settling_h is not None:
            hours = self._options.knowledge.settling_h
            yield f"assumed: a day is final {hours} hours after its end (--settles-after)"
        if self._live is not None:
            yield self._live.note()
        if self._sender.cut_short is not None:
            yield f"stopped asking after {self._sender.cut_short}"

    def _planned_and_drawn(self, plan: Plan, learned: Knowledge) -> list[Finding]:
        """Send the plan, then draw conversations; give what those show.

        The plan may spend what is kept for confirming, when there is nothing to confirm.
        """
        steps = chain(plan.steps(), access(learned.roles or ())) if self._options.shard.plans else ()
        asks = self._sender.in_time(step.ask for step in steps)
        self._planned, self._sender.phase = True, Phase.PLAN
        self._sender.reserved = self._for_learning + RESERVED + self._for_confirming
        self._sender.send_all(asks)
        knowledge = without_dead_keys(learned, self.exchanges)
        so_far = self._judged(knowledge)
        if not any(map(can_be_confirmed, so_far.findings)) and not any(map(is_strange, self.answers())):
            self._sender.reserved = self._for_learning + RESERVED
            self._sender.send_all(asks)
            so_far = self._judged(knowledge)
        self._all_asked = next(asks, None) is None and not self._sender.cut_short
        self._sender.reserved = self._for_learning + RESERVED + self._for_confirming
        return self._fuzz(knowledge, so_far)

    def _in_doubt(self) -> "Mapping[str, tuple[Exchange, ...]]":
        """Find the answers that may be of something in between, and judge them no more."""
        if self._target.route is None or not any(exchange.well_formed for exchange in self.exchanges):
            return {}
        self._sender.phase = Phase.CONFIRM
        send = None if self._sender.interrupted is not None else self._sender.converse
        strange = in_doubt(self.answers(), send)
        self._others = frozenset(strange)
        return strange

    def _is_of_others(self, exchange: "Exchange") -> bool:
        return bool(self._others) and is_strange(exchange) and who(exchange) in self._others

    def answers(self) -> "list[Exchange]":
        """Give all that was answered, and may be the target's."""
        answers = [*self.exchanges, *self._sender.patience.waited_out]
        return [exchange for exchange in answers if not self._is_of_others(exchange)]

    def _judged(self, knowledge: Knowledge) -> Judgement:
        return judge(self.answers(), knowledge, reader=self._reader)

    def _fuzz(self, knowledge: Knowledge, so_far: Judgement) -> list[Finding]:
        """Spend what is left of the budget on conversations that are drawn by chance."""
        examples = self._options.max_examples
        if examples is None:
            examples = max(self._sender.left(), 0) // 2
        if not examples or self._sender.stopped:
            return []
        if self._options.enough and verdict(so_far.findings, (), strict=self._options.strict) is Verdict.FAIL:
            return []
        from usagetwin_checker.running.fuzz import Fuzz  # Hypothesis takes a while to import

        self._sender.phase = Phase.DRAW
        fuzz = Fuzz(
            knowledge,
            self._sender.converse,
            so_far.reading,
            self._reader,
            only_get=self._live is not None,
            database=self._database,
        )
        found = fuzz.findings(so_far.findings, seed_number=self._options.seed, max_examples=examples)
        self.cases += fuzz.cases
        return found

    def _repeated(self, judgement: Judgement, knowledge: Knowledge) -> Judgement:
        """Send a request again where sums of several rules are wrong: it may be that its answers differ."""
        shown = may_differ(judgement)
        if shown is None:
            return judgement
        self._sender.phase = Phase.CONFIRM
        again = self._sender.converse((shown.ask,) * REPEATED) or ()
        same = all(exchange.body == shown.body for exchange in again)
        return judgement if same else self._judged(knowledge)

    def _confirmed(self, judgement: Judgement, knowledge: Knowledge) -> list[Finding]:
        """Ask again what was found, what decides the verdict first, as far as the budget goes."""
        self._sender.phase = Phase.CONFIRM
        first = sorted(judgement.findings, key=lambda finding: finding.rule.tier not in BINDING)
        again = {
            finding.rule_id: confirm(finding, knowledge, judgement.reading, self._sender.converse)
            for finding in first
        }
        return [again[finding.rule_id] for finding in judgement.findings]
