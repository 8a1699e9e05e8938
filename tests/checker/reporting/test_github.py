"""Tests of `usagetwin_checker.reporting.github`: annotations and the summary of a job."""

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.reporting.test_json_report import LABELS, REPORT, SUMS
from usagetwin.contract import rules
from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.github import annotations, as_markdown, runs_on_github, summarise
from usagetwin_checker.reporting.reports import COMMAND, paragraph

if TYPE_CHECKING:
    from pathlib import Path

CHOSEN: Final = replace(LABELS, rule_id=next(r.id for r in rules().values() if r.tier == "chosen"))
HOSTILE: Final = "</pre><img src=x onerror=alert(1)>\n::set-env name=A::b\n| [x](javascript:y) `@all`"


@pytest.mark.parametrize(("value", "there"), [("true", True), ("false", False), (None, False)])
def test_it_runs_there_where_github_says_so(value: str | None, there: bool) -> None:  # noqa: FBT001 -- a parameter
    """By the variable that GitHub sets to `true`."""
    assert runs_on_github({} if value is None else {"GITHUB_ACTIONS": value}) is there


def test_failures_are_errors_and_choices_notices() -> None:
    """In that order, each with its rule as the title."""
    found = list(annotations(replace(REPORT, reasons=(), findings=(CHOSEN, SUMS))))

    assert found[0] == (
        "::error title=usagetwin month-to-date-sums::"
        f"5 is not 2 + 4. {rules()['month-to-date-sums'].statement}".replace("%", "%25")
    )
    assert found[1].startswith(f"::notice title=usagetwin {CHOSEN.rule_id}::")


def test_an_inconclusive_check_says_why() -> None:
    """Its reasons are errors of the run."""
    found = list(annotations(replace(REPORT, findings=())))

    assert found == ["::error title=usagetwin::the project 'web' is never answered"]


def test_no_more_are_given_than_github_shows() -> None:
    """Ten of a kind."""
    found = list(annotations(replace(REPORT, reasons=(), findings=(SUMS,) * 30 + (CHOSEN,) * 30)))

    assert len(found) == 20


def test_what_a_target_sent_begins_no_command() -> None:
    """An annotation is one line, whatever is in it."""
    told = replace(SUMS, message=HOSTILE + "\r::stop-commands::x")

    (line,) = annotations(replace(REPORT, reasons=(), findings=(told,)))

    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::error title=usagetwin month-to-date-sums::")


def test_the_summary_has_the_verdict_and_the_findings() -> None:
    """What the log says, for who does not open it."""
    text = as_markdown(REPORT)

    assert text.startswith("### usagetwin check fails\n")
    assert "57 requests" in text
    assert "<code>month-to-date-sums</code>" in text
    assert "curl -s" in text


def test_commands_in_the_summary_are_those_of_the_log() -> None:
    """Once a browser has read them, to be pasted from there."""
    told = paragraph(SUMS, REPORT)
    commands = [line.removeprefix(COMMAND) for line in told if line.startswith(COMMAND)]

    shown = html.unescape(as_markdown(REPORT)).splitlines()

    assert commands
    assert [each for each in shown if "curl" in each] == commands


def test_what_a_target_sent_is_no_markup_in_the_summary() -> None:
    """Neither HTML nor Markdown: it is read as it was sent."""
    told = replace(SUMS, message=HOSTILE, points=(HOSTILE,))

    text = as_markdown(replace(REPORT, findings=(told,)))

    for markup in ("<img", "](", "`@", "\n::", "| ["):
        assert markup not in text


def test_a_long_list_is_cut_and_counted() -> None:
    """A summary has a limit of GitHub's, beyond which nothing of it is shown."""
    text = as_markdown(replace(REPORT, findings=(SUMS,) * 60))

    assert text.count("<details>") == 50
    assert "And 10 more" in text
    assert len(text) < 1024 * 1024


def test_the_summary_is_added_to_what_is_there(tmp_path: "Path") -> None:
    """Steps before it may have written theirs."""
    file = tmp_path / "summary.md"
    file.write_text("before\n", "utf-8")

    summarise(REPORT, {"GITHUB_STEP_SUMMARY": str(file)})

    assert file.read_text("utf-8") == "before\n" + as_markdown(REPORT)


@pytest.mark.parametrize(
    "environment", [{}, {"GITHUB_STEP_SUMMARY": "/nowhere/at/all"}], ids=["none", "gone"]
)
def test_a_summary_that_cannot_be_written_costs_nothing(environment: dict[str, str]) -> None:
    """The log has it all."""
    summarise(replace(REPORT, verdict=Verdict.PASS), environment)
