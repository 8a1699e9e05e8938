"""Tests of `usagetwin_checker.reporting.screen`: what a terminal gets, and what a pipe gets."""

import io
from typing import TYPE_CHECKING, Final

import pytest
from rich.console import Console

from usagetwin_checker.reporting.screen import copied, rows, say

if TYPE_CHECKING:
    from collections.abc import Callable

LONG: Final = "  rules   " + ", ".join(f"rule-number-{number}" for number in range(12))
ROWS: Final = (("1", "[bold]GET[/]", "from=1&projectKey=" + "k" * 90), ("20", "HEAD", "(none)"))


def shown(show: "Callable[[Console], None]", *, terminal: bool, width: int = 60) -> str:
    """Give what is printed, as plain text."""
    out = io.StringIO()
    show(Console(file=out, width=width, force_terminal=terminal, color_system=None, legacy_windows=False))
    return out.getvalue()


def test_a_pipe_gets_one_line_however_long() -> None:
    """A record is neither folded nor cut."""
    assert shown(lambda console: say(console, LONG), terminal=False) == f"{LONG}\n"


def test_a_terminal_gets_a_hanging_indent_between_words() -> None:
    """What follows stands below what it belongs to, and no name is broken."""
    lines = shown(lambda console: say(console, LONG, hang=8), terminal=True).splitlines()

    assert len(lines) > 1
    assert all(len(line) <= 60 for line in lines)
    assert all(line.startswith(" " * 10 + "rule-number-") for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == " ".join(LONG.split())


def test_a_very_narrow_terminal_folds_by_itself() -> None:
    """Where an indent would leave no room, there is none."""
    assert shown(lambda console: say(console, LONG), terminal=True, width=20) == f"{LONG}\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_copied_stays_in_one_piece(terminal: bool) -> None:  # noqa: FBT001 -- a table
    """A command can be pasted from anywhere."""
    assert shown(lambda console: copied(console, LONG), terminal=terminal) == f"{LONG}\n"


def test_a_table_in_a_pipe_is_a_line_for_each_row() -> None:
    """All of it, without a box; columns begin below each other."""
    lines = shown(lambda console: rows(console, ("", "method", "query"), ROWS, "2 requests"), terminal=False)

    assert lines.splitlines() == [
        "2 requests",
        "    method        query",
        f"1   [bold]GET[/]  {ROWS[0][2]}",
        "20  HEAD          (none)",
    ]


def test_a_table_on_a_terminal_fits_it() -> None:
    """It is drawn, no wider than the screen, and nothing of it is lost."""
    text = shown(lambda console: rows(console, ("", "method", "query"), ROWS, "2 requests"), terminal=True)

    assert all(len(line) <= 60 for line in text.splitlines())
    assert text.count("k") == 90
    assert "[bold]GET[/]" in text
