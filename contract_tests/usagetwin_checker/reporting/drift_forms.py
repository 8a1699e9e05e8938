"""How a drift is written: for a person, and as JSON. The patch comes last of what moved, then the verdict."""

import json
from typing import TYPE_CHECKING, Final

from usagetwin import __version__
from usagetwin.errors import readable
from usagetwin_checker.reporting.screen import copied, say

if TYPE_CHECKING:
    from rich.console import Console

    from usagetwin_checker.reporting.drift import DriftReport

FORMAT: Final = "urn:usagetwin:drift:1"
COLOURS: Final = {"broken": "red", "held": "green", "differs": "yellow", "unconfirmed": "blue"}
MOST_RULES: Final = 6  # that are named on a terminal


def drift_as_json(report: "DriftReport") -> str:
    """Write it with all that is known of each change."""
    patch = report.patch
    document = {
        "format": FORMAT,
        "usagetwin": __version__,
        "of": report.of,
        "older": report.older,
        "newer": report.newer,
        "drift": report.drifted,
        **report.facts,
        "notes": list(report.notes),
        "patch": {
            "diff": patch.diff(),
            "files": list(patch.changed),
            "left": list(patch.left),
            "none": patch.none or None,
            "applied": report.applied,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def printable(line: str) -> str:
    """Give a line of a patch, which may quote somebody else's document, without control characters."""
    return "".join(char if char.isprintable() or char == "\t" else repr(char)[1:-1] for char in line)


def drift_on_terminal(report: "DriftReport", console: "Console") -> None:
    """Print what moved, what is left for a person, the patch, and the verdict as the last line."""
    for item in report.items:
        say(console, f" {readable(item.about)}", lead=str(item.kind), style=f"bold {COLOURS[item.badge]}")
        for line in item.details:
            say(console, f"  {readable(line)}")
        if item.rules:
            more = len(item.rules) - MOST_RULES
            named = ", ".join(item.rules[:MOST_RULES])
            say(console, f"  rules {named}{f' and {more} more' if more > 0 else ''}")
    for note in report.notes:
        say(console, readable(note), style="dim")
    patch = report.patch
    for line in patch.left:
        say(console, f" {readable(line)}", lead="left for a person:", style="yellow")
    if patch.none:
        say(console, f" {readable(patch.none)}", lead="no patch:", style="yellow")
    if patch.changed:
        say(console, f"{'applied' if report.applied else 'proposed'}: {', '.join(patch.changed)}")
        for line in patch.diff().splitlines():
            copied(console, printable(line))
    say(console, readable(report.verdict), style="bold red" if report.drifted else "bold green")
