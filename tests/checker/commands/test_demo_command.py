"""Tests of `usagetwin demo`: what it shows is what the twin and the checker give."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from usagetwin.contract import rule
from usagetwin.days import from_date, to_date
from usagetwin.deviations import faults
from usagetwin_checker.commands.demo import DAYS, FAULT, NOW, VIEWS, broken, numbers, table
from usagetwin_checker.commands.main import main
from usagetwin_checker.reporting.reports import paragraph

WITHOUT_HYPOTHESIS = """
import sys
sys.modules["hypothesis"] = None
from usagetwin_checker.commands.main import main
main(["demo"])
"""


def shown(width: int = 100) -> str:
    """Run the command, without a terminal, and give what it prints."""
    result = CliRunner().invoke(main, ["demo"], env={"COLUMNS": str(width)}, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture(scope="module")
def output() -> str:
    """Give what it prints where there is room."""
    return shown()


def test_the_numbers_are_those_of_one_ledger() -> None:
    """Each month_to_date is that of the day before and the day's own, and starts again in March."""
    found = numbers()

    assert [str(to_date(day)) for day in DAYS] == [
        "2026-02-26",
        "2026-02-27",
        "2026-02-28",
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
    ]
    first = from_date(to_date(DAYS.start).replace(month=3, day=1))
    for day in DAYS[1:]:
        alone, month_to_date, _ = found[day]
        assert month_to_date == alone + (0 if day == first else found[day - 1][1])


def test_the_table_has_every_number(output: str) -> None:
    """A row has the day and its value in each view, which the head names in the same order."""
    head, *rows = output[output.index("  day ") :].splitlines()[: len(DAYS) + 1]

    assert head.split() == ["day", *VIEWS]
    assert [row.replace(",", "").split() for row in rows] == [
        [str(to_date(day)), *map(str, values)] for day, values in numbers().items()
    ]


def test_the_sums_add_up(output: str) -> None:
    """What it says of month_to_date is arithmetic."""
    said = re.findall(r": ([\d,]+) = ([\d,]+)(?: \+ ([\d,]+))?", output)

    assert len(said) == len(DAYS) - 1
    for whole, *parts in said:
        assert _number(whole) == sum(map(_number, filter(None, parts)))


def test_the_fault_is_told_in_the_words_of_the_catalogue(output: str) -> None:
    """`usagetwin faults` says the same."""
    assert f"2. A fault: {FAULT}" in output
    assert faults()[FAULT].about in " ".join(output.split())


def test_the_finding_names_the_rule_that_the_fault_breaks_and_no_other() -> None:
    """The checker finds it by itself; each of the answers keeps the schema."""
    report = broken()

    (finding,) = report.findings
    assert report.verdict == "fail"
    assert finding.rule_id in faults()[FAULT].rules
    assert all(exchange.keeps_schema for exchange in finding.conversation)


def test_the_finding_is_printed_as_check_prints_it(output: str) -> None:
    """Line for line, once the ends of lines are left out."""
    report = broken()
    (finding,) = report.findings

    assert " ".join(" ".join(paragraph(finding, report)).split()) in " ".join(output.split())
    assert rule(finding.rule_id).statement in " ".join(output.split())


def test_the_end_says_what_to_run_next(output: str) -> None:
    """Serve, check, pytest; each command is one of ours, or pytest."""
    end = output[output.index("What to run next") :]
    commands = re.findall(r"^  \$ (.+)$", end, re.MULTILINE)

    assert [line.split()[1] for line in commands if line.startswith("usagetwin ")] == [
        "serve",
        "check",
        "serve",
    ]
    assert f"usagetwin serve --now {NOW} --fault {FAULT}" in commands
    assert "pytest" in commands


def test_the_output_is_the_same_each_time(output: str) -> None:
    """The clock is frozen, and no duration is shown."""
    assert shown() == output


def test_without_a_terminal_there_are_no_colours_and_nothing_is_cut(output: str) -> None:
    """Plain text, which any encoding has."""
    assert "\x1b" not in output
    assert output.isascii()
    assert "/api/v2/usage/observability/sessions?aggregationType=incremental&from=" in output


def test_a_narrow_terminal_gets_a_line_for_each_number(output: str) -> None:
    """No number is broken or lost, and the table is no wider than the terminal."""
    lines = table(numbers(), 30)

    assert max(map(len, lines)) <= 30
    text = shown(32)
    for number in re.findall(r"\b\d+,\d{3}\b", output):
        assert number in text


def test_it_needs_no_hypothesis() -> None:
    """What is drawn by chance stays out, so that an installation without Hypothesis can show it."""
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_HYPOTHESIS],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
    )

    assert run.returncode == 0, run.stderr
    assert "3. The finding that names it" in run.stdout


def _number(text: str) -> int:
    return int(text.replace(",", ""))
