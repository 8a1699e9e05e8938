"""How a report is printed for a person: failures in full and first, choices in short, the verdict last.

Rule: nothing is decided here. Any report can be printed, one of a run that was cut short too.
"""

from collections import Counter
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import Ended, Severity, Status, Verdict
from usagetwin_checker.reporting.learned_lines import lessons_on_terminal
from usagetwin_checker.reporting.reports import COMMAND, paragraph
from usagetwin_checker.reporting.screen import copied, say
from usagetwin_checker.reporting.standing import counts, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

COLOURS: Final = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.INCONCLUSIVE: "yellow"}
MOST_CHOICES: Final = 4  # that are told one by one


def on_terminal(report: "Report", console: "Console", *, verbose: bool = False) -> None:
    """Print the report for a person; `verbose` tells of each choice in full, and of each rule not judged."""
    choices = [finding for finding in report.findings if _is_a_choice(finding, report)]
    others = [finding for finding in report.findings if not _is_a_choice(finding, report)]
    for finding in (*sorted(others, key=lambda each: each.doubtful), *(choices if verbose else ())):
        finding_on_terminal(finding, report, console)
        console.print()
    found = list(standings(report))
    if verbose:
        _each_reason(found, console)
    else:
        failed = report.verdict is Verdict.FAIL
        _choices(choices, console, in_short=failed)
        _unjudged(found if report.judgement.tested else (), console, in_short=failed)
    for reason in report.reasons:
        say(console, f" {reason}", lead="inconclusive", style="yellow")
    for note in report.notes:
        say(console, note, style="dim")
    if report.knowledge.now is None and not report.reasons:
        say(console, "no answer shows a bucket, so that no count was judged", style="dim")
    if report.lessons is not None:
        lessons_on_terminal(report, report.lessons, console, verbose=verbose)
    _verdict(report, found, console)


def finding_on_terminal(finding: "Finding", report: "Report", console: "Console") -> None:
    """Print one finding of a report for a person."""
    severity = finding.severity(strict=report.strict)
    first, *lines, explain = paragraph(finding, report)
    colour = "red" if severity is Severity.FAILURE else "yellow"
    say(console, first.removeprefix(severity), lead=severity, style=f"bold {colour}")
    for line in lines:
        if line.startswith(COMMAND):
            copied(console, line)
        else:
            say(console, line)
    say(console, explain, style="dim")


def _is_a_choice(finding: "Finding", report: "Report") -> bool:
    """Tell whether a finding only says that the target does what the contract leaves open in another way."""
    return not finding.doubtful and finding.severity(strict=report.strict) is Severity.UNCONFIRMED


def _choices(choices: "Sequence[Finding]", console: "Console", *, in_short: bool) -> None:
    """Tell of choices in a line for each, or of many in one line; beside failures, how many there are."""
    if not choices:
        return
    if not in_short and len(choices) <= MOST_CHOICES:
        for finding in choices:
            also = f" (also {', '.join(finding.also)})" if finding.also else ""
            say(console, f" {finding.rule_id}: {finding.message}{also}", lead="differs:", style="yellow")
        return
    names = [rule for finding in choices for rule in (finding.rule_id, *finding.also)]
    told = f": {', '.join(names)}" if not in_short else ""
    text = f" {len(names)} choice{'s' * (len(names) != 1)} that the contract leaves open{told} (--verbose)"
    say(console, text, lead="differs:", style="yellow")


def _each_reason(found: "Sequence[Standing]", console: "Console") -> None:
    """Say of each rule why it was not judged, or why it says nothing about the target."""
    for each in found:
        if each.reason is not None:
            words = each.status.replace("-", " ")
            say(console, f" {each.rule.id}: {each.reason}", lead=f"{words}:", style="dim")


def _unjudged(found: "Sequence[Standing]", console: "Console", *, in_short: bool) -> None:
    """Say in one line why rules were not judged; beside failures, how many there are."""
    reasons = Counter(each.reason for each in found if each.status is Status.NOT_JUDGED)
    if reasons:
        told = (
            f"{reasons.total()} rules"
            if in_short
            else "; ".join(f"{why} ({n})" for why, n in reasons.items())
        )
        say(console, f" {told} (--verbose)", lead="not judged:", style="dim")


def _verdict(report: "Report", found: "Sequence[Standing]", console: "Console") -> None:
    partial = ", cut short" if report.ended in (Ended.TIME, Ended.SIGNAL) else ""
    shards = f", {report.options.shard.of} shards" if report.options.shard.of > 1 else ""
    requests = f"{report.requests} request{'s' * (report.requests != 1)}"
    again = f", and {report.sent_again} sent again," if report.sent_again else ""
    sent = f"{requests}{again} in {report.seconds:.1f} s (seed {report.seed}{shards})"
    if report.ended is Ended.RECORDING:
        sent = f"{requests}, recorded at {report.base_url or 'no base URL'}"
    text = f" {report.title}{partial}: {counts(found)}; {sent}"
    say(console, text, lead=report.verdict, style=f"bold {COLOURS[report.verdict]}")
