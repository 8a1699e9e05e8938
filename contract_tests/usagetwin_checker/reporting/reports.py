"""How a report is written as JSON, and a finding as lines of plain text.

Rule: nothing is decided here; each function turns one `Report` into one form.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.reporting.curl import command
from usagetwin_checker.reporting.explaining import sentence
from usagetwin_checker.reporting.standing import standings

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

COMMAND: Final = "  $ "


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
        "findings": [_finding(finding, report) for finding in report.findings],
        "rules": [_standing(each) for each in standings(report)],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _standing(each: "Standing") -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "tier": str(each.rule.tier),
        "status": str(each.status),
        "exchanges": each.exchanges,
        "reason": each.reason,
    }


def _finding(finding: "Finding", report: "Report") -> dict[str, Any]:
    return {
        "rule": finding.rule_id,
        "tier": str(finding.rule.tier),
        "severity": str(finding.severity(strict=report.strict)),
        "citation": finding.rule.citation,
        "message": finding.message,
        "points": list(finding.points),
        "also": list(finding.also),
        "conversation": [_exchange(exchange, finding, report) for exchange in finding.conversation],
    }


def _exchange(exchange: "Exchange", finding: "Finding", report: "Report") -> dict[str, Any]:
    return {
        "method": exchange.ask.method,
        "url": base_of(report.target) + exchange.ask.target,
        "status": exchange.status,
        "curl": _command(exchange, finding, report),
    }


def _command(exchange: "Exchange", finding: "Finding", report: "Report") -> str:
    return command(exchange, base_of(report.target), report.token, finding, report.judgement.reading)


def base_of(target: str) -> str:
    """Give the base URL to show: the twin in-process is shown where `usagetwin serve` would put it."""
    return target if "://" in target else "http://127.0.0.1:8080"


def paragraph(finding: "Finding", report: "Report") -> tuple[str, ...]:
    """Write a finding in lines of plain text: the rule, what breaks it here, the commands that show it."""
    return (
        f"{finding.severity(strict=report.strict)} {finding.rule_id} ({finding.rule.citation})",
        f"  {finding.rule.statement}",
        f"  Here {sentence(finding.message)}",
        *(f"    {line}" for line in finding.points),
        *([f"  also explains: {', '.join(finding.also)}"] if finding.also else ()),
        *(f"{COMMAND}{_command(one, finding, report)}" for one in finding.conversation),
        f"  usagetwin explain {finding.rule_id}",
    )
