"""Tests of `usagetwin_checker.reporting.neighbours`: what was said of the buckets around a finding."""

from dataclasses import replace
from datetime import date

from tests.checker.conversations import answered, month_to_date
from tests.checker.reporting.page.reports import report_of, sums_that_disagree
from usagetwin.days import from_date
from usagetwin_checker.reporting.neighbours import MOST, Neighbours, Seen


def day(text: str) -> int:
    """Give a day by its date."""
    return from_date(date.fromisoformat(text))


def test_the_buckets_around_are_those_that_the_conversation_shows() -> None:
    """Of the view and filter of each value in question, and none of these values themselves."""
    report = sums_that_disagree()

    seen = list(Neighbours(report).of(report.findings[0]))

    web = frozenset({"web"})
    assert seen == [
        Seen("incremental", web, day("2026-03-05"), 5, 1),
        Seen("month_to_date", web, day("2026-03-01"), 1, 2),
        Seen("month_to_date", web, day("2026-03-02"), 3, 2),
        Seen("month_to_date", web, day("2026-03-03"), 6, 2),
        Seen("month_to_date", web, day("2026-03-05"), 16, 2),
    ]


def test_other_answers_of_the_run_fill_what_the_conversation_leaves_out() -> None:
    """When a finding was asked again in narrow windows, its neighbours are in the answers before."""
    wide = answered("from=2026-03-01&to=2026-03-17&aggregationType=month_to_date", {
        **month_to_date("2026-03-01", "2026-03-16"), "2026-03-07": 29,
    })  # fmt: skip
    days = answered("from=2026-03-07&to=2026-03-08&aggregationType=incremental", {"2026-03-07": 7})
    report = report_of(wide, days, days)
    finding = next(each for each in report.findings if each.rule_id == "month-to-date-sums")
    narrow = replace(finding, conversation=(report.sent[1].exchange,))

    seen = [each for each in Neighbours(report).of(narrow) if each.view == "month_to_date"]

    shown = {value.bucket for value in finding.shown if value.view == "month_to_date"}
    assert {each.number for each in seen} == {1}
    assert {each.bucket for each in seen} | shown <= {day(f"2026-03-{number:02}") for number in range(1, 17)}
    assert all(min(abs(each.bucket - bucket) for bucket in shown) <= 7 for each in seen)


def test_a_finding_without_values_has_no_neighbours() -> None:
    """Of a wrong status or shape there is nothing to draw."""
    report = sums_that_disagree()

    assert list(Neighbours(report).of(replace(report.findings[0], shown=()))) == []


def test_very_many_values_have_a_bounded_number_of_neighbours() -> None:
    """A thousand days in question do not bring a thousand more into the page."""
    report = sums_that_disagree()
    (value, *_) = report.findings[0].shown
    many = tuple(value._replace(bucket=value.bucket + 2 * number) for number in range(1_000))
    points = {f"{date.fromordinal(date(2024, 1, 1).toordinal() + n)}": n for n in range(800)}
    wide = answered("from=2024-01-01&to=2026-03-11&aggregationType=incremental&projectKey=web", points)
    whole = replace(report, sent=(*report.sent, replace(report.sent[0], exchange=replace(wide, number=9))))

    assert 0 < len(list(Neighbours(whole).of(replace(report.findings[0], shown=many)))) <= MOST
