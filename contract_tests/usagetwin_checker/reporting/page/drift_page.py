"""What the page of a drift shows: what moved, by kind, what would follow it, what is left for a person."""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.drifting.behaviour import Move
from usagetwin_checker.drifting.changes import Kind
from usagetwin_checker.reporting.drift import BADGES
from usagetwin_checker.reporting.drift_forms import printable
from usagetwin_checker.reporting.page.charts import Chart, Table
from usagetwin_checker.reporting.page.document import rendered

if TYPE_CHECKING:
    from usagetwin_checker.reporting.drift import DriftReport

MOST_TICKS: Final = 10
COLOURS: Final = {"broken": "--bad", "held": "--good", "differs": "--open", "unconfirmed": "--rest"}


def drift_page(report: "DriftReport") -> str:
    """Write a drift as a page."""
    chart = _chart(report) if report.items else None
    diff = "\n".join(map(printable, report.patch.diff().splitlines()))
    return rendered("drift.html", [] if chart is None else [chart], report=report, chart=chart, diff=diff)


def _chart(report: "DriftReport") -> Chart:
    kinds: tuple[Kind | Move, ...] = tuple(Kind if report.of == "document" else Move)
    counts = [sum(item.kind == kind for item in report.items) for kind in kinds]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [str(kind) for kind in kinds],
        "x": counts,
        "marker": {"color": [COLOURS[BADGES[kind]] for kind in kinds]},
    }
    table = Table(("kind", "how many"), tuple(zip(map(str, kinds), counts, strict=True)))
    layout = {
        "xaxis": {"tick0": 0, "dtick": max(counts) // MOST_TICKS + 1},
        "yaxis": {"autorange": "reversed", "type": "category"},
    }
    return Chart("kinds", "How much moved, by what it means.", [trace], table, layout, "low")
