"""The options of a check that say how a host is asked that is not this machine, and what is told before.

Rule: what is told here is told before anything is sent.
"""

import time
from typing import TYPE_CHECKING, Final

import click

from usagetwin.commands.files import OUTPUT, write_or_say
from usagetwin.commands.numbers import FiniteRange
from usagetwin.errors import SettingError
from usagetwin_checker.commands.report_files import refuse_unwritable_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rich.console import Console

    from usagetwin_checker.running.report import Options
    from usagetwin_checker.talking.live.manners import Manners
    from usagetwin_checker.talking.targets import Target

OPTIONS: Final = (
    click.option(
        "--allow-host",
        "allowed",
        multiple=True,
        metavar="HOST",
        help="A host that may be asked beside this machine and LaunchDarkly's; repeat it.",
    ),
    click.option(
        "--per-day",
        type=click.IntRange(1),
        metavar="N",
        help="Most requests in a day to a host that is not this machine, over all runs: 60.",
    ),
    click.option(
        "--pace",
        type=FiniteRange(min=0, max=60),
        metavar="SECONDS",
        help="Time between requests to a host that is not this machine: 0.5.",
    ),
    click.option(
        "--dry-run", is_flag=True, help="Print what would be sent, in order, as curl commands; send nothing."
    ),
)


def live_options(command: "Callable[..., None]") -> "Callable[..., None]":
    """Give a command these options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def manners_of(
    allowed: tuple[str, ...],
    per_day: int | None,
    pace: float | None,
    *,
    sleep: "Callable[[float], None]" = time.sleep,
) -> "Manners":
    """Give how a host that is not this machine is asked, with our defaults for what is not given."""
    from usagetwin_checker.talking.live.manners import PACE_S, PER_DAY, Manners

    return Manners(allowed, per_day or PER_DAY, PACE_S if pace is None else pace, sleep)


def print_dry_run(
    target: "Target",
    options: "Options",
    console: "Console",
    files: "Mapping[str, Path | None]",
    inputs: "Mapping[str, Path | str | None]",
) -> None:
    """Print what a run would send, and write it as JSON where that is wanted; there is no other report of it.

    Raises SettingError and NothingLeftError.
    """
    from usagetwin_checker.reporting.dry_run import as_commands, as_json
    from usagetwin_checker.running.dry_run import would_send

    given = {name: file for name, file in files.items() if file is not None}
    if given.keys() - {"json"}:
        problem = "--dry-run has no report, and what would be sent is written as JSON alone"
        raise SettingError(problem, "--json FILE, or no --dry-run")
    refuse_unwritable_reports(given, inputs)
    sending = would_send(target, options, time.time())
    tell_budget(target, sending.budget, dry=True)
    json_file = given.get("json")
    if json_file == OUTPUT:
        click.echo(as_json(sending, target), nl=False)
        return
    if json_file is not None:
        write_or_say(json_file, as_json(sending, target), "what would be sent")
    as_commands(sending, target, console)


def tell_budget(target: "Target", budget: int, *, dry: bool = False) -> None:
    """Say how many requests a host gets that is not this machine, before the first one, or in its place."""
    from usagetwin_checker.talking.live.target import live_of

    live = live_of(target)
    if live is not None:
        click.echo(f"usagetwin: {live.told(budget, dry=dry)}", err=True)
