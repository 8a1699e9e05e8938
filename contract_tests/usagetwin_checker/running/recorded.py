"""What a recording comes to: the exchanges of it, judged as those of a run are, with nothing asked.

Rule: where a run would ask again, the recording is looked through for the same request. What it does not
show is not held against the target.
"""

import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, iso
from usagetwin.errors import SettingError
from usagetwin.recordings.entries import PASSED_ON, is_of_a_check
from usagetwin_checker.choices.lessons import lessons_of, seen_of
from usagetwin_checker.exchanges import OK
from usagetwin_checker.findings import Ended
from usagetwin_checker.judging.causes import judge_of, one_for_each_cause
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.judging.suspects import Suspects
from usagetwin_checker.running.between import doubts, in_doubt, is_a_series, is_strange, who
from usagetwin_checker.running.confirming import REPEATED, confirm, may_differ
from usagetwin_checker.running.inconclusive import why_not
from usagetwin_checker.running.recorded_now import asked_again, contradicted, learned, probes
from usagetwin_checker.running.remembered import as_remembered
from usagetwin_checker.running.report import Report, of_operation
from usagetwin_checker.running.verdicts import dead_keys, verdict, without_dead_keys
from usagetwin_checker.talking.base_urls import host_of, is_loopback
from usagetwin_checker.talking.tokens import ANY_TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from usagetwin_checker.choices.lessons import Lessons
    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.judge import Judgement
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.recordings.loading import Loaded

BETWEEN: Final = "what lay between when it was recorded"
MOVED: Final = ("answers-repeat", "open-bucket-fits-the-ledger")  # not judged where counts may have moved


def report_of(loaded: "Loaded", given: "Options") -> Report:
    """Judge a recording whole. Raises SettingError where it contradicts what its caller says."""
    return Recorded(loaded, as_remembered(loaded.known, given)).report()


def with_answered(knowledge: "Knowledge", exchanges: "Iterable[Exchange]") -> "Knowledge":
    """Give what is known of an account with the keys that were answered, unless all are known."""
    if knowledge.complete:
        return knowledge
    answered = {key for each in exchanges if each.status == OK for key in each.ask.values("projectKey")}
    return replace(knowledge, keys=knowledge.keys | answered)


class Recorded:
    """The judging of one recording."""

    def __init__(self, loaded: "Loaded", options: "Options") -> None:
        """Take a recording, and what its caller, or the run that made it, knew."""
        self._loaded: Final = loaded
        self._options: Final = options
        self._loopback: Final = is_loopback(host_of(loaded.base_url)) and not options.live
        self._gone: Final = _may_have_gone(loaded, options.knowledge.keys)
        self._exchanges: Final = tuple(each for each in loaded.exchanges if each.number not in self._gone)
        self._reader: Final = Reader()
        self._by_ask: Final[dict[Ask, list[Exchange]]] = defaultdict(list)
        for exchange in self._exchanges:
            self._by_ask[exchange.ask].append(exchange)
        self._later: Final = asked_again(self._exchanges)
        self._others: frozenset[str] = frozenset()  # who may have answered in the target's place

    def report(self) -> Report:
        """Judge it."""
        began_s = time.perf_counter()
        self._refuse_contradiction()
        known = learned(replace(self._knowledge(), loopback=self._loopback), self._exchanges)
        knowledge = without_dead_keys(known, self._exchanges)
        strange = self._in_doubt()
        self._others = frozenset(strange)
        judgement = self._without_what_moved(self._judged(knowledge))
        answers = self._answers()
        reading = judgement.reading
        findings = [confirm(each, knowledge, reading, self._again) for each in judgement.findings]
        findings += doubts(
            strange,
            lambda exchange: self._reader.alone(exchange, knowledge, reading).findings,
            asked_again=False,
        )
        if not any(map(is_a_series, answers)) and not self._loopback:
            findings = []  # nothing says that an answer was the target's, so that no rule was put to the test
            judgement = replace(judgement, findings=(), tested={})
        suspects = Suspects(knowledge.read_as(reading))
        broken = judge_of(knowledge, reading, self._reader)
        findings = one_for_each_cause(findings, answers, suspects, broken)
        reasons = list(self._reasons(knowledge))
        return self._report(findings, reasons, knowledge, judgement, time.perf_counter() - began_s)

    def _report(
        self,
        findings: "list[Finding]",
        reasons: list[str],
        knowledge: "Knowledge",
        judgement: "Judgement",
        seconds: float,
    ) -> Report:
        strict = self._options.strict
        return Report(
            self._loaded.name,
            verdict(findings, reasons, strict=strict),
            strict,
            self._options.seed,
            len(self._exchanges),
            len(self._exchanges),
            seconds,
            knowledge.read_as(judgement.reading),
            judgement,
            tuple(findings),
            tuple(reasons),
            tuple(self._notes()),
            Ended.RECORDING,
            self._options,
            token=ANY_TOKEN if self._loaded.known.get("built_in_token") is True else None,
            base_url=self._loaded.base_url,
            lessons=self._lessons(knowledge.read_as(judgement.reading)) if self._options.learn else None,
        )

    def _lessons(self, knowledge: "Knowledge") -> "Lessons":
        """Read what the recording teaches."""
        return lessons_of(seen_of(self._exchanges, knowledge, only_get=not self._loopback))

    def _knowledge(self) -> "Knowledge":
        """Give what is known of the account: its keys are those that somebody named, or that were answered.

        A key of which nobody said anything is no unknown one: only a check asks for those on purpose.
        """
        knowledge = self._options.knowledge
        return knowledge if is_of_a_check(self._loaded.known) else with_answered(knowledge, self._exchanges)

    def _answers(self, later: int | None = None) -> "list[Exchange]":
        """Give the answers that may be the target's; of those that a check asked again so many, or all."""
        first = len(self._exchanges) - len(self._later)
        judged = self._exchanges if later is None else self._exchanges[: first + later]
        return [each for each in judged if not (is_strange(each) and who(each) in self._others)]

    def _judged(self, knowledge: "Knowledge") -> "Judgement":
        """Judge as a run does: what it asked again counts where answers may differ, and do."""
        judgement = judge(self._answers(0), knowledge, reader=self._reader)
        unsure, again = may_differ(judgement), self._later[:REPEATED]
        if unsure is None or [each.ask for each in again] != [unsure.ask] * REPEATED:
            return judgement
        if all(exchange.body == unsure.body for exchange in again):
            return judgement
        return judge(self._answers(REPEATED), knowledge, reader=self._reader)

    def _refuse_contradiction(self) -> None:
        given = self._options.knowledge.now
        shown = None if given is None else contradicted(given, self._exchanges)
        if given is not None and shown is not None:
            problem = f"the recording contradicts --now {iso(given.earliest_s)}: {shown}"
            raise SettingError(problem, "--now with the time that the target's clock showed, or no --now")

    def _again(self, asks: "tuple[Ask, ...]") -> "list[Exchange] | None":
        """Give answers to requests as if they were sent again; None where one was never sent.

        A run sent them in one go, at its end; of other recordings it is the last of each, wherever it is.
        """
        for at in range(len(self._later) - len(asks) + 1):
            sent = self._later[at : at + len(asks)]
            if tuple(each.ask for each in sent) == asks:
                return list(sent)
        found = [self._by_ask[ask][-1] for ask in asks if ask in self._by_ask and not self._later]
        return found if len(found) == len(asks) else None

    def _in_doubt(self) -> "Mapping[str, tuple[Exchange, ...]]":
        """Find the answers that may be of something in between, as long as they were not given again."""
        if self._loopback or not any(exchange.well_formed for exchange in self._exchanges):
            return {}
        return {
            name: group
            for name, group in in_doubt(self._exchanges, None).items()
            if not self._stands(group[0])
        }

    def _stands(self, strange: "Exchange") -> bool:
        """Tell whether a strange answer was given each time, and the request was sent more than once."""
        again = self._by_ask[strange.ask]
        return len(again) > 1 and all(map(is_strange, again))

    def _without_what_moved(self, judgement: "Judgement") -> "Judgement":
        """Leave out the reason that counts moved, where nobody asked whether they did."""
        if probes(self._exchanges)[1]:
            return judgement
        off = {rule_id: why for rule_id, why in judgement.inapplicable.items() if rule_id not in MOVED}
        return replace(judgement, inapplicable=off)

    def _reasons(self, knowledge: "Knowledge") -> "Iterator[str]":
        if not self._exchanges:
            is_ours = self._loaded.known.get(PASSED_ON) is True
            seen = "went by" if is_ours else "is in the recording"
            yield f"no exchange with GET {self._options.operation.path} {seen}"
            return
        dead = dead_keys(self._options.knowledge, self._exchanges)
        route = None if self._loopback else BETWEEN
        yield from why_not(self._exchanges, knowledge, dead, halted=None, route=route)

    def _notes(self) -> "Iterator[str]":
        yield from of_operation(self._options.operation)
        loaded = self._loaded
        if self._gone:
            yield f"not judged: {len(self._gone)} answers with 404, of projects that may have come or gone"
        if loaded.cut:
            yield f"the recording is cut off: {loaded.entries} whole entries were read"
        if loaded.passed_over:
            counted = ", ".join(f"{times} {why}" for why, times in loaded.passed_over.items())
            yield f"passed over, of {loaded.entries} entries: {counted}"


def _may_have_gone(loaded: "Loaded", named: "frozenset[str]") -> frozenset[int]:
    """Give the numbers of the 404s of a recording of days: a project that nobody names may come and go."""
    times = [each.at_s for each in loaded.exchanges if each.at_s]
    if is_of_a_check(loaded.known) or not times or max(times) - min(times) <= SECONDS_PER_DAY:
        return frozenset()
    keys = {each.number: each.ask.values("projectKey") for each in loaded.exchanges if each.status == 404}
    return frozenset(number for number, asked in keys.items() if asked and not named.issuperset(asked))
