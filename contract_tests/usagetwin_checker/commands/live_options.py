"""The options of a check that say how a host is asked that is not this machine, and what is told of that."""

import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.talking.live.manners import Manners
    from usagetwin_checker.talking.targets import Target

OPTIONS = (
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
        type=click.FloatRange(min=0, max=60),
        metavar="SECONDS",
        help="Time between requests to a host that is not this machine: 0.5.",
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


def tell_budget(target: "Target", budget: int) -> None:
    """Say how many requests a host gets that is not this machine, before the first one."""
    from usagetwin_checker.talking.live.target import LiveTarget

    if isinstance(target, LiveTarget):
        click.echo(f"usagetwin: {target.told(budget)}", err=True)
