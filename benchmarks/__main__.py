"""The command: which rows are measured, for how long, and with which exit status it ends."""

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console

from benchmarks import (
    budgets,
    checking,
    faults,
    fleet,
    fuzzing,
    holding,
    memory,
    mocks,
    plugin,
    proxying,
    report,
    startup,
    throughput,
    window,
)
from benchmarks.claims import AbsentError, MeasureError, Skipped
from benchmarks.places import ROOT, work_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.claims import Line

WIDTH: Final = 150
PAGES: Final = {
    "budgets": ROOT / "docs" / "live.md",
    "fleet": ROOT / "docs" / "scale.md",
}  # which have the table of a row


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a run measures."""

    pace: throughput.Pace
    starts: int
    times: int
    requests: int
    examples: int
    sample: faults.Sample
    checks: int
    plugin_starts: int
    asked: int
    budgets: budgets.Effort


FULL: Final = Effort(
    throughput.Pace(rounds=7, seconds=4),
    starts=11,
    times=51,
    requests=1_000_000,
    examples=1_000,
    sample=faults.Sample(30, 5, examples=50),
    checks=3,
    plugin_starts=31,
    asked=500,
    budgets=budgets.Effort(seeds=10, every=1),
)
QUICK: Final = Effort(
    throughput.Pace(rounds=3, seconds=2),
    starts=5,
    times=11,
    requests=100_000,
    examples=100,
    sample=faults.Sample(6, 1, examples=20),
    checks=1,
    plugin_starts=7,
    asked=100,
    budgets=budgets.Effort(seeds=2, every=40),
)

ROWS: "Final[dict[str, Callable[[Effort], list[Line]]]]" = {
    "repeated": lambda effort: throughput.repeated_query(effort.pace),
    "unrepeated": lambda effort: throughput.unrepeated_queries(effort.pace),
    "stage": lambda effort: throughput.stage_on_and_off(effort.pace),
    "fleet": lambda effort: fleet.scaling(replace(effort.pace, seconds=effort.pace.seconds // 2)),
    "log": lambda effort: throughput.logged(effort.pace),
    "startup": lambda effort: startup.first_answer(effort.starts),
    "refusal": lambda effort: startup.first_refusal(effort.starts),
    "window": lambda effort: window.wide_window(effort.times),
    "holding": lambda effort: holding.longest_waits(effort.checks),
    "memory": lambda effort: memory.resident_memory(effort.requests, effort.pace.seconds),
    "schemathesis": lambda effort: fuzzing.schemathesis_failures(effort.examples),
    "budgets": lambda effort: budgets.noticed_within(effort.budgets),
    "faults": lambda effort: faults.fault_finding(effort.sample),
    "mocks": lambda _effort: mocks.generic_mocks(),
    "checker": lambda effort: checking.checker_speed(effort.checks),
    "plugin": lambda effort: plugin.plugin_cost(effort.plugin_starts, effort.asked),
    "prism-proxy": lambda _effort: proxying.prism_violations(),
}


@click.command()
@click.option(
    "--only", multiple=True, type=click.Choice(list(ROWS)), help="Measure this row; may be repeated."
)
@click.option("--quick", is_flag=True, help="Measure less: for trying it out, not for quoting.")
@click.option("--all-faults", is_flag=True, help="Serve every fault and variation, not a sample of them.")
def main(*, only: "Sequence[str]", quick: bool, all_faults: bool) -> None:
    """Measure what usagetwin claims. Exit status 1 when a bar is missed or a row fails, 0 otherwise."""
    effort = QUICK if quick else FULL
    if all_faults:
        effort = replace(effort, sample=replace(effort.sample, faults=None, variations=None))
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    lines: list[Line] = []
    skipped: list[Skipped] = []
    failed: list[str] = []
    for name in only or ROWS:
        console.print(f"measuring {name}", style="dim")
        try:
            measured = ROWS[name](effort)
            lines += measured
            if name in PAGES and not quick:
                page = PAGES[name].read_text(encoding="utf-8")
                table = report.markdown(measured, ())
                PAGES[name].write_text(report.placed(page, name, table), encoding="utf-8")
        except AbsentError as error:
            skipped.append(Skipped(name, str(error)))
        except MeasureError as error:
            failed.append(f"no figure for {name}: {error}")
    console.print(report.table(lines))
    for row in skipped:
        console.print(f"skipped {row.row}: {row.reason}")
    work_file("results.json").write_text(report.results(lines, skipped), encoding="utf-8")
    work_file("results.md").write_text(report.markdown(lines, skipped), encoding="utf-8")
    cleared, told = report.conclusion(lines)
    console.print("\n".join([*failed, told]), markup=False)
    sys.exit(0 if cleared and not failed else 1)


if __name__ == "__main__":
    main()
