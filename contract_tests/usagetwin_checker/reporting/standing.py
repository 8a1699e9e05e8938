"""Where each rule stands at the end of a run: held, broken, met by another choice, or not judged and why.

Rule: nothing is decided here that the findings and the counts of the judgement do not say.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rules
from usagetwin_checker.findings import BINDING, Status
from usagetwin_checker.judging.inapplicable import switched_off
from usagetwin_checker.reporting.unjudged import DOUBTFUL, why_unjudged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin.contract import Rule
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule: its status, how many exchanges tested it, and why it was not judged or says nothing."""

    rule: "Rule"
    status: Status
    exchanges: int
    reason: str | None = None


COUNTED: Final = {
    Status.HELD: "rules held",
    Status.BROKEN: "broken",
    Status.DIFFERS: "differ",
    Status.NOT_APPLICABLE: "not applicable",
    Status.NOT_JUDGED: "not judged",
}


def standings(report: "Report") -> "Iterator[Standing]":
    """Give each rule of the catalogue, in its order."""
    broken = finding_of(report)
    for rule_id, rule in rules().items():
        exchanges = report.judgement.tested.get(rule_id, 0)
        finding = broken.get(rule_id)
        off = switched_off(rule_id, report.knowledge)
        if finding is not None and finding.doubtful:
            yield Standing(rule, Status.NOT_JUDGED, exchanges, DOUBTFUL)
        elif finding is not None:
            decides = report.strict or rule.tier in BINDING
            yield Standing(rule, Status.BROKEN if decides else Status.DIFFERS, exchanges)
        elif off is None and exchanges:
            yield Standing(rule, Status.HELD, exchanges)
        elif off is not None or rule_id in report.judgement.inapplicable:
            reason = off or report.judgement.inapplicable[rule_id]
            yield Standing(rule, Status.NOT_APPLICABLE, 0, reason)
        else:
            yield Standing(rule, Status.NOT_JUDGED, 0, why_unjudged(rule_id, report))


def finding_of(report: "Report") -> "dict[str, Finding]":
    """Give the first finding of each rule, those too that only explain it."""
    return {
        rule_id: finding
        for finding in reversed(report.findings)
        for rule_id in (*reversed(finding.also), finding.rule_id)
    }


def counts(found: "Sequence[Standing]") -> str:
    """Count the rules by status; held and broken always, the others where there are any."""
    numbers = {status: sum(each.status is status for each in found) for status in Status}
    always = (Status.HELD, Status.BROKEN)
    return ", ".join(f"{numbers[s]} {words}" for s, words in COUNTED.items() if numbers[s] or s in always)
