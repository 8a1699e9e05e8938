"""Tests of `usagetwin_checker.reporting.junit`: a report as JUnit XML."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from tests.checker.reporting.published import JENKINS, published
from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS
from usagetwin.contract import rules
from usagetwin_checker.findings import Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.reporting.junit import as_junit

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report

DIFFERING: Final = replace(SUMS, rule_id="series-ascends", also=())
HOSTILE: Final = "\x00\x1b[31m<b>]]>\ud800&\ufffe"


def cases(report: "Report" = REPORT) -> dict[str, ET.Element]:
    """Read a report's cases by their name."""
    return {case.attrib["name"]: case for case in root(report).iter("testcase")}


def root(report: "Report" = REPORT) -> ET.Element:
    """Read a report as any reader of XML does."""
    return ET.fromstring(as_junit(report))  # noqa: S314 -- our own


def test_there_is_a_case_for_each_rule() -> None:
    """By the rule's id, in the catalogue's order, under its tier."""
    found = cases(replace(REPORT, verdict=Verdict.FAIL))

    assert list(found) == list(rules())
    assert found["days-are-utc"].attrib["classname"] == "usagetwin.observed"


def test_a_broken_rule_is_a_failure_with_the_finding() -> None:
    """The message is what is wrong; the text is what `usagetwin check` prints, commands included."""
    (failure,) = cases()["month-to-date-sums"]

    assert failure.tag == "failure"
    assert failure.attrib == {"message": "5 is not 2 + 4", "type": "month-to-date-sums"}
    assert "month_to_date of 2026-03-02 is 5" in (failure.text or "")
    assert "$ curl -s" in (failure.text or "")


def test_a_rule_that_a_finding_also_explains_fails_with_it() -> None:
    """It is no more held than the rule that the finding is about."""
    found = cases(replace(REPORT, findings=(replace(SUMS, also=("incremental-counts",)),)))

    assert [part.tag for part in found["incremental-counts"]] == ["failure"]


def test_a_choice_passes_and_says_what_is_seen() -> None:
    """What the contract leaves open fails nothing, and is told."""
    rule_id = next(rule.id for rule in rules().values() if rule.tier == "chosen")
    chosen = replace(LABELS, rule_id=rule_id)

    (output,) = cases(replace(REPORT, findings=(chosen,)))[rule_id]

    assert output.tag == "system-out"
    assert "time is in Unix [seconds]" in (output.text or "")


def test_a_rule_that_was_not_judged_is_skipped_with_its_reason() -> None:
    """Nothing of it looks like success."""
    (skipped,) = cases()["rolling-30d-sums"]

    assert skipped.tag == "skipped"
    assert skipped.attrib["type"] == "not-judged"
    assert skipped.attrib["message"].startswith("not judged: ")


def test_a_check_that_judged_nothing_fails() -> None:
    """Cases that are all skipped would be green."""
    found = cases(replace(REPORT, verdict=Verdict.INCONCLUSIVE, findings=(), judgement=Judgement((), {})))

    (failure,) = found["target-can-be-judged"]
    assert failure.attrib["type"] == "inconclusive"
    assert failure.attrib["message"] == "the project 'web' is never answered"


def test_the_numbers_are_those_of_the_cases() -> None:
    """The suite counts what is in it, and its time is that of the check."""
    (suite,) = root()
    tags = Counter(part.tag for case in suite.iter("testcase") for part in case)

    assert int(suite.attrib["tests"]) == len(rules())
    assert int(suite.attrib["failures"]) == tags["failure"] == 1
    assert int(suite.attrib["skipped"]) == tags["skipped"] > 0
    assert int(suite.attrib["errors"]) == 0
    assert suite.attrib["time"] == "1.946"


def test_what_xml_cannot_hold_is_escaped() -> None:
    """Whatever a target sent, the file is XML, and nothing in it is markup of the target's."""
    (failure,) = cases(replace(REPORT, findings=(replace(SUMS, message=HOSTILE),)))["month-to-date-sums"]

    assert failure.attrib["message"] == "\\x00\\x1b[31m<b>]]>\\ud800&\\ufffe"
    assert not list(failure)


@pytest.mark.parametrize("verdict", Verdict)
def test_it_keeps_the_schema_of_jenkins(verdict: Verdict) -> None:
    """As the reader says that is stricter than others."""
    schema = xmlschema.XMLSchema(str(published(JENKINS)))

    schema.validate(as_junit(replace(REPORT, verdict=verdict, findings=(SUMS, LABELS, DIFFERING))))
