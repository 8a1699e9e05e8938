"""Tests of the option `--html FILE`: a page of what a command comes to, or a refusal before it begins."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.checker.commanding import check
from tests.checker.raw_server import answering, saying
from usagetwin_checker.commands.main import main
from usagetwin_checker.reporting.page import document

SMALL = ("--budget", "12", "--max-examples", "0")


def test_a_check_writes_its_report_as_a_page(tmp_path: Path) -> None:
    """Beside what is printed, and beside the report as JSON."""
    page, json_file = tmp_path / "report.html", tmp_path / "report.json"

    result = check("twin", *SMALL, "--html", str(page), "--json", str(json_file))

    assert result.exit_code == 0, result.output
    assert "pass twin" in result.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json_file.read_text(encoding="utf-8").startswith("{")
    assert sorted(tmp_path.iterdir()) == [page, json_file]


def test_without_the_option_no_page_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what makes pages need not be installed."""
    monkeypatch.setattr(document, "find_spec", lambda _name: None)

    assert check("twin", *SMALL).exit_code == 0


def test_a_page_that_can_t_be_written_is_refused_before_the_first_request(tmp_path: Path) -> None:
    """With status 2, and nothing is asked of the target."""
    with answering(saying(b"")) as server:
        result = check(server.url, "--html", str(tmp_path / "none" / "report.html"))

    assert result.exit_code == 2
    assert "--html" in result.output
    assert "can't be written: No such file or directory" in result.output
    assert server.heads == []


def test_without_the_extra_it_says_what_to_install_before_the_first_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, and with status 2."""
    monkeypatch.setattr(document, "find_spec", lambda name: None if name == "plotly" else find_spec(name))

    with answering(saying(b"")) as server:
        result = check(server.url, "--html", str(tmp_path / "report.html"))

    assert result.exit_code == 2
    assert "--html writes a page with plotly, which is not installed" in result.output
    assert "pip install 'usagetwin[page]'" in result.output
    assert server.heads == []


def test_a_score_writes_itself_as_a_page(tmp_path: Path) -> None:
    """With what became of each fault that was named."""
    file = tmp_path / "score.html"

    result = CliRunner().invoke(main, ["score", "answer-has-a-count", "--html", str(file)])

    assert result.exit_code == 0, result.output
    assert "The checker kills 1 of 1 faults" in file.read_text(encoding="utf-8")


def test_one_file_for_two_reports_is_refused(tmp_path: Path) -> None:
    """The second would replace the first."""
    file = str(tmp_path / "report")

    result = check("twin", *SMALL, "--html", file, "--json", file)

    assert result.exit_code == 2
    assert "--html and --json name the same file" in result.output
