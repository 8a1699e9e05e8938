"""The command: which probes run, and with which exit status it ends."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from benchmarks.claims import AbsentError
from tests.abuse import page
from tests.abuse.probes import PROBES
from tests.abuse.rows import FULL, HEAD, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.abuse.rows import Row

WIDTH = 150


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(PROBES)), help="Run this; may be repeated.")
@click.option("--minutes", type=click.FloatRange(min=0.1), help="Hold each load this long; 10 by default.")
@click.option("--sample", is_flag=True, help="Try little, as `make check` does, and leave the page alone.")
def main(*, only: "Sequence[str]", minutes: float | None, sample: bool) -> None:
    """Try to break usagetwin, and write docs/reliability.md. Exit status 1 when something did not hold."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    effort = SAMPLE if sample else FULL
    if minutes is not None:
        load_s = 60 * minutes
        effort = replace(effort, load_s=load_s, kill_every_s=min(effort.kill_every_s, load_s / 4))
    held = True
    for name in only or PROBES:
        console.print(f"trying {name}", style="dim")
        try:
            rows = PROBES[name](effort)
        except AbsentError as error:
            console.print(f"skipped {name}: {error}", markup=False)
            continue
        console.print(_table(rows))
        held = held and all(row.kept for row in rows)
        if not sample:
            words = page.PAGE.read_text(encoding="utf-8")
            page.PAGE.write_text(page.written(words, name, rows), encoding="utf-8")
    console.print("all held" if held else "not all held: NOT marks what did not")
    sys.exit(0 if held else 1)


def _table(rows: "Sequence[Row]") -> Table:
    made = Table(*HEAD)
    for row in rows:
        made.add_row(*row.cells, style=None if row.kept else "bold red")
    return made


if __name__ == "__main__":
    main()
