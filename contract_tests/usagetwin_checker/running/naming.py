"""What the findings of a run come to once all is known: which of them stand, and which of them are one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin_checker.judging.causes import judge_of, one_for_each_cause
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.suspects import Suspects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.judge import Judgement
    from usagetwin_checker.judging.one_exchange import Reader
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Report


def named(report: "Report", exchanges: "Sequence[Exchange]", reader: "Reader") -> "Report":
    """Give a report whose findings of one cause are one; `exchanges` are all that was answered.

    That changes no verdict.
    """
    broken = judge_of(report.knowledge, report.judgement.reading, reader)
    findings = one_for_each_cause(report.findings, exchanges, Suspects(report.knowledge), broken)
    return replace(report, findings=tuple(findings))


def standing(drawn: "Iterable[Finding]", knowledge: "Knowledge", judgement: "Judgement") -> "list[Finding]":
    """Give the drawn findings of other rules that still stand with all that was learned by the end."""
    known = {finding.rule_id for finding in judgement.findings}
    others = [finding for finding in drawn if finding.rule_id not in known]
    return [
        finding
        for finding in others
        for again in judge(finding.conversation, knowledge, judgement.reading).findings
        if again.rule_id == finding.rule_id
    ]
