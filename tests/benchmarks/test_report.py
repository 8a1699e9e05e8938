"""The table, the JSON and the conclusion of a run."""

import json

from rich.console import Console

from benchmarks import report
from benchmarks.claims import Line, Skipped

CLEARED = Line(claim="fast enough", value=0.4, unit="s", at_most=0.7)
MISSED = Line(claim="too slow", value=0.9, unit="s", at_most=0.7, note="on a bad day")
PLAIN = Line(claim="beside it", value=2, unit="s")


def test_the_conclusion_names_each_missed_bar() -> None:
    """What was measured and what was asked for are said in words."""
    cleared, told = report.conclusion([CLEARED, MISSED, PLAIN])

    assert not cleared
    assert told == "1 of 2 bars are missed: too slow: 0.9 s, the bar is <= 0.7 s"


def test_a_run_without_a_missed_bar_is_cleared() -> None:
    """Lines without a bar don't count."""
    assert report.conclusion([CLEARED, PLAIN]) == (True, "all 1 bars are cleared")


def test_the_table_shows_claim_figure_bar_mark_and_note() -> None:
    """A missed bar stands out in its own column."""
    console = Console(width=120)
    with console.capture() as shown:
        console.print(report.table([MISSED]))

    cells = [cell.strip() for cell in shown.get().splitlines()[3].strip("│").split("│")]
    assert cells == ["too slow", "0.9 s", "<= 0.7 s", "NOT", "on a bad day"]


def test_the_results_hold_every_line_and_every_skipped_row() -> None:
    """Whoever compares two runs needs no table."""
    read = json.loads(report.results([CLEARED, PLAIN], [Skipped("memory", "wrk is absent")]))

    assert [(line["claim"], line["kept"]) for line in read["lines"]] == [
        ("fast enough", True),
        ("beside it", None),
    ]
    assert read["skipped"] == [{"row": "memory", "reason": "wrk is absent"}]
    assert {"system", "processors", "python", "load"} == set(read["machine"])


def test_the_markdown_has_the_same_table_and_says_what_was_skipped() -> None:
    """It goes into the documentation as it is."""
    written = report.markdown([MISSED], [Skipped("memory", "wrk is absent")])

    assert "| too slow | 0.9 s | <= 0.7 s | NOT | on a bad day |\n" in written
    assert written.endswith("\nSkipped memory: wrk is absent.\n")
