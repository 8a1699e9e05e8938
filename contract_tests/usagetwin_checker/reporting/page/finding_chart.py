"""The chart of a finding: the values that disagree, and what was said of the buckets around them."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.judging.oracle.words import bucket_name, filter_name
from usagetwin_checker.reporting.page.charts import Chart, Table, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.findings import Finding, Value
    from usagetwin_checker.reporting.neighbours import Seen

MOST_LINES: Final = 8  # views and filters in one chart; the table has no more either
MOST_SHOWN: Final = 40  # values of a finding
COLOURS: Final = tuple(f"--c{number}" for number in range(MOST_LINES))
SYMBOLS: Final = ("x", "diamond", "square", "triangle-up", "star", "cross", "hexagon", "bowtie")


def chart_of(name: str, finding: "Finding", near: "Sequence[Seen]") -> Chart | None:
    """Give the chart of a finding; None where it is about no values."""
    lines = sorted(
        {(value.view, value.keys) for value in finding.shown}, key=lambda line: (line[0], sorted(line[1]))
    )[:MOST_LINES]
    shown = [value for value in finding.shown if (value.view, value.keys) in lines][:MOST_SHOWN]
    near = [seen for seen in near if (seen.view, seen.keys) in lines]
    if not shown:
        return None
    requests = {exchange.number: index for index, exchange in enumerate(finding.conversation, start=1)}
    traces = []
    for line, colour, symbol in zip(lines, COLOURS, SYMBOLS, strict=False):
        around = [seen for seen in near if (seen.view, seen.keys) == line]
        if around:
            traces.append(_around(around, colour))
        traces.append(
            _disagreeing([value for value in shown if (value.view, value.keys) == line], colour, symbol)
        )
    left_out = len(finding.shown) - len(shown)
    note = f"{left_out} more values are in the report as JSON (--json)." if left_out else ""
    table = Table(("view", "bucket", "projects", "value", "from"), tuple(_rows(shown, near, requests)), note)
    return Chart(
        name,
        "The values that disagree, marked, and what was said of the buckets around them.",
        traces,
        table,
        {"showlegend": True, "xaxis": {"type": "date"}},
    )


def _name(view: str, keys: "frozenset[str]") -> str:
    return f"{view} of {as_text(filter_name(keys))}"


def _around(seen: "Sequence[Seen]", colour: str) -> dict[str, Any]:
    """Draw a dotted line through neighbours, past what disagrees and what nobody was told."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{_name(seen[0].view, seen[0].keys)}, around",
        "x": [_day(each) for each in seen],
        "y": [each.value for each in seen],
        "line": {"color": colour, "width": 1, "dash": "dot"},
        "marker": {"color": colour, "size": 5},
    }


def _disagreeing(values: "Sequence[Value]", colour: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{_name(values[0].view, values[0].keys)}, in question",
        "x": [_day(each) for each in values],
        "y": [each.value for each in values],
        "marker": {
            "color": colour,
            "size": 13,
            "symbol": symbol,
            "line": {"color": "--bad", "width": 2},
        },
    }


def _day(each: "Seen | Value") -> str:
    return bucket_name(each.view, each.bucket) + ("-01" if each.view == MONTHLY else "")


def _rows(
    shown: "Sequence[Value]", near: "Sequence[Seen]", requests: "dict[int, int]"
) -> "Iterator[tuple[str | int, ...]]":
    """Give the values in question, and among them in their order those around."""
    in_question = {(value.view, value.keys, value.bucket, value.value, value.number) for value in shown}
    beside = {(seen.view, seen.keys, seen.bucket, seen.value, seen.number) for seen in near}
    ordered = sorted(in_question | beside, key=lambda row: (row[0], sorted(row[1]), row[2], row[4]))
    for row in ordered:
        view, keys, bucket, value, number = row
        source = f"request {requests[number]}" if number in requests else "another answer"
        mark = f"{source}, in question" if row in in_question else source
        yield view, bucket_name(view, bucket), filter_name(keys), value, mark
