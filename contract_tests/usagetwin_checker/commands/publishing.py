"""What becomes of a report: its files first, then the terminal, then the server of CI that it runs on."""

from typing import TYPE_CHECKING, Final

import click

from usagetwin_checker.commands.report_files import write_reports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from usagetwin_checker.running.report import Report

EXIT: Final = {"pass": 0, "fail": 1, "inconclusive": 3}


def publish(
    report: "Report", console: "Console", files: "Mapping[str, Path | None]", *, verbose: bool
) -> None:
    """Write the report to its files first: the terminal, or who reads what is printed, may be gone."""
    from usagetwin_checker.reporting.github import annotations, runs_on_github, summarise
    from usagetwin_checker.reporting.terminal import on_terminal

    write_reports(report, files)
    on_terminal(report, console, verbose=verbose)
    if runs_on_github():
        summarise(report)
        for line in annotations(report):
            click.echo(line, err=console.stderr)
