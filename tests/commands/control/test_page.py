"""What docs/control.md says of the commands is what there is."""

import re

from tests.project.checkout import text
from usagetwin.commands.control.group import COMMANDS
from usagetwin_checker.commands.main import main

SECTION = text("docs/control.md").partition("## From a shell\n")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", SECTION, re.MULTILINE))


def test_every_command_is_in_the_table() -> None:
    """And nothing else is."""
    assert sorted(row.split()[0] for row in ROWS) == sorted(str(command.name) for command in COMMANDS)
    assert main.commands["control"] is not None


def test_every_option_of_a_command_is_in_its_row() -> None:
    """But for those that all commands share."""
    shared = {"--url", "--play", "--token", "--json"}
    rows = {row.split()[0]: set(re.findall(r"`(--[a-z]+)", row + about)) for row, about in ROWS.items()}

    for command in COMMANDS:
        options = {name for each in command.params for name in each.opts if name.startswith("--")}
        assert options - shared == rows[str(command.name)], command.name
    assert all(f"`{each}`" in SECTION for each in shared)
