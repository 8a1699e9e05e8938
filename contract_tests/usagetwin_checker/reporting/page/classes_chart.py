"""The chart of what was asked: how many requests of the plan had each class of values."""

from typing import TYPE_CHECKING

from usagetwin_checker.reporting.page.charts import Chart, Table, as_text

if TYPE_CHECKING:
    from usagetwin_checker.asking.covered import Covered


def classes_chart(covered: "Covered") -> Chart:
    """Give a bar for each class: the ordinary ones in one colour, and what is unusual in another."""
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": [f"{as_text(each.factor)}: {as_text(each.level)}" for each in part],
            "y": [each.requests for each in part],
            "marker": {"color": colour},
        }
        for name, colour, part in (
            ("ordinary", "--c0", [each for each in covered.classes if not each.unusual]),
            ("unusual", "--c1", [each for each in covered.classes if each.unusual]),
        )
    ]
    rows = tuple(
        (each.factor, each.level, "unusual" if each.unusual else "ordinary", each.requests)
        for each in covered.classes
    )
    missing = sum(not each.requests for each in covered.classes)
    note = (
        f"{missing} of {len(rows)} classes were not asked for." if missing else "Every class was asked for."
    )
    return Chart(
        "classes",
        "How many requests of the plan had each class of values.",
        traces,
        Table(("factor", "class", "which is", "requests"), rows, note),
        {"showlegend": True, "hovermode": "closest", "xaxis": {"showticklabels": False}},
    )
