"""Tests of `usagetwin_checker.reporting.page.finding_chart`: the values that disagree, and those around."""

from dataclasses import replace

from tests.checker.reporting.page.reports import sums_that_disagree
from usagetwin.contract.operation import MONTHLY
from usagetwin_checker.findings import Finding
from usagetwin_checker.reporting.page.finding_chart import MOST_LINES, MOST_SHOWN, chart_of

FINDING = sums_that_disagree().findings[0]
VALUE = FINDING.shown[0]


def test_a_finding_without_values_has_no_chart() -> None:
    """A wrong status or shape has nothing to draw."""
    assert chart_of("x", Finding("status-is-documented", "", FINDING.conversation), ()) is None


def test_values_with_nobody_around_are_drawn_alone() -> None:
    """Each view and filter has a colour and a symbol."""
    chart = chart_of("x", FINDING, ())

    assert chart is not None
    assert [trace["name"] for trace in chart.traces] == [
        "incremental of web, in question",
        "month_to_date of web, in question",
    ]
    assert len({trace["marker"]["symbol"] for trace in chart.traces}) == 2


def test_a_month_stands_at_its_first_day() -> None:
    """And is named as a month in the table."""
    chart = chart_of("x", replace(FINDING, shown=(VALUE._replace(view=MONTHLY),)), ())

    assert chart is not None
    assert chart.traces[0]["x"] == ["2026-03-01"]
    assert chart.table.rows == ((MONTHLY, "2026-03", "web", 1, "request 2, in question"),)


def test_very_many_values_and_filters_are_bounded_and_counted() -> None:
    """What is left out is said, and where it is."""
    many = tuple(
        VALUE._replace(bucket=VALUE.bucket + number, keys=frozenset({f"k{number % 20:02}"}))
        for number in range(1_000)
    )
    chart = chart_of("x", replace(FINDING, shown=many), ())

    assert chart is not None
    assert len(chart.traces) == MOST_LINES
    assert len(chart.table.rows) == MOST_SHOWN
    assert chart.table.note == "960 more values are in the report as JSON (--json)."
