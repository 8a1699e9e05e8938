"""How a report is written: on the terminal, and as JSON.

Rule: nothing is decided here; each function turns one `Report` into one form.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import rules
from usagetwin_checker.findings import Severity, Status, Verdict
from usagetwin_checker.reporting.unjudged import settled_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report

COLOURS: Final = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.INCONCLUSIVE: "yellow"}
COMMAND: Final = "  $ "


def rule_states(report: "Report") -> "Iterator[dict[str, Any]]":
    """Give each rule's state, in the order of the catalogue."""
    broken = {rule_id for finding in report.findings for rule_id in (finding.rule_id, *finding.also)}
    tested = report.judgement.tested
    for rule_id, rule in rules().items():
        status = (
            Status.BROKEN if rule_id in broken else Status.HELD if rule_id in tested else Status.INCONCLUSIVE
        )
        state = {
            "rule": rule_id,
            "tier": str(rule.tier),
            "status": str(status),
            "exchanges": tested.get(rule_id, 0),
        }
        if status is Status.INCONCLUSIVE:
            state["needs"] = settled_by(rule_id, report.knowledge)
        yield state


def as_json(report: "Report") -> str:
    """Write the report as JSON, in the form that is stable from the first release."""
    document = {
        "verdict": str(report.verdict),
        "target": report.target,
        "strict": report.strict,
        "requests": report.requests,
        "cases": report.cases,
        "seconds": round(report.seconds, 3),
        "seed": report.seed,
        "reasons": list(report.reasons),
        "notes": list(report.notes),
        "interrupted": report.interrupted,
        "findings": [_finding(finding, report) for finding in report.findings],
        "rules": list(rule_states(report)),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: "Finding", report: "Report") -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "tier": str(finding.rule.tier),
        "severity": str(finding.severity(strict=report.strict)),
        "citation": finding.rule.citation,
        "message": finding.message,
        "points": list(finding.points),
        "also": list(finding.also),
        "conversation": [_exchange(exchange, report) for exchange in finding.conversation],
    }


def _exchange(exchange: "Exchange", report: "Report") -> dict[str, Any]:
    base = base_of(report.target)
    return {
        "method": exchange.ask.method,
        "url": base + exchange.ask.target,
        "status": exchange.status,
        "curl": exchange.ask.curl(base),
    }


def base_of(target: str) -> str:
    """Give the base URL to show: the twin in-process is shown where `usagetwin serve` would put it."""
    return target if "://" in target else "http://127.0.0.1:8080"


def paragraph(finding: "Finding", report: "Report") -> tuple[str, ...]:
    """Write a finding in lines of plain text: the rule, what breaks it here, the commands that show it."""
    base = base_of(report.target)
    return (
        f"{finding.severity(strict=report.strict)} {finding.rule_id} ({finding.rule.citation})",
        f"  {finding.rule.statement}",
        f"  Here {finding.message}.",
        *(f"    {line}" for line in finding.points),
        *([f"  also explains: {', '.join(finding.also)}"] if finding.also else ()),
        *(f"{COMMAND}{one.ask.curl(base)}   # {one.status}" for one in finding.conversation),
        f"  usagetwin explain {finding.rule_id}",
    )


def on_terminal(report: "Report", console: "Console") -> None:
    """Print the report for a person."""
    from rich.markup import escape

    for finding in report.findings:
        finding_on_terminal(finding, report, console)
    for reason in report.reasons:
        console.print(f"\n[yellow]inconclusive[/] {escape(reason)}", highlight=False)
    _summary(report, console)


def finding_on_terminal(finding: "Finding", report: "Report", console: "Console") -> None:
    """Print one finding of a report for a person."""
    from rich.markup import escape

    severity = finding.severity(strict=report.strict)
    colour = "red" if severity is Severity.FAILURE else "yellow"
    _, *lines, explain = paragraph(finding, report)
    console.print(
        f"\n[bold {colour}]{severity}[/] [bold]{finding.rule_id}[/] ({escape(finding.rule.citation)})"
    )
    for line in lines:
        console.print(escape(line), highlight=False, soft_wrap=line.startswith(COMMAND))
    console.print(f"[dim]{explain}[/]", highlight=False)


def _summary(report: "Report", console: "Console") -> None:
    from rich.markup import escape

    states = list(rule_states(report))
    counts = {status: sum(state["status"] == status for state in states) for status in Status}
    console.print(
        f"\n[bold {COLOURS[report.verdict]}]{report.verdict}[/] {escape(report.target)}: "
        f"{counts[Status.HELD]} rules held, {counts[Status.BROKEN]} broken, "
        f"{counts[Status.INCONCLUSIVE]} not judged; "
        f"{report.requests} requests in {report.seconds:.1f} s (seed {report.seed})",
        highlight=False,
        soft_wrap=True,
    )
    for note in report.notes:
        console.print(f"[dim]{escape(note)}[/]", highlight=False)
    if report.knowledge.now is None and not report.reasons:
        console.print("[dim]no answer shows a bucket, so that no count was judged[/]", highlight=False)
    needs = sorted(
        {state["needs"] for state in states if "needs" in state and state["needs"].startswith("--")}
    )
    for need in needs if counts[Status.HELD] else ():  # where nobody answered, nothing of this would help
        console.print(f"[dim]more rules are judged with {need}[/]", highlight=False)
