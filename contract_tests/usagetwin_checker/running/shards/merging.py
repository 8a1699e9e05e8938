"""Make one report of what shards came to, the same one in whichever order they ended.

Rule: parts are taken in the order of their numbers. What shards found stands; what all of them say together
is held to one ledger where none of them contradicts itself, as nothing is held against what is blamed.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.findings import Ended
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.running.inconclusive import interrupted, never_answered
from usagetwin_checker.running.naming import named, standing
from usagetwin_checker.running.report import Report, Sent
from usagetwin_checker.running.shards.renumbered import finding_from, sent_from
from usagetwin_checker.running.shards.together import still_together, told_together
from usagetwin_checker.running.verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.running.shards.part import Part

ENDS: Final = (  # what ended a check is what ended any of its shards, the first of these
    Ended.SIGNAL,
    Ended.TARGET,
    Ended.BUSY,
    Ended.UNCOUNTED,
    Ended.TIME,
    Ended.BUDGET,
    Ended.DONE,
)


class Merging:
    """Takes the parts of a check as they come, and keeps of each what no part before it says."""

    def __init__(self, options: "Options") -> None:
        """Take the options of the whole check."""
        self._options = options
        self._early: dict[int, Part] = {}  # that came before one of a smaller number
        self._parts: list[Part] = []
        self._said: set[Hashable] = set()
        self._numbered = 0
        self._sent: list[Sent] = []
        self._findings: list[tuple[Part, Finding]] = []

    def add(self, part: "Part") -> None:
        """Take a part."""
        self._early[part.options.shard.number] = part
        while (first := self._early.pop(len(self._parts) + 1, None)) is not None:
            self._take(first)

    def _take(self, part: "Part") -> None:
        for each in part.told:
            if not each.says or not each.says <= self._said:
                self._sent.append(sent_from(each.sent, self._numbered))
            self._said |= each.says
        self._findings += [(part, finding_from(finding, self._numbered)) for finding in part.report.findings]
        self._numbered += part.highest
        self._parts.append(replace(part, told=part.told[:2]))

    def report(
        self, seconds: float, *, lost: "Iterable[str]" = (), signal: str | None = None
    ) -> Report | None:
        """Give the report of all parts that came; None where none did.

        `lost` says of each shard that never came why. `signal` is the name of what ended the run.
        """
        for number in sorted(self._early):
            self._take(self._early.pop(number))
        if not self._parts:
            return None
        first, reports = self._parts[0], [part.report for part in self._parts]
        knowledge = self._knowledge()
        exchanges = self._exchanges()
        judgement = self._judgement(exchanges, knowledge)
        reasons = list(self._reasons(lost, signal, sum(report.requests for report in reports)))
        findings = tuple(judgement.findings)
        merged = replace(
            first.report,
            verdict=verdict(findings, reasons, strict=self._options.strict),
            seed=self._options.seed,
            requests=sum(report.requests for report in reports),
            sent_again=sum(report.sent_again for report in reports),
            cases=sum(report.cases for report in reports),
            seconds=seconds,
            knowledge=knowledge.read_as(judgement.reading),
            judgement=judgement,
            findings=findings,
            reasons=tuple(reasons),
            notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
            ended=Ended.SIGNAL
            if signal is not None
            else min((each.ended for each in reports), key=ENDS.index),
            options=self._options,
            budget=self._options.budget or 0,
            interrupted=signal,
            sent=tuple(self._sent),
            plan=None if first.planned is None else Plan(*first.planned),
            course=tuple(stretch for report in reports for stretch in report.course),
        )
        return named(merged, exchanges, Reader())

    def _exchanges(self) -> "list[Exchange]":
        """Give what was kept, and what findings are shown by, in the order of their numbers."""
        kept = {each.exchange.number: each.exchange for each in self._sent}
        for _, finding in self._findings:
            kept.update((exchange.number, exchange) for exchange in finding.conversation)
        return [kept[number] for number in sorted(kept)]

    def _knowledge(self) -> "Knowledge":
        """Give what all parts learned: the current time may be what any of them saw."""
        known = [part.report.knowledge for part in self._parts]
        return replace(
            known[0],
            keys=self._keys() - self._dead(),
            complete=self._options.knowledge.complete and not self._dead(),
            now=next((each.now for each in known if each.now is not None), None),
            newest_s=tuple(label for each in known for label in each.newest_s),
            latest_s=max(each.latest_s for each in known),
            still=still_together(self._parts),
        )

    def _keys(self) -> frozenset[str]:
        return frozenset(self._options.knowledge.keys)

    def _dead(self) -> frozenset[str]:
        alive = frozenset[str]().union(*(part.alive for part in self._parts))
        return frozenset[str]().union(*(part.dead for part in self._parts)) - alive

    def _judgement(self, exchanges: "Sequence[Exchange]", knowledge: "Knowledge") -> Judgement:
        first = self._parts[0].report.judgement
        found = self._found(knowledge, first)
        together = told_together(exchanges, knowledge, first.reading)
        tested: dict[str, int] = {}
        for part in self._parts:
            for rule_id, count in part.report.judgement.tested.items():
                tested[rule_id] = tested.get(rule_id, 0) + count
        if not any(finding.views for finding in found):
            known = {rule_id for finding in found for rule_id in (finding.rule_id, *finding.also)}
            found += [finding for finding in together.findings if finding.rule_id not in known]
        return replace(first, findings=tuple(found), tested={**together.tested, **tested})

    def _found(self, knowledge: "Knowledge", first: Judgement) -> "list[Finding]":
        """Give the smallest finding of each rule, if it stands however its shard read the labels."""
        best: dict[str, Finding] = {}
        for part, finding in self._findings:
            alike = part.report.judgement.reading == first.reading
            if not alike and not standing([finding], knowledge, replace(first, findings=())):
                continue
            before = best.get(finding.rule_id)
            if before is None or _size(finding) < _size(before):
                best[finding.rule_id] = finding
        return list(best.values())

    def _reasons(self, lost: "Iterable[str]", signal: str | None, requests: int) -> "Iterator[str]":
        """Give why no verdict can be come to, each reason once; a run that was ended has that one alone."""
        if signal is not None:
            yield interrupted(signal, requests)
            return
        yield from lost
        of_keys = {never_answered(key) for key in self._keys()}
        given: dict[str, list[str]] = {}
        for part in self._parts:
            for reason in part.report.reasons:
                if reason not in of_keys:
                    given.setdefault(reason, []).append(str(part.options.shard))
        for reason, shards in given.items():
            more = f" and {len(shards) - 1} more" if len(shards) > 1 else ""
            yield reason if len(shards) == len(self._parts) else f"{shards[0]}{more}: {reason}"
        yield from map(never_answered, sorted(self._dead()))


def _size(finding: "Finding") -> tuple[bool, int]:
    return finding.doubtful, len(finding.conversation)
