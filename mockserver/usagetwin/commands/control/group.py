"""The group `usagetwin control`, and which commands are in it."""

from typing import Final

import click

from usagetwin.commands.control import asking, faults, options, plays, telling

COMMANDS: Final = (
    telling.freeze,
    telling.advance,
    telling.release,
    telling.world,
    telling.policy,
    telling.role,
    faults.fault,
    faults.faults,
    faults.no_faults,
    asking.journal,
    telling.record,
    asking.findings,
    asking.expected,
    asking.verdict,
    plays.play,
    plays.plays,
    plays.end,
    plays.reset,
)


@click.group()
@options.with_variables
def control() -> None:
    """Tell a running twin things, and ask what its clients sent (docs/control.md)."""


for command in COMMANDS:
    control.add_command(command)
