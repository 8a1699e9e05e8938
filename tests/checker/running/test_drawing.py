"""Without Hypothesis, whoever would draw says what to install; nothing is sent before."""

import subprocess
import sys
from pathlib import Path

import pytest

from usagetwin.errors import SettingError
from usagetwin_checker.running.drawing import require_hypothesis

WITHOUT = """
import sys
from functools import partial
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = partial(lambda name, *rest: None if name == "hypothesis" else find(name, *rest))
"""
SAID = (
    "a check draws requests with Hypothesis, which is not installed\n  try   pip install 'usagetwin[check]'\n"
)
COMMAND = f"{WITHOUT}from usagetwin_checker.commands.main import main; main()"
PYTEST = f"{WITHOUT}import pytest; sys.exit(pytest.main())"
PYTHON = f"""{WITHOUT}
from usagetwin.errors import SettingError
from usagetwin_checker.suite import Check

try:
    Check("twin")
except SettingError as error:
    print(error)
"""


def run(program: str, *arguments: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a program in a process that has no Hypothesis."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [("check", "http://127.0.0.1:9"), ("check", "twin"), ("score",)])
def test_a_command_names_the_extra(command: tuple[str, ...]) -> None:
    """In one sentence, with the exit status of usage; the port at which nothing answers is never asked."""
    result = run(COMMAND, *command)

    assert (result.returncode, result.stdout, result.stderr) == (2, "", f"usagetwin: {SAID}")


def test_the_suite_names_the_extra(tmp_path: Path) -> None:
    """The run ends before its first test; it is somewhere else than our own tests, which need Hypothesis."""
    arguments = ("-p", "no:hypothesispytest", "-p", "no:schemathesis", "--pyargs", "usagetwin_checker.suite")

    result = run(PYTEST, *arguments, "--usage-twin-target", "twin", "-c", "/dev/null", folder=tmp_path)

    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert SAID in result.stderr


def test_python_names_the_extra() -> None:
    """Where a project makes a check of its own."""
    assert run(PYTHON).stdout == SAID


def test_a_check_that_draws_nothing_needs_no_hypothesis() -> None:
    """Told to draw nothing, a check sends its plan, and gives a verdict."""
    result = run(COMMAND, "check", "twin", "--max-examples", "0", "--budget", "60")

    assert result.returncode == 0
    assert "pass twin" in result.stdout


def test_hypothesis_is_not_asked_to_draw_where_the_current_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would end in an error of its own."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises(
        SettingError, match="needs the current folder, and that is gone\n  try   cd to a folder"
    ):
        require_hypothesis()


def test_a_variable_that_keeps_hypothesis_from_drawing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nothing would be drawn, and nobody would know."""
    monkeypatch.setenv("HYPOTHESIS_DATABASE_FILE", "examples.db")

    with pytest.raises(SettingError, match="HYPOTHESIS_DATABASE_FILE is set"):
        require_hypothesis()
