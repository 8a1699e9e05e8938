"""The options of `check` and `score` that spread a run over processes and machines, and what they refuse."""

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.errors import SettingError, quoted
from usagetwin_checker.commands.bar import bar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from usagetwin.commands.signals import Stop
    from usagetwin_checker.running.report import Options, Report
    from usagetwin_checker.running.shards.places import Place
    from usagetwin_checker.talking.targets import Target

Known = tuple[str | None, str | None, str | None, str | None]  # now, world, profile, cacert
MOST_SHARDS: Final = 100_000
MOST_WORKERS: Final = 1_000
SHARDS: Final = click.option(
    "--shards",
    type=click.IntRange(1, MOST_SHARDS),
    metavar="N",
    help="Cut the check into N parts, each with a seed of its own; 1000 requests each without --budget.",
)
PLACES: Final = (
    click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        metavar="N",
        help="Run on N processes of this machine; needs the extra `dask`.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Run on the workers of a Dask scheduler, as tcp://HOST:8786; needs the extra `dask`.",
    ),
)


def place_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Give a command the options that say where it runs."""
    for option in reversed(PLACES):
        command = option(command)
    return command


def shard_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Give a command these options, and the one that cuts it into parts."""
    return SHARDS(place_options(command))


def place_of(workers: int | None, scheduler: str | None) -> "AbstractContextManager[Place]":
    """Give where a run is worked on. Raises SettingError for two places."""
    from usagetwin_checker.running.shards.places import place

    if workers is not None and scheduler is not None:
        problem = f"--workers {workers} runs on this machine, and --scheduler {quoted(scheduler)} elsewhere"
        raise SettingError(problem, "one of them")
    return place(workers=workers, scheduler=scheduler)


@dataclass(frozen=True, slots=True)
class Spread:
    """Into how many parts a check is cut, and where they run."""

    shards: int
    workers: int | None
    scheduler: str | None

    def on(
        self, target: "Target", known: "Known", *, live: bool, **others: object
    ) -> "Callable[[Target, Options, Stop], Report]":
        """Give what runs it on a target; `known` is what `Where` takes beside the target's name.

        Raises SettingError for a target that is asked one request at a time, and for the `others`.
        """
        for name, given in others.items():
            if given:
                option = f"--{name.replace('_', '-')}"
                problem = f"{option} is about one run, and a check in shards is {self.shards} of them"
                raise SettingError(problem, f"{option} without --shards, --workers and --scheduler")
        if live or not target.loopback:
            problem = f"{target.name} is asked one request at a time, and has so many a day for all runs"
            raise SettingError(problem, "no --shards, --workers or --scheduler, or a target on this machine")
        return partial(self._run, known)

    def _run(self, known: "Known", target: "Target", options: "Options", stop: "Stop") -> "Report":
        """Run it. Raises SettingError and FileError; exits where a signal came before any shard ended."""
        from usagetwin_checker.running.campaign import LOOPBACK_BUDGET
        from usagetwin_checker.running.drawing import require_hypothesis
        from usagetwin_checker.running.shards.checking import check_in_shards
        from usagetwin_checker.running.shards.shard import shards_of
        from usagetwin_checker.running.shards.where import Where

        require_hypothesis()
        whole, parts = shards_of(options, self.shards, LOOPBACK_BUDGET)
        with bar() as progress, place_of(self.workers, self.scheduler) as place:
            report = check_in_shards(
                Where(target.name, *known),
                whole,
                parts,
                place,
                progress=progress,
                signal=lambda: stop.name,
                started=lambda campaign: stop.calls(campaign.interrupt),
            )
        if report is None:
            click.echo(f"usagetwin: ended by {stop.name} before any shard was", err=True)
            sys.exit(stop.status)
        return report


def spread_of(shards: int | None, workers: int | None, scheduler: str | None) -> Spread | None:
    """Give how a check is spread; None where it is not. Raises SettingError."""
    if scheduler is not None and shards is None:
        problem = f"--scheduler {quoted(scheduler)} runs the parts of a check, and nothing says how many"
        raise SettingError(
            problem, "--shards N: the report is that of N parts, however many workers there are"
        )
    if shards is None and workers is None:
        return None
    return Spread(shards or workers or 1, workers, scheduler)
