"""What a run on GitHub Actions shows beside its log: annotations, and the job's summary in Markdown.

Rule: what a target sent can begin no workflow command and no markup: it is escaped, in one line, and bounded.
"""

import html
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.explaining import sentence
from usagetwin_checker.reporting.marked import marks
from usagetwin_checker.reporting.reports import COMMAND, paragraph
from usagetwin_checker.reporting.standing import counts, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from usagetwin_checker.reporting.marked import Mark
    from usagetwin_checker.running.report import Report

RUNS_THERE: Final = "GITHUB_ACTIONS"
SUMMARY: Final = "GITHUB_STEP_SUMMARY"
MOST: Final = 10  # annotations of one kind in one step; GitHub shows no more
LONGEST: Final = 1_000
MOST_SUMMARISED: Final = 50  # findings; a summary may have 1 MiB
MARKUP: Final = "\\`*_{}[]()#|~@:'\""
SAYS: Final = {Verdict.PASS: "passes", Verdict.FAIL: "fails", Verdict.INCONCLUSIVE: "is inconclusive"}


def runs_on_github(environment: "Mapping[str, str]" = os.environ) -> bool:
    """Tell whether this is a step of a workflow of GitHub Actions."""
    return environment.get(RUNS_THERE) == "true"


def annotations(report: "Report") -> "Iterator[str]":
    """Give the workflow commands that annotate a run: failures as errors, all else as notices."""
    found = list(marks(report))
    failures = [mark for mark in found if mark.decides]
    others = [mark for mark in found if not mark.decides]
    for reason in report.reasons[:MOST]:
        yield f"::error title=usagetwin::{_data(reason)}"
    yield from (_annotation("error", mark) for mark in failures[:MOST])
    yield from (_annotation("notice", mark) for mark in others[:MOST])


def summarise(report: "Report", environment: "Mapping[str, str]" = os.environ) -> None:
    """Add the report to the job's summary; where that can't be written, the log still has all of it."""
    file = environment.get(SUMMARY)
    if file:
        with suppress(OSError), Path(file).open("a", encoding="utf-8", errors="backslashreplace") as summary:
            summary.write(as_markdown(report))


def as_markdown(report: "Report") -> str:
    """Write the verdict, and each finding that decides it, as GitHub renders it."""
    lines = [
        f"### usagetwin check {SAYS[report.verdict]}",
        "",
        f"{_text(report.title)}: {counts(list(standings(report)))}; {report.requests} requests.",
        "",
        *(f"- {_text(reason)}" for reason in report.reasons),
    ]
    failures = [mark for mark in marks(report) if mark.decides]
    for mark in failures[:MOST_SUMMARISED]:
        lines += ["", *_details(mark, report)]
    if len(failures) > MOST_SUMMARISED:
        lines += ["", f"And {len(failures) - MOST_SUMMARISED} more, which the log has."]
    return "\n".join(lines) + "\n\n"


def _details(mark: "Mark", report: "Report") -> "Iterator[str]":
    finding = mark.finding
    yield f"<details><summary><code>{finding.rule_id}</code> {_text(sentence(finding.message))}</summary>"
    yield ""
    yield f"<p>{_text(finding.rule.statement)} ({_text(finding.rule.citation)})</p>"
    told = [line.removeprefix(COMMAND) for line in paragraph(finding, report)[3:]]
    yield f"<pre>{'&#10;'.join(map(_text, told))}</pre>"
    yield "</details>"


def _annotation(kind: str, mark: "Mark") -> str:
    title = _property(f"usagetwin {mark.finding.rule_id}")
    return f"::{kind} title={title}::{_data(mark.text)}"


def _data(text: str) -> str:
    """Escape what a workflow command says."""
    return _bounded(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _text(text: str) -> str:
    """Write a text so that neither HTML nor Markdown finds anything in it."""
    escaped = html.escape(_bounded(" ".join(text.split())), quote=False)
    return "".join(f"&#{ord(char)};" if char in MARKUP else char for char in escaped)


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
