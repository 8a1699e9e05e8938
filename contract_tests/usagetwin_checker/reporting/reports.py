"""How a finding is written in plain text: the rule, what breaks it, and the commands that show it."""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.reporting.curl import command
from usagetwin_checker.reporting.explaining import sentence

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report

COMMAND: Final = "  $ "


def command_of(exchange: "Exchange", finding: "Finding", report: "Report") -> str:
    """Write the command that asks for one exchange of a finding again."""
    base_url = base_of(report.base_url or report.target)
    return command(exchange, base_url, report.token, finding, report.judgement.reading)


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
        *(f"{COMMAND}{command_of(one, finding, report)}" for one in finding.conversation),
        f"  usagetwin explain {finding.rule_id}",
    )
