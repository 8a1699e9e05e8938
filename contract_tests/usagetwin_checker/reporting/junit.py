"""How a report is written as JUnit XML: one case for each rule, and one more where nothing could be judged.

Rule: a case says what `usagetwin check` prints. What XML can't hold is written as an escape.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usagetwin import __version__
from usagetwin_checker.findings import Status, Verdict
from usagetwin_checker.reporting.reports import paragraph
from usagetwin_checker.reporting.standing import finding_of, standings

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite

    from usagetwin_checker.findings import Finding
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>'
SUITE: Final = "usagetwin check"
NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: "Report") -> str:
    """Write any report, one of a run that was cut short too."""
    from junitparser import JUnitXml

    suites = JUnitXml(SUITE)
    suites.add_testsuite(_suite(report))  # which has the numbers: Jenkins' schema wants fewer of all suites
    written: bytes = suites.tostring()  # type: ignore[no-untyped-call]  # -- the library's types end here
    return f"{DECLARATION}\n{written.decode('utf-8')}\n"


def _suite(report: "Report") -> "TestSuite":
    from junitparser import TestSuite

    suite = TestSuite(_xml(f"{SUITE} {report.title}"))
    suite.timestamp = datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00")
    said = {
        "usagetwin": __version__,
        "verdict": report.verdict,
        "strict": report.strict,
        "seed": report.seed,
        "requests": report.requests,
    }
    for name, value in said.items():
        suite.add_property(name, str(value).lower())
    found = finding_of(report)
    for each in standings(report):
        suite.add_testcase(_case(each, found.get(each.rule.id), report))
    if report.verdict is Verdict.INCONCLUSIVE:
        suite.add_testcase(_nothing_judged(report))
    suite.update_statistics()  # type: ignore[no-untyped-call]  # -- the library's types end here
    suite.time = round(report.seconds, 3)  # the check's own: a rule takes no time of its own
    return suite


def _case(each: "Standing", finding: "Finding | None", report: "Report") -> "TestCase":
    """Write a rule: a failure where it decides, passed with what is seen where it differs, else skipped."""
    from junitparser import Failure, Skipped, TestCase

    case = TestCase(each.rule.id, classname=f"usagetwin.{each.rule.tier}")
    if each.status is Status.BROKEN and finding is not None:
        failure = Failure(_xml(finding.message), each.rule.id)
        failure.text = _words(finding, report)
        case.result = [failure]
    elif each.status is Status.DIFFERS and finding is not None:
        case.system_out = _words(finding, report)
    elif each.reason is not None:
        case.result = [Skipped(_xml(f"{each.status.replace('-', ' ')}: {each.reason}"), str(each.status))]
    return case


def _nothing_judged(report: "Report") -> "TestCase":
    """Write why the check came to nothing: cases that are skipped alone would look like a success."""
    from junitparser import Failure, TestCase

    case = TestCase("target-can-be-judged", classname="usagetwin")
    case.result = [Failure(_xml("; ".join(report.reasons)), Verdict.INCONCLUSIVE.value)]
    return case


def _words(finding: "Finding", report: "Report") -> str:
    return _xml("\n".join(paragraph(finding, report)))


def _xml(text: str) -> str:
    r"""Write what no XML document may hold as an escape: `\x00` for the character 0."""
    return NO_XML.sub(lambda found: ascii(found[0])[1:-1], text)
