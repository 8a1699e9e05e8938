"""Tests of `usagetwin_checker.reporting.sarif`: a report as SARIF 2.1.0."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft4Validator

from tests.checker.reporting.published import SARIF, published
from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS
from usagetwin.contract import rules
from usagetwin.contract.lines import lines_of, overlay_lines
from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.sarif import as_sarif

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report

ROOT: Final = Path(__file__).parents[3]
CHOSEN: Final = replace(LABELS, rule_id=next(r.id for r in rules().values() if r.tier == "chosen"))
DOUBTFUL: Final = replace(LABELS, doubtful=True)


def run_of(report: "Report" = REPORT) -> dict[str, Any]:
    """Read the one run of a report."""
    (run,) = json.loads(as_sarif(report))["runs"]
    return dict(run)


def test_a_result_is_on_the_line_that_its_rule_cites() -> None:
    """A file of a checkout, and a line of it that has the cited words."""
    result = run_of()["results"][0]

    place = result["locations"][0]["physicalLocation"]
    line = (ROOT / place["artifactLocation"]["uri"]).read_text("utf-8").splitlines()
    shown = " ".join(line[place["region"]["startLine"] - 1 :][:4])
    assert place["artifactLocation"]["uri"] == "openapi/launchdarkly-usage.yaml"
    assert rules()["month-to-date-sums"].quotations[0].text.split()[0] in shown


def test_a_rule_of_the_overlay_is_shown_there_too() -> None:
    """Further lines of its citations, and where a validator learns of it."""
    finding = replace(LABELS, rule_id="timestamp-fits-ten-digits")
    rule = rules()["timestamp-fits-ten-digits"]

    result = run_of(replace(REPORT, findings=(finding,)))["results"][0]

    shown = [
        (
            place["physicalLocation"]["artifactLocation"]["uri"],
            place["physicalLocation"]["region"]["startLine"],
        )
        for place in result["relatedLocations"]
    ]
    assert shown == [(line.file, line.number) for line in (*lines_of(rule)[1:], *overlay_lines(rule))]
    assert ("openapi/overlay.yaml") in {file for file, _ in shown}


def test_the_level_says_whether_a_finding_decides() -> None:
    """Failures are errors, what may not be the target's is a warning, choices are notes."""
    found = run_of(replace(REPORT, findings=(SUMS, DOUBTFUL, CHOSEN)))["results"]

    assert [result["level"] for result in found] == ["error", "warning", "note"]


def test_each_broken_rule_is_told_once() -> None:
    """Two findings of one rule have the same index, and what both sides do about it is its help."""
    run = run_of(replace(REPORT, findings=(SUMS, LABELS, SUMS)))

    told = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in told] == ["month-to-date-sums", "time-is-milliseconds"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]
    assert rules()["month-to-date-sums"].server in told[0]["help"]["text"]


def test_a_finding_keeps_its_fingerprint_from_run_to_run() -> None:
    """Whatever the numbers of the day are; a second finding, and another target's, have others."""
    today = run_of(replace(REPORT, findings=(SUMS, SUMS)))["results"]
    tomorrow = run_of(replace(REPORT, findings=(replace(SUMS, message="7 is not 3 + 5"),)))["results"]
    elsewhere = run_of(replace(REPORT, target="http://other.example"))["results"]

    prints = [result["partialFingerprints"]["usagetwin/v1"] for result in (*today, *tomorrow, *elsewhere)]
    assert prints[0] == prints[2]
    assert len(set(prints[:2])) == 2
    assert prints[3] not in prints[:3]


def test_a_check_that_judged_nothing_did_not_succeed() -> None:
    """No result is then not the same as nothing wrong."""
    (invocation,) = run_of(replace(REPORT, verdict=Verdict.INCONCLUSIVE, findings=()))["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == REPORT.reasons[0]


def test_no_path_of_this_machine_is_in_it() -> None:
    """Files are named as in a checkout."""
    assert str(ROOT) not in as_sarif(REPORT)


@pytest.mark.parametrize("findings", [(), (SUMS, LABELS, SUMS, CHOSEN, DOUBTFUL)], ids=["none", "some"])
@pytest.mark.parametrize("verdict", Verdict)
def test_it_keeps_the_published_schema(findings: Any, verdict: Verdict) -> None:  # noqa: ANN401 -- of findings
    """The one of OASIS, as its tools carry it."""
    schema = json.loads(published(SARIF).read_text("utf-8-sig"))

    report = replace(REPORT, findings=findings, verdict=verdict)

    assert not list(Draft4Validator(schema).iter_errors(json.loads(as_sarif(report))))
