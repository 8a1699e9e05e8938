"""`--usage-twin-variations` on the command line: what it refuses, and when it does nothing."""

from typing import TYPE_CHECKING

import pytest

from tests.plugin.project import text_of
from tests.plugin.twice import FAIL, HTML, OPTION, SUM_AND_LAST, told

if TYPE_CHECKING:
    from tests.plugin.project import Project


def test_a_run_that_collects_only_tells_nothing(project: "Project") -> None:
    """There is no second pass without a first."""
    project.tests(SUM_AND_LAST)

    result = project.run(OPTION, "--collect-only")

    assert result.ret == pytest.ExitCode.OK
    assert "blind spots" not in str(result.stdout)


def test_a_run_that_stops_early_has_no_second_pass(project: "Project") -> None:
    """After `-x` there is nothing to add."""
    project.tests(SUM_AND_LAST + "def test_fails():\n    assert client.total() == 0\n")

    result = project.run(f"{OPTION}=metadata-missing", "-x")

    result.assert_outcomes(passed=2, failed=1)
    assert told(result) == ["No test that passed called the twin, so nothing is known."]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((f"{OPTION}=counts-are-string",), "there is no fault or variation 'counts-are-string'\n"),
        ((f"{OPTION}=faults,legal",), "there is no fault or variation 'legal'\n"),
        ((OPTION, "test_project.py"), f"written {OPTION}=LIST, or {OPTION} as the last argument"),
        ((f"{OPTION}=",), "there is no fault or variation ''\n"),
        ((OPTION, "--pdb"), "it would stop at each test that notices a fault"),
        ((FAIL,), f"{FAIL} is given, and no blind spots are looked for"),
        ((f"{HTML}=x.html",), f"{HTML} is given, and no blind spots are looked for"),
        ((OPTION, f"{HTML}=none/x.html"), f"{HTML} "),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    project: "Project", options: tuple[str, ...], problem: str
) -> None:
    """Before any test runs, with what would be right."""
    project.tests(SUM_AND_LAST)

    result = project.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert problem in text_of(result)
    assert "\n  try   " in text_of(result)


def test_the_page_does_not_take_the_place_of_the_account(project: "Project") -> None:
    """Whether the command line names it or the ini file."""
    project.tests(SUM_AND_LAST)
    project.write("account.csv", "date,project,count\n2026-03-01,web,5\n")

    by_option = project.run(OPTION, f"{HTML}=account.csv", "--usage-twin-world=account.csv")
    project.ini("usage_twin_world = account.csv")
    by_ini = project.run(OPTION, f"{HTML}=account.csv")

    assert by_option.ret == by_ini.ret == pytest.ExitCode.USAGE_ERROR
    assert "the page would take the place of the world '" in text_of(by_option)
    assert "the page would take the place of the world '" in text_of(by_ini)


def test_what_was_found_is_written_as_a_page(project: "Project") -> None:
    """Into the folder that pytest was started in, with a row for each test."""
    project.tests(SUM_AND_LAST)

    result = project.run(f"{OPTION}=metadata-missing", f"{HTML}=found.html")

    result.assert_outcomes(passed=2)
    page = (project.pytester.path / "found.html").read_text(encoding="utf-8")
    assert "1 fault that no test noticed" in page
    assert "test_project.py::test_the_last" in page


def test_the_nearest_name_is_given(project: "Project") -> None:
    """A name with a slip of the pen gets the right one."""
    result = project.run(f"{OPTION}=counts-are-string")

    assert "\n  try   counts-are-strings " in text_of(result)
