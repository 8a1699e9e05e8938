"""How commands end when something is wrong."""

import subprocess

import click
import pytest
from click.testing import CliRunner

from tests.served import USAGETWIN
from usagetwin.commands.group import CommandGroup
from usagetwin.errors import SettingError


@click.group(cls=CommandGroup)
def group() -> None:
    """Stand for the command line."""


@group.command()
def misused() -> None:
    """Fail as a wrong option does."""
    problem = "the value is wrong"
    raise SettingError(problem, "another one")


@group.command()
def defective() -> None:
    """Fail as nothing should."""
    message = "boom"
    raise ZeroDivisionError(message)


def test_a_wrong_use_ends_with_status_2_and_a_remedy() -> None:
    """Our own errors are text."""
    result = CliRunner().invoke(group, ["misused"])

    assert result.exit_code == 2
    assert result.output == "usagetwin: the value is wrong\n  try   another one\n"


def test_a_defect_ends_with_status_3_and_no_traceback() -> None:
    """A defect of ours is no verdict on anything, and must not look like one."""
    result = CliRunner().invoke(group, ["defective"])

    assert result.exit_code == 3
    assert "no verdict: ZeroDivisionError: boom" in result.output
    assert "Traceback" not in result.output


def test_the_traceback_of_a_defect_is_there_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reports a defect can see where it is."""
    monkeypatch.setenv("USAGETWIN_TRACEBACK", "1")

    result = CliRunner().invoke(group, ["defective"])

    assert isinstance(result.exception, ZeroDivisionError)


def test_a_reader_that_has_seen_enough_is_no_defect() -> None:
    """As with `usagetwin explain | head -1`: nothing is said of it."""
    printing = subprocess.Popen([*USAGETWIN, "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert printing.stdout is not None
    assert printing.stderr is not None

    printing.stdout.close()

    assert printing.stderr.read() == b""
    printing.stderr.close()
    printing.wait()
