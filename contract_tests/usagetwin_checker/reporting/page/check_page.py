"""What the page of a check shows, and in which order: verdict, findings, rules, coverage, document, course.

Rule: nothing is decided here that the report does not say.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import Tier
from usagetwin.days import iso
from usagetwin_checker.findings import BINDING, Ended, Severity, Status
from usagetwin_checker.reporting.course import coverage, stretches
from usagetwin_checker.reporting.explaining import sentence
from usagetwin_checker.reporting.neighbours import Neighbours
from usagetwin_checker.reporting.page.charts import Chart, Row, Table
from usagetwin_checker.reporting.page.classes_chart import classes_chart
from usagetwin_checker.reporting.page.conversation import conversation
from usagetwin_checker.reporting.page.course_chart import course_chart
from usagetwin_checker.reporting.page.document import rendered
from usagetwin_checker.reporting.page.finding_chart import chart_of
from usagetwin_checker.reporting.page.learned_table import learned_table
from usagetwin_checker.reporting.prose import judged
from usagetwin_checker.reporting.standing import counts, standings
from usagetwin_checker.running.report import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin.contract.citations import Quotation
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.reporting.standing import Standing
    from usagetwin_checker.running.report import Report

TIERS: Final = {
    Tier.SCHEMA: "what the OpenAPI document says",
    Tier.PROSE: "what LaunchDarkly's text says",
    Tier.OBSERVED: "documented or recorded elsewhere",
    Tier.CHOSEN: "decided here, where the contract leaves a choice",
}
COLOURS: Final = {
    Status.HELD: "--good",
    Status.BROKEN: "--bad",
    Status.DIFFERS: "--open",
    Status.NOT_APPLICABLE: "--grid",
    Status.NOT_JUDGED: "--rest",
}
PURPOSES: Final = {
    Phase.PROBE: "learn the target's current time",
    Phase.PLAN: "cover the table of factors",
    Phase.DRAW: "converse, as drawn by chance",
    Phase.CONFIRM: "ask again what was found",
    Phase.LEARN: "learn what the target chose",
}
ENDED: Final = {
    Ended.DONE: "all was asked",
    Ended.BUDGET: "the budget was spent",
    Ended.TIME: "the time was over",
    Ended.TARGET: "the target did not answer any more",
    Ended.BUSY: "the target answered 429, or asked to be left alone",
    Ended.UNCOUNTED: "the requests of the day could not be counted",
    Ended.SIGNAL: "a signal",
    Ended.RECORDING: "it is a recording, of which nothing was asked",
}
MOST_CHARTS: Final = 60  # of findings: the first ones; all have their table of points


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with all that its part of the page shows."""

    number: int
    finding: "Finding"
    severity: Severity
    here: str
    quotations: "tuple[Quotation, ...]"
    chart: Chart | None
    exchanges: tuple[Any, ...]


def check_page(report: "Report") -> str:
    """Write the report as a page."""
    found = list(standings(report))
    shown = list(_findings(report))
    rules = _rules_chart(found)
    covered = coverage(report)
    classes = classes_chart(covered) if covered.classes else None
    course = course_chart(report)
    charts = [rules, classes, course, *(each.chart for each in shown)]
    return rendered(
        "check.html",
        [chart for chart in charts if chart is not None],
        report=report,
        counted=counts(found),
        facts=tuple(_facts(report)),
        failures=[each for each in shown if each.severity is Severity.FAILURE],
        others=[each for each in shown if each.severity is not Severity.FAILURE],
        tiers=[
            (tier, about, [each for each in found if each.rule.tier is tier]) for tier, about in TIERS.items()
        ],
        rules=rules,
        course=course,
        stretches=_stretches(report),
        covered=covered,
        classes=classes,
        sentences=tuple(judged(found)),
        learned=None if report.lessons is None else learned_table(report.lessons),
    )


def _findings(report: "Report") -> "Iterator[Shown]":
    """Give what decides first, each with its chart as long as there are not too many."""
    neighbours = Neighbours(report)
    ordered = sorted(
        report.findings, key=lambda each: each.severity(strict=report.strict) is not Severity.FAILURE
    )
    for number, finding in enumerate(ordered, start=1):
        near = list(neighbours.of(finding)) if number <= MOST_CHARTS else []
        yield Shown(
            number,
            finding,
            finding.severity(strict=report.strict),
            sentence(finding.message),
            finding.rule.quotations,
            chart_of(f"finding-{number}", finding, near) if number <= MOST_CHARTS else None,
            tuple(conversation(finding, report)),
        )


def _facts(report: "Report") -> "Iterator[tuple[str, str]]":
    """Give what the run was, in pairs of a label and a value."""
    options = report.options
    yield "requests", f"{report.requests} of {report.budget} at most"
    if report.sent_again:
        yield "sent again", f"{report.sent_again}, after a 429, a 502 to 504, or no answer"
    yield "took", f"{report.seconds:.1f} s"
    yield "seed", str(report.seed)
    yield "decides", "every tier (strict)" if report.strict else " and ".join(BINDING)
    yield "ended by", ENDED[report.ended] if report.interrupted is None else report.interrupted
    if report.knowledge.now is not None:
        yield "target's time", iso(report.knowledge.now.earliest_s)
    if options.knowledge.keys:
        yield "projects", ", ".join(sorted(options.knowledge.keys))


def _rules_chart(found: "Sequence[Standing]") -> Chart:
    numbers = Counter((each.rule.tier, each.status) for each in found)
    tiers = [str(tier) for tier in TIERS]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": status.replace("-", " "),
            "y": tiers,
            "x": [numbers[tier, status] for tier in TIERS],
            "marker": {"color": colour},
        }
        for status, colour in COLOURS.items()
    ]
    rows: list[Row] = [(str(tier), *(numbers[tier, status] for status in COLOURS)) for tier in TIERS]
    heads = ("tier", *(status.replace("-", " ") for status in COLOURS))
    layout = {
        "barmode": "stack",
        "showlegend": True,
        "hovermode": "y unified",
        "yaxis": {"autorange": "reversed", "type": "category"},
    }
    return Chart(
        "rules",
        "How many rules of each tier have each status.",
        traces,
        Table(heads, tuple(rows)),
        layout,
        "low",
    )


def _stretches(report: "Report") -> Table:
    rows = tuple((PURPOSES[each.phase], each.requests, round(each.seconds, 2)) for each in stretches(report))
    return Table(("sent to", "requests", "seconds"), rows)
