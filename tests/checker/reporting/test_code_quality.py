"""Tests of `usagetwin_checker.reporting.code_quality`: a report for GitLab's merge requests."""

import json
from dataclasses import replace
from typing import Final

from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS
from usagetwin.contract import rules
from usagetwin_checker.reporting.code_quality import as_code_quality

CHOSEN: Final = replace(LABELS, rule_id=next(r.id for r in rules().values() if r.tier == "chosen"))
SEVERITIES: Final = {"info", "minor", "major", "critical", "blocker"}


def test_each_issue_has_what_gitlab_asks_for() -> None:
    """Description, name, fingerprint, severity, and a line of a file by a relative path."""
    issues = json.loads(as_code_quality(replace(REPORT, findings=(SUMS, LABELS, SUMS))))

    assert [issue["check_name"] for issue in issues] == [
        "month-to-date-sums",
        "time-is-milliseconds",
        "month-to-date-sums",
    ]
    for issue in issues:
        assert issue["severity"] in SEVERITIES
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == 3
    assert issues[0]["description"] == f"5 is not 2 + 4. {rules()['month-to-date-sums'].statement}"


def test_what_decides_is_severe_and_a_choice_is_not() -> None:
    """A merge request shows the one above the other."""
    doubtful = replace(SUMS, doubtful=True)

    issues = json.loads(as_code_quality(replace(REPORT, findings=(SUMS, doubtful, CHOSEN))))

    assert [issue["severity"] for issue in issues] == ["major", "minor", "info"]


def test_no_finding_is_an_empty_list() -> None:
    """With no file GitLab would keep what it showed before."""
    assert json.loads(as_code_quality(replace(REPORT, findings=()))) == []
