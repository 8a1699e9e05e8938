"""Several operations in turn: which exit status they have together, and what ends them."""

import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from tests.siblings import ERRORS, LOGS, operations
from usagetwin.contract.operation import PATH
from usagetwin.errors import SettingError
from usagetwin_checker.commands.operations import in_turn

if TYPE_CHECKING:
    from collections.abc import Sequence


def ended_with(statuses: "Sequence[int]") -> tuple[int, str]:
    """Check as many operations, which end with these, and give the exit status and what is printed."""
    left = list(statuses)
    served = operations(PATH, ERRORS, LOGS)

    @click.command()
    @click.option("--operation", "operations", multiple=True)
    def check(operations: tuple[str, ...]) -> None:
        sys.exit(left.pop(0) if operations else in_turn(click.get_current_context(), served))

    result = CliRunner().invoke(check, [])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("statuses", "status", "told"),
    [
        ((0, 0, 0), 0, "3 operations: 3 pass"),
        ((0, 3, 0), 3, "3 operations: 2 pass, 1 inconclusive"),
        ((3, 0, 1), 1, "3 operations: 1 pass, 1 fail, 1 inconclusive"),
    ],
)
def test_the_worst_is_the_status_of_all(statuses: tuple[int, ...], status: int, told: str) -> None:
    """A failure is worse than no verdict."""
    found, printed = ended_with(statuses)

    assert (found, printed.splitlines()[-1]) == (status, told)


@pytest.mark.parametrize(
    "name", ["json", "html", "junit", "sarif", "code_quality", "write_profile", "record"]
)
def test_a_file_is_of_one_operation(name: str) -> None:
    """The second's would take the place of the first's."""
    option = f"--{name.replace('_', '-')}"

    @click.command()
    @click.option(option, name)
    def check(**_: str) -> None:
        in_turn(click.get_current_context(), operations(PATH, ERRORS))

    result = CliRunner().invoke(check, [option, "file"])

    assert isinstance(result.exception, SettingError)
    assert f"{option} is a file of one operation, and 2 are checked" in str(result.exception)


def test_a_signal_s_status_is_the_last() -> None:
    """The third operation is not begun."""
    status, printed = ended_with((0, 143))

    assert status == 143
    assert (ERRORS in printed, LOGS in printed) == (True, False)
