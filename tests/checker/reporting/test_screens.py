"""What a person sees of a whole check, on a terminal of 80 columns and in a CI log: at most 25 lines of it.

The target is somebody else's server, which makes many other choices than the twin; little is known of it.
"""

import io
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from rich.console import Console

from tests.checker.somebody import CHOICES, URL, checked_as_a_stranger
from tests.sampling import sampled
from usagetwin_checker.findings import Verdict
from usagetwin_checker.reporting.terminal import on_terminal

if TYPE_CHECKING:
    from usagetwin_checker.running.report import Report

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
COLUMNS: Final = 80
MOST: Final = 25
BUGS: Final = {
    "rolling-of-31-days": "rolling-30d-sums",
    "monthly-misses-the-last-day": "monthly-sums",
    "month-to-date-resets-a-day-late": "month-to-date-sums",
}
FIRST: Final = next(iter(BUGS))


@cache
def report_of(*faults: str) -> "Report":
    """Check the server, with these faults beside its choices."""
    return checked_as_a_stranger(*faults, *CHOICES, keys=("mobile", "checkout"))


def screen(report: "Report", *, terminal: bool) -> list[str]:
    """Give the lines that a terminal, or a log, is sent."""
    out = io.StringIO()
    console = Console(
        file=out, width=COLUMNS, force_terminal=terminal, color_system=None, legacy_windows=False, emoji=False
    )
    on_terminal(report, console)
    return out.getvalue().splitlines()


def height(lines: list[str]) -> int:
    """Count the lines of a screen; what is too long for one goes on in the next."""
    return sum(max(1, math.ceil(len(line) / COLUMNS)) for line in lines)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("fault", sampled(["", *BUGS], [""]))
def test_a_screen_is_enough(fault: str, terminal: bool) -> None:  # noqa: FBT001 -- a table
    """A correct server, or one with a bug, and its other choices: all fits, the verdict last."""
    faults = tuple(filter(None, [fault]))
    lines = screen(report_of(*faults), terminal=terminal)

    assert height(lines) <= MOST, "\n".join(lines)
    last = " ".join(" ".join(lines).split()).rpartition(f"{report_of(*faults).verdict} {URL}: ")[2]
    assert re.fullmatch(
        r"\d+ rules held, \d broken, \d+ differ, \d+ not applicable, \d+ not judged; "
        r"\d+ requests in [\d.]+ s \(seed 0\)",
        last,
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_a_correct_server_passes_in_few_words(terminal: bool) -> None:  # noqa: FBT001 -- a table
    """Nothing is called broken, and its choices have one paragraph."""
    report = report_of()
    lines = screen(report, terminal=terminal)

    assert report.verdict is Verdict.PASS
    assert lines[0].startswith("differs: ")
    assert "failure" not in " ".join(lines)
    assert "0 broken" in " ".join(lines)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("fault", sampled(BUGS, [FIRST]))
def test_one_bug_is_the_first_thing_seen(fault: str, terminal: bool) -> None:  # noqa: FBT001 -- a table
    """It stands at the head, in full, and the choices are counted alone."""
    report = report_of(fault)
    lines = screen(report, terminal=terminal)

    assert report.verdict is Verdict.FAIL
    assert lines[0].startswith(f"failure {BUGS[fault]} (")
    assert sum(line.startswith("failure ") for line in lines) == 1
    assert sum(line.startswith("  $ curl ") for line in lines) == 2
    assert re.search(r" should be [^.]+, and is \d+: \d+ too (many|few)", " ".join(" ".join(lines).split()))
    (choices,) = [line for line in lines if line.startswith("differs: ")]
    assert re.fullmatch(r"differs: \d+ choices that the contract leaves open \(--verbose\)", choices)


def test_a_log_has_a_line_for_each_record() -> None:
    """No line goes on in the next: each begins a record, or is a part of a finding."""
    starts = ("failure ", "differs: ", "not judged: ", "fail ", "  ")

    assert all(not line or line.startswith(starts) for line in screen(report_of(FIRST), terminal=False))
