"""Findings as marks on lines of the contract, which is what forges show: GitHub, GitLab, SARIF's readers."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from usagetwin.contract.lines import Line, lines_of, overlay_lines
from usagetwin_checker.findings import Severity
from usagetwin_checker.reporting.explaining import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Report


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding on the first line that its rule cites; `others` are further ones, the overlay's last.

    `decides` says whether the verdict is fail for it. `key` stays the same from run to run, as long as the
    same rule of the same target is broken.
    """

    finding: "Finding"
    line: Line
    others: tuple[Line, ...]
    decides: bool
    key: str

    @property
    def text(self) -> str:
        """Say in one line what is wrong, and what the rule is."""
        return f"{sentence(self.finding.message)} {sentence(self.finding.rule.statement)}"


def marks(report: "Report") -> "Iterator[Mark]":
    """Give a mark for each finding of a report, in its order."""
    met: dict[str, int] = {}
    for finding in report.findings:
        number = met[finding.rule_id] = met.get(finding.rule_id, 0) + 1
        first, *others = lines_of(finding.rule)
        key = sha256(f"{finding.rule_id} {number} {report.title}".encode()).hexdigest()
        yield Mark(
            finding,
            first,
            (*others, *overlay_lines(finding.rule)),
            finding.severity(strict=report.strict) is Severity.FAILURE,
            key,
        )
