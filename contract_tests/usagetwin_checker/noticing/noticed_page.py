"""What the page of blind spots shows: first what nobody noticed, then what broke without reason, then all."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.deviations import deviation, faults
from usagetwin_checker.noticing.words import TESTS, Words, counted
from usagetwin_checker.reporting.page.charts import Chart, Table, as_text
from usagetwin_checker.reporting.page.document import rendered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.noticing.noticed import Noticed
    from usagetwin_checker.reporting.page.charts import Row

FAULT: Final = "fault"
VARIATION: Final = "legal variation"
RESULTS: Final = {  # of each, the colour of its bars
    "not noticed": "--bad",
    "noticed": "--good",
    "broke something": "--open",
    "harmless": "--c0",
    "never shown": "--grid",
    "unknown": "--rest",
}
MOST_TESTS: Final = 60  # in the chart of all tests; the table has the counts of all
MOST_FAILURES: Final = 20  # that are told of one deviation
OF_TESTS: Final = (
    "Each test under each fault and legal variation: grey where it got the same answers, "
    "blue where it passed with others, orange where it failed."
)
CELLS: Final = {"not shown": 0, "passed": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one deviation: its result, how many were shown it, and who failed with what."""

    name: str
    kind: str
    about: str
    rules: tuple[str, ...]
    result: str
    shown: int
    failures: tuple[str, ...]
    again: str

    @property
    def row(self) -> "Row":
        """Give it as the table has it."""
        first = self.failures[0] if self.failures else ""
        return self.name, self.kind, self.result, self.shown, len(self.failures), first


def noticed_page(
    noticed: "Noticed",
    names: "Sequence[str]",
    words: Words = TESTS,
    problems: "Mapping[str, str] | None" = None,
) -> str:
    """Write what was noticed as a page; `problems` say of what nothing is known, and why."""
    found = [_became(name, noticed, words, problems or {}) for name in names]
    results = _results_chart(found) if noticed.tests else None
    tests = _tests_chart(noticed, names) if len(noticed.tests) > 1 and names else None
    of_kind = Counter(each.kind for each in found)
    began = (
        f"{words.began(len(noticed.tests))}, with {counted(of_kind[FAULT], FAULT)} "
        f"and {counted(of_kind[VARIATION], VARIATION)}."
    )
    return rendered(
        "blind-spots.html",
        [chart for chart in (results, tests) if chart is not None],
        words=words,
        began=began if noticed.tests else words.nothing_known,
        unrepeatable=tuple(f"{test}: {reason}" for test, reason in noticed.unrepeatable.items()),
        with_subtests=tuple(noticed.with_subtests),
        problems=problems or {},
        blind=[each for each in found if each.result == "not noticed"],
        brittle=[each for each in found if each.result == "broke something"],
        counted=counted,
        results=results,
        tests=tests,
        every=Table(
            ("name", "kind", "result", "shown to", "failed", "first failure"),
            tuple(each.row for each in found),
        ),
        most=MOST_FAILURES,
    )


def _became(name: str, noticed: "Noticed", words: Words, problems: "Mapping[str, str]") -> Became:
    shown, failed = noticed.shown_to(name), noticed.failed_under(name)
    is_fault = name in faults()
    result = "unknown" if name in problems else "never shown"
    if shown:
        good, bad = ("noticed", "not noticed") if is_fault else ("broke something", "harmless")
        result = good if failed else bad
    return Became(
        name,
        FAULT if is_fault else VARIATION,
        deviation(name).about,
        tuple(deviation(name).rules),
        result,
        len(shown),
        tuple(words.failure(test, noticed.reason(test, name)) for test in failed),
        words.again(name),
    )


def _results_chart(found: "Sequence[Became]") -> Chart:
    numbers = Counter((each.kind, each.result) for each in found)
    kinds = [kind for kind in (FAULT, VARIATION) if any(each.kind == kind for each in found)]
    present = [result for result in RESULTS if any(each.result == result for each in found)]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": result,
            "y": [f"{kind}s" for kind in kinds],
            "x": [numbers[kind, result] for kind in kinds],
            "marker": {"color": RESULTS[result]},
        }
        for result in present
    ]
    cells: list[Row] = [(f"{kind}s", *(numbers[kind, result] for result in present)) for kind in kinds]
    layout = {
        "barmode": "stack",
        "showlegend": True,
        "hovermode": "y unified",
        "yaxis": {"autorange": "reversed", "type": "category"},
    }
    table = Table(("kind", *present), tuple(cells))
    return Chart("results", "What became of the faults and legal variations.", traces, table, layout, "low")


def _tests_chart(noticed: "Noticed", names: "Sequence[str]") -> Chart:
    """Give a field for each test and deviation: whether the test got another answer, and failed."""
    tests = list(noticed.tests)[:MOST_TESTS]
    shown = {test: noticed.tests[test] for test in tests}
    cells = {
        test: [
            "not shown" if name not in shown[test] else "failed" if shown[test][name] else "passed"
            for name in names
        ]
        for test in tests
    }
    trace = {
        "type": "heatmap",
        "x": list(names),
        "y": [as_text(test) for test in tests],
        "z": [[CELLS[cell] for cell in cells[test]] for test in tests],
        "text": list(cells.values()),
        "hoverinfo": "x+y+text",
        "zmin": 0,
        "zmax": 2,
        "colorscale": [[0, "--grid"], [0.5, "--c0"], [1, "--open"]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    rows = tuple((test, *cells[test]) for test in tests)
    left_out = len(noticed.tests) - len(tests)
    note = f"{left_out} more tests are counted in the table of all." if left_out else ""
    layout = {
        "hovermode": "closest",
        "yaxis": {"autorange": "reversed", "type": "category", "tickmode": "array", "tickvals": []},
        "xaxis": {"type": "category", "showticklabels": False},
    }
    return Chart(
        "tests",
        OF_TESTS,
        [trace],
        Table(("test", *names), rows, note),
        layout,
        "high",
    )
