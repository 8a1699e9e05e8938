"""The suite as a project runs it: one test for each rule, from the command line or in a file of its own."""

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import NOW
from tests.checker.raw_server import answer, answering, saying
from tests.plugin.project import text_of
from usagetwin.contract import rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugin.project import Project
    from tests.served import Twin

SUITE: Final = ("--pyargs", "usagetwin_checker.suite")
TARGET: Final = "--usage-twin-target"
SMALL: Final = ("--usage-twin-budget", "40", "--usage-twin-now", NOW)
TESTS: Final = len(rules()) + 1  # and whether there was anything to judge


PROPERTIES: Final = ("-o", "usage_twin_junit_properties=true")
TEXT: Final[tuple[set[str], set[str]]] = (set(), set())
SAID: Final[tuple[set[str], set[str]]] = ({"type", "message"}, set())
JENKINS: Final = {  # what junit-10.xsd of its xUnit plugin has: each element's attributes and children
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id"}
        | {"package", "file", "log", "url", "version"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"skipped", "errors", "failure", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "failure": SAID,
    "errors": SAID,
    "skipped": SAID,
    "system-out": TEXT,
    "system-err": TEXT,
}
SUREFIRE_TIME: Final = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?")


def strange_in(element: ET.Element) -> list[str]:
    """Give what Jenkins' schema has no place for, as PARENT/CHILD and ELEMENT@ATTRIBUTE."""
    attributes, children = JENKINS[element.tag]
    found = [f"{element.tag}@{name}" for name in element.attrib if name not in attributes]
    found += [f"{element.tag}/{child.tag}" for child in element if child.tag not in children]
    if element.tag != "testcase" and SUREFIRE_TIME.fullmatch(element.get("time", "")) is None:
        found.append(f"{element.tag}@time")
    return found + [each for child in element if child.tag in children for each in strange_in(child)]


def cases(report: "Path") -> dict[str, ET.Element]:
    """Read a JUnit report: its test cases by name."""
    root = ET.parse(report).getroot()  # noqa: S314 -- pytest wrote it
    return {case.attrib["name"]: case for case in root.iter("testcase")}


def properties(case: ET.Element) -> dict[str, str]:
    """Read the properties of a test case."""
    return {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}


def test_every_rule_is_a_test_with_its_id(project: "Project", acme_file: str) -> None:
    """The twin passes: each rule held, or is skipped with what it would take to judge it."""
    result = project.run(*SUITE, TARGET, "twin", f"--usage-twin-world={acme_file}", *SMALL, "-v", "-rs")

    outcomes = result.parseoutcomes()
    assert result.ret == pytest.ExitCode.OK
    assert set(outcomes) == {"passed", "skipped"}
    assert sum(outcomes.values()) == TESTS
    for rule_id in rules():
        assert f"::TestContract::test_rule[{rule_id}] " in str(result.stdout)
    assert "not judged: a revoked token is needed" in str(result.stdout)


def test_a_broken_rule_fails_with_the_finding_and_nothing_else(
    project: "Project", text_twin: "Twin", tmp_path: "Path"
) -> None:
    """The text is that of `usagetwin check`, with commands to ask again; no line of our code is shown."""
    report = tmp_path / "report.xml"

    result = project.run(*SUITE, TARGET, text_twin.url, *SMALL, "--junitxml", str(report))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    case = cases(report)["test_rule[values-are-integers]"]
    failure = case.find("failure")
    assert failure is not None
    assert failure.text is not None
    lines = failure.text.splitlines()
    assert lines[0] == f"failure values-are-integers ({rules()['values-are-integers'].citation})"
    assert lines[1] == f"  {rules()['values-are-integers'].statement}"
    assert lines[-2].startswith("  $ curl -s ")
    assert f" {text_twin.url}/api/v2/usage/observability/sessions" in lines[-2]
    assert lines[-1] == "  usagetwin explain values-are-integers"
    assert "Traceback" not in str(result.stdout)
    assert "contract_suite.py:" not in str(result.stdout)


def test_a_junit_report_shows_the_contract_rule_by_rule(
    project: "Project", text_twin: "Twin", tmp_path: "Path"
) -> None:
    """Each rule with its tier, its citation and its result, where the ini file asks for them."""
    report = tmp_path / "report.xml"

    project.run(*SUITE, TARGET, text_twin.url, *SMALL, "--junitxml", str(report), "-W", "error", *PROPERTIES)

    found = cases(report)
    assert len(found) == TESTS
    for rule_id, rule in rules().items():
        told = properties(found[f"test_rule[{rule_id}]"])
        assert (told["tier"], told["citation"]) == (rule.tier, rule.citation)
    assert properties(found["test_rule[values-are-integers]"])["result"] == "failure"
    assert properties(found["test_rule[links-is-an-object]"])["result"] == "held"
    assert properties(found["test_rule[forbidden-code]"])["result"] == "inconclusive"


def test_a_junit_report_keeps_the_schema_of_jenkins(
    project: "Project", text_twin: "Twin", tmp_path: "Path"
) -> None:
    """Passed, failed, skipped and expected failures alike; with the properties it does not."""
    valid, other = tmp_path / "valid.xml", tmp_path / "other.xml"

    project.run(*SUITE, TARGET, text_twin.url, *SMALL, "--junitxml", str(valid))
    project.run(*SUITE, TARGET, text_twin.url, *SMALL, "--junitxml", str(other), *PROPERTIES)

    assert {each.tag for case in cases(valid).values() for each in case} >= {"failure", "skipped"}
    assert strange_in(ET.parse(valid).getroot()) == []  # noqa: S314 -- pytest wrote it
    assert set(strange_in(ET.parse(other).getroot())) == {"testcase/properties"}  # noqa: S314 -- as above


def test_a_broken_rule_that_decides_nothing_is_shown_as_unconfirmed(
    project: "Project", own_codes_twin: "Twin"
) -> None:
    """It is an expected failure with a text of its own at the end, and the run is green."""
    result = project.run(*SUITE, TARGET, own_codes_twin.url, *SMALL)

    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["xfailed"] == 1
    result.stdout.fnmatch_lines(
        [
            "=* usage twin: unconfirmed =*",
            "Broken, and no reason to fail without --usage-twin-strict:",
            "unconfirmed invalid-request-code (observed, docs/facts.md 13)",
            "  $ curl *",
        ]
    )


def test_a_file_of_its_own_shows_the_unconfirmed_too(project: "Project", own_codes_twin: "Twin") -> None:
    """Other expected failures are none of it."""
    project.write(
        "test_mock.py",
        f"""
        import pytest
        from usagetwin_checker.suite import Check, ContractSuite

        @pytest.fixture
        def usage_twin_check():
            return Check({own_codes_twin.url!r}, now={NOW!r}, budget=40)

        class TestOurMock(ContractSuite):
            '''Our mock keeps the contract.'''

        def test_other():
            pytest.xfail("another reason")
        """,
    )

    result = project.run()

    assert result.parseoutcomes()["xfailed"] == 2
    result.stdout.fnmatch_lines(["unconfirmed invalid-request-code (observed, docs/facts.md 13)"])
    assert "another reason" not in str(result.stdout)


@pytest.mark.parametrize("option", ["--usage-twin-strict", "--runxfail"])
def test_strict_mode_fails_on_it(project: "Project", own_codes_twin: "Twin", option: str) -> None:
    """So does pytest's own option that takes expected failures for failures."""
    result = project.run(*SUITE, TARGET, own_codes_twin.url, *SMALL, option)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["*FAILED *test_rule?invalid-request-code?*"])


def test_a_target_that_is_gone_fails(project: "Project", unused_port: int) -> None:
    """No rule is broken, and a run that judged nothing is not green: it says why."""
    result = project.run(*SUITE, TARGET, f"http://127.0.0.1:{unused_port}", *SMALL)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["skipped"] == TESTS - 1
    result.stdout.fnmatch_lines(
        [f"http://127.0.0.1:{unused_port} can't be judged as a whole:", "  * requests got no whole answer: *"]
    )


def test_a_missing_target_is_one_usage_error(project: "Project") -> None:
    """Before anything is collected, with the remedy."""
    result = project.run(*SUITE)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert text_of(result).strip().splitlines() == [
        "ERROR: the suite checks a target, and none is given",
        "  try   --usage-twin-target http://127.0.0.1:8080 (any base URL), or --usage-twin-target twin",
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((TARGET, "twim"), "the target 'twim' is neither 'twin' nor a base URL"),
        ((TARGET, "twin", "--usage-twin-complete"), "none is given"),
        ((TARGET, "twin", "--usage-twin-budget", "0"), "a budget of 0 requests shows nothing"),
        ((TARGET, "twin", "--usage-twin-world", "busines-week"), "business-week"),
        ((TARGET, "http://usage.example"), "is neither this machine nor one of LaunchDarkly's hosts"),
        ((TARGET, "http://a.example", "--usage-twin-allow-host", "*"), "is no name of a host"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(
    project: "Project", options: tuple[str, ...], problem: str
) -> None:
    """What is wrong, and what would be right."""
    result = project.run(*SUITE, *options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert problem in text_of(result)
    assert "\n  try   " in text_of(result)


def test_the_options_reach_the_check(project: "Project", twin: "Twin") -> None:
    """With two keys that are all there are, rules about filters and their sum are judged as well."""
    known = ("--usage-twin-project", "web", "--usage-twin-project", "app", "--usage-twin-complete")

    result = project.run(*SUITE, TARGET, twin.url, *known, *SMALL, "--usage-twin-seed", "7", "-v")

    assert result.ret == pytest.ExitCode.OK
    for rule_id in ("filter-additive", "project-key-defaults-to-all"):
        result.stdout.fnmatch_lines([f"*test_rule?{rule_id}? PASSED*"])


def test_workers_of_xdist_check_once(project: "Project") -> None:
    """Two workers need no more requests than one."""
    with answering(saying(answer(b"[]"))) as server:
        project.run(*SUITE, TARGET, server.url, *SMALL)
        asked = len(server.heads)
        result = project.run_alone(*SUITE, TARGET, server.url, *SMALL, "-n", "2")

    assert sum(result.parseoutcomes().values()) == TESTS
    assert len(server.heads) == 2 * asked


def test_a_project_checks_its_own_mock_in_a_file_of_its_own(project: "Project") -> None:
    """A class, and a fixture in whatever scope; the imported class itself is not collected."""
    project.write(
        "test_mock.py",
        """
        import pytest
        from usagetwin_checker.suite import Check, ContractSuite
        from tests.checker.raw_server import answer, answering, saying

        @pytest.fixture(scope="module")
        def mock():
            with answering(saying(answer(b"[]"))) as server:
                yield server
            assert 0 < len(server.heads) < 40

        @pytest.fixture(scope="module")
        def usage_twin_check(mock):
            return Check(mock.url, budget=8)

        class TestOurMock(ContractSuite):
            '''Our mock keeps the contract.'''
        """,
    )

    result = project.run("-v")

    outcomes = result.parseoutcomes()
    assert sum(outcomes.values()) == TESTS
    assert "errors" not in outcomes
    result.stdout.fnmatch_lines(["test_mock.py::TestOurMock::test_rule?answer-is-a-series-list? FAILED*"])


def test_a_file_of_its_own_without_a_target_stops_the_run(project: "Project") -> None:
    """Once, instead of once for each rule."""
    project.write(
        "test_mock.py",
        """
        from usagetwin_checker.suite import ContractSuite

        class TestOurMock(ContractSuite):
            '''Our mock keeps the contract.'''
        """,
    )

    result = project.run()

    assert result.parseoutcomes() == {"errors": 1}
    result.stdout.fnmatch_lines(["the suite checks a target, and none is given", "  try   *"])


def test_a_check_that_can_not_run_says_so_without_a_traceback(project: "Project") -> None:
    """A world that there isn't is found when the fixture's check runs."""
    project.write(
        "test_mock.py",
        """
        import pytest
        from usagetwin_checker.suite import Check, ContractSuite

        @pytest.fixture
        def usage_twin_check():
            return Check("twin", world="busines-week")

        class TestOurMock(ContractSuite):
            '''Our mock keeps the contract.'''
        """,
    )

    result = project.run("-x")

    result.stdout.fnmatch_lines(["*busines-week*", "*try   business-week*"])
    assert "contract_suite.py" not in str(result.stdout)
