"""Options that take a number, of all commands."""

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from usagetwin.commands.numbers import FiniteRange
from usagetwin_checker.commands.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator


def options(group: click.Group) -> "Iterator[click.Parameter]":
    """Give the options of all commands."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from options(command)
        elif command is not None:
            yield from command.params


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused(text: str) -> None:
    """It is in no range, though no comparison says so of NaN."""
    with pytest.raises(click.BadParameter, match=r"is no finite number|is not in the range"):
        FiniteRange(min=0, min_open=True).convert(text, None, None)


def test_a_command_says_which_option_it_was() -> None:
    """And what would do."""
    result = CliRunner().invoke(main, ["control", "advance", "--days", "inf"])

    assert result.exit_code == 2
    assert "'--days': 'inf' is no finite number; give one such as 1." in result.output


def test_every_option_with_a_number_refuses_what_is_not_finite() -> None:
    """Of whatever command."""
    numbers = [each for each in options(main) if isinstance(each.type, click.types.FloatParamType)]

    assert len(numbers) > 5
    assert [each.name for each in numbers if not isinstance(each.type, FiniteRange)] == []
