"""How a report is written for GitLab's merge requests: as a code quality report, one issue a finding."""

import json
from typing import TYPE_CHECKING, Any

from usagetwin_checker.reporting.marked import marks

if TYPE_CHECKING:
    from usagetwin_checker.reporting.marked import Mark
    from usagetwin_checker.running.report import Report


def as_code_quality(report: "Report") -> str:
    """Write any report; one without findings is an empty list, so that GitLab sees what was mended."""
    return json.dumps([_issue(mark) for mark in marks(report)], indent=2) + "\n"


def _issue(mark: "Mark") -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": mark.finding.rule_id,
        "description": mark.text,
        "fingerprint": mark.key,
        "severity": "major" if mark.decides else "minor" if mark.finding.doubtful else "info",
        "location": {"path": mark.line.file, "lines": {"begin": mark.line.number}},
    }
