"""The command `usagetwin demo`: a right answer, a fault, and the finding that names it, in one process."""

from datetime import date
from typing import TYPE_CHECKING, Final

import click

from usagetwin.days import first_of_month, from_date, start_of, to_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console

    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.running.report import Report

    Numbers = Mapping[int, tuple[int, ...]]  # of each day, its value in every view

NOW: Final = "2026-03-17T15:20:00Z"
DAYS: Final = range(from_date(date(2026, 2, 26)), from_date(date(2026, 3, 4)))  # a month turns among them
VIEWS: Final = ("incremental", "month_to_date", "rolling_30d")
FAULT: Final = "month-to-date-resets-a-day-late"


@click.command()
def demo() -> None:
    """Show a right answer, then a fault, then the finding that names it; takes a few seconds."""
    from rich.console import Console

    console = Console(emoji=False, highlight=False)
    _answer(console)
    _finding(console)
    _next(console)


def numbers() -> "Numbers":
    """Ask an honest twin for the same days in every view."""
    from usagetwin_checker.running.twin import twin

    target, _ = twin(now=NOW)
    try:
        series = [target.send(ask_for(view)).document["series"] for view in VIEWS]
    finally:
        target.close()
    times = [point["time"] // 1000 for point in series[0]]
    return {day: tuple(points[times.index(start_of(day))]["0"] for points in series) for day in DAYS}


def ask_for(view: str) -> "Ask":
    """Give the request for the days in one view."""
    from usagetwin_checker.exchanges import Ask

    window = (("from", str(start_of(DAYS.start))), ("to", str(start_of(DAYS.stop))))
    return Ask((("aggregationType", view), *window))


def table(found: "Numbers", width: int) -> list[str]:
    """Give a row for each day; where the screen is too narrow for rows, a line for each value."""
    head = _row("day", VIEWS)
    if len(head) <= width:
        return [head, *(_row(str(to_date(day)), map(_count, values)) for day, values in found.items())]
    return [
        line
        for day, values in found.items()
        for line in (str(to_date(day)), *map(" {:<14}{:>8}".format, VIEWS, map(_count, values)))
    ]


def sums(found: "Numbers") -> "Iterator[str]":
    """Say how each month_to_date of a day comes from the day before, or starts again."""
    for day in DAYS[1:]:
        alone, month_to_date, _ = found[day]
        if day == first_of_month(day):
            yield f"{to_date(day)}: {_count(month_to_date)} = {_count(alone)}, as a month begins"
        else:
            yield f"{to_date(day)}: {_count(month_to_date)} = {_count(found[day - 1][1])} + {_count(alone)}"


def broken() -> "Report":
    """Check a twin that shows the fault, with requests that are planned: none is drawn by chance."""
    from usagetwin_checker.running.campaign import BUDGET, Campaign
    from usagetwin_checker.running.report import Options
    from usagetwin_checker.running.twin import twin

    target, known = twin(now=NOW, deviation=FAULT)
    options = Options(known, strict=True, budget=BUDGET, max_examples=0)
    try:
        return Campaign(target, options, lambda _sent, _of: None).run()
    finally:
        target.close()


def _answer(console: "Console") -> None:
    from usagetwin.settings import DEFAULT_WORLD

    found = numbers()
    _title(console, "1. A right answer")
    _say(
        console,
        "A twin of LaunchDarkly's usage API answers in this process, as the account "
        f"{DEFAULT_WORLD} does at {NOW}. It is asked for the sessions of six days:",
    )
    _lines(console, f"  GET {ask_for(VIEWS[0]).target}")
    _say(console, "and for the same days in the two other views. It answers:")
    _lines(console, "", *(f"  {line}" for line in table(found, console.width - 2)), "")
    _say(
        console,
        "incremental counts the day alone, month_to_date all days since the first of the month, rolling_30d "
        "the day and the 29 before it. One ledger is behind all three, so they fit. For month_to_date:",
    )
    _lines(console, *(f"  {line}" for line in sums(found)))


def _finding(console: "Console") -> None:
    from usagetwin.deviations import deviation
    from usagetwin_checker.reporting.terminal import finding_on_terminal

    _title(console, f"2. A fault: {FAULT}")
    _say(console, f"Now the twin is broken on purpose. {deviation(FAULT).about}")
    report = broken()
    _title(console, "3. The finding that names it")
    _say(
        console,
        f"The checker knows nothing of the fault. After {report.requests} requests its verdict is "
        f"{report.verdict}. Each answer keeps the documented schema, but no account can have given them all:",
    )
    for finding in report.findings:
        finding_on_terminal(finding, report, console)


def _next(console: "Console") -> None:
    _title(console, "What to run next")
    for command, purpose in (
        ("usagetwin serve", "serves the twin on http://127.0.0.1:8080 until Ctrl-C"),
        ("usagetwin check http://127.0.0.1:8080", "checks, from a second terminal, what you serve"),
        (
            f"usagetwin serve --now {NOW} --fault {FAULT}",
            "serves the broken twin, for the curl commands above from a second terminal",
        ),
        ("pytest", "in your own project: answers its tests that take the fixture usage_twin"),
    ):
        _lines(console, f"  $ {command}")
        _say(console, f"    {purpose}")


def _title(console: "Console", text: str) -> None:
    console.print(f"\n{text}\n", style="bold", markup=False)


def _say(console: "Console", text: str) -> None:
    """Print prose, which wraps between words."""
    console.print(text, markup=False)


def _lines(console: "Console", *lines: str) -> None:
    """Print lines that are copied or read in columns: nothing is put into them, and nothing cut off."""
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _row(first: str, cells: "Iterable[str]") -> str:
    return f"{first:<10}" + "".join(f"{cell:>15}" for cell in cells)


def _count(value: int) -> str:
    return f"{value:,}"
