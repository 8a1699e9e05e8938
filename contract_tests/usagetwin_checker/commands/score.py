"""The command `usagetwin score`: the checker against each fault."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from usagetwin.commands.files import refuse_taken, refuse_unwritable, write_or_say
from usagetwin.commands.signals import Stop
from usagetwin.errors import SettingError
from usagetwin_checker.commands.html_option import html_option, refuse_html, write_html
from usagetwin_checker.commands.shard_options import place_of, place_options
from usagetwin_checker.reporting.scores import HEADS, as_markdown, rows, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.running.score import Outcome
    from usagetwin_checker.running.shards.places import Place


@click.command()
@click.argument("names", nargs=-1, metavar="[FAULT]...")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of what is drawn by chance.")
@click.option(
    "--budgets",
    is_flag=True,
    help="Measure at 20, 40, 60, 120, 250 and 1000 requests, in runs of their own: several times as long.",
)
@click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write the table here as well."
)
@place_options
@html_option
def score(  # noqa: PLR0913 -- one argument for each option
    *,
    names: tuple[str, ...],
    seed: int,
    budgets: bool,
    markdown: Path | None,
    workers: int | None,
    scheduler: str | None,
    html_file: Path | None,
) -> None:
    """Run the checker against each fault, or those named: killed or missed, by which rule, at what cost.

    Exit status: 0 when all were killed, 1 otherwise; 130, 143 or 129 where SIGINT, SIGTERM or SIGHUP
    ended it, with the table of the faults until then.
    """
    from rich.console import Console

    from usagetwin_checker.running.drawing import require_hypothesis

    require_hypothesis()
    console = Console()
    refuse_taken({"--markdown": markdown, "--html": html_file})
    if markdown is not None:
        refuse_unwritable(markdown, "--markdown")
    refuse_html(html_file)
    chosen = list(_chosen(names))
    with Stop() as stop:
        with place_of(workers, scheduler) as place:
            results = _until_stopped(chosen, stop, console, seed, budgets=budgets, place=place)
        _publish(results, stop, console, markdown, html_file)
    sys.exit(stop.status or (0 if all(result.killed for result in results) else 1))


def _until_stopped(  # noqa: PLR0913 -- what makes a measurement
    chosen: "Sequence[tuple[Deviation, bool]]",
    stop: "Stop",
    console: "Console",
    seed: int,
    *,
    budgets: bool,
    place: "Place",
) -> "list[Outcome]":
    """Give the outcome of each fault whose runs were not interrupted."""
    from usagetwin_checker.running.score import BUDGETS, outcomes

    started = outcomes(
        chosen,
        lambda name: console.print(f"[dim]{name}[/]", highlight=False),
        seed,
        budgets=BUDGETS if budgets else (),
        started=lambda campaign: stop.calls(campaign.interrupt),
        place=place,
        stopped=lambda: stop.name is not None,
    )
    results = []
    for outcome in started:
        if stop.name is not None:
            break
        results.append(outcome)
    return results


def _publish(
    results: "Sequence[Outcome]",
    stop: "Stop",
    console: "Console",
    markdown: "Path | None",
    html_file: "Path | None",
) -> None:
    """Write the table to its files first, then print it."""
    from usagetwin_checker.reporting.page.score_page import score_page
    from usagetwin_checker.reporting.screen import rows as table
    from usagetwin_checker.reporting.screen import say

    if stop.name is None:
        ended = []
    else:
        told = f"{len(results)} fault{'s' * (len(results) != 1)}"
        ended = [f"interrupted after {told} ({stop.name}): this is the table until then"]
    if markdown is not None:
        write_or_say(markdown, as_markdown(results, ended), "the table")
    write_html(html_file, lambda: score_page(results, ended))
    table(console, HEADS, rows(results), f"faults tried: {len(results)}")
    for line in [*summary(results), *ended]:
        say(console, line)


def _chosen(names: "Sequence[str]") -> "Iterator[tuple[Deviation, bool]]":
    from usagetwin.deviations import faults as all_faults
    from usagetwin.deviations.held_out import FAULTS
    from usagetwin.errors import nearby

    known = all_faults()
    for name in names:
        if name not in known:
            problem = f"there is no fault {name!r}"
            raise SettingError(problem, nearby(name, known))
    held = {fault.name for fault in FAULTS}
    for name, fault in known.items():
        if not names or name in names:
            yield fault, name in held
