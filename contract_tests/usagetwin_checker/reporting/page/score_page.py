"""What the page of a score shows: how many faults were killed, the missed ones first, each with its cost."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.reporting.page.charts import Chart, Table
from usagetwin_checker.reporting.page.document import rendered
from usagetwin_checker.reporting.scores import HEADS, rows, summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.running.score import Outcome, Run

ENDS: Final = {  # of what became of a fault, its colour
    "killed by a rule that it names": "--good",
    "killed by another rule": "--open",
    "missed": "--bad",
}
BY_BUDGET: Final = (
    "Of a hundred faults, how many are killed by so many requests; "
    "in default mode, of those that break a rule of tier schema or prose."
)
MODES: Final = (("strict", "solid"), ("default", "dot"))


def score_page(results: "Sequence[Outcome]", ended: "Sequence[str]" = ()) -> str:
    """Write a score as a page; `ended` says what ended the runs before their end."""
    sets = {
        "known": [each for each in results if not each.held_out],
        "held out": [each for each in results if each.held_out],
    }
    kills = _kills_chart(sets) if results else None
    budgets = _budgets_chart(sets) if any(len(each.strict) > 1 for each in results) else None
    table = tuple(rows(results))
    return rendered(
        "score.html",
        [chart for chart in (kills, budgets) if chart is not None],
        killed=sum(each.killed for each in results),
        tried=len(results),
        lines=tuple(summary(results)),
        ended=ended,
        kills=kills,
        budgets=budgets,
        missed=[each for each in results if not each.killed],
        faults=Table(HEADS, table),
    )


def _kills_chart(sets: "Mapping[str, Sequence[Outcome]]") -> Chart:
    present = {which: part for which, part in sets.items() if part}
    counts = {
        name: [sum(_end_of(each) == name for each in part) for part in present.values()] for name in ENDS
    }
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": list(present),
            "x": counts[name],
            "marker": {"color": colour},
        }
        for name, colour in ENDS.items()
    ]
    table = Table(
        ("set", *counts),
        tuple((which, *(counts[name][index] for name in counts)) for index, which in enumerate(present)),
    )
    layout = {
        "barmode": "stack",
        "showlegend": True,
        "hovermode": "y unified",
        "yaxis": {"autorange": "reversed", "type": "category"},
    }
    return Chart(
        "kills", "How many faults of each set were killed in strict mode.", traces, table, layout, "low"
    )


def _end_of(outcome: "Outcome") -> str:
    killed = "killed by a rule that it names" if outcome.named else "killed by another rule"
    return killed if outcome.killed else "missed"


def _budgets_chart(sets: "Mapping[str, Sequence[Outcome]]") -> Chart:
    """Give a line for each set and mode: of a hundred faults, how many so many requests kill."""
    traces: list[dict[str, Any]] = []
    cells: list[tuple[str | int | float, ...]] = []
    for number, (which, part) in enumerate(sets.items()):
        for mode, dash in MODES:
            runs: list[Mapping[int, Run]] = [each for each in map(attrgetter(mode), part) if each]
            if not runs:
                continue
            killed = {budget: sum(run[budget].killed for run in runs) for budget in sorted(runs[0])}
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": f"{which}, {mode} mode",
                    "x": list(killed),
                    "y": [round(100 * kills / len(runs), 1) for kills in killed.values()],
                    "line": {"color": f"--c{number}", "dash": dash},
                }
            )
            cells += [(which, mode, budget, kills, len(runs)) for budget, kills in killed.items()]
    return Chart(
        "budgets",
        BY_BUDGET,
        traces,
        Table(("set", "mode", "requests", "killed", "of"), tuple(cells)),
        {
            "showlegend": True,
            "xaxis": {"type": "log", "title": {"text": "requests"}},
            "yaxis": {"range": [0, 101], "title": {"text": "killed of 100"}},
        },
    )
