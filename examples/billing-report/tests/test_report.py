"""The report's figures, worked out by hand."""

from datetime import date

import pytest
from usagetwin_checker.testing import UsageTwin

from billing_report.client import UsageClient
from billing_report.report import Peak, make_report


def test_the_report_adds_up(usage_twin: UsageTwin, client: UsageClient) -> None:
    """Sixteen whole days of March: 100 and 40 each, and 150 more on the 9th."""
    usage_twin.freeze("2026-03-17")

    report = make_report(client, usage_twin.now, projects=["web", "app"])

    assert report.by_project == {"web": 1750, "app": 640}
    assert report.this_month == 2390
    assert report.share("web") == pytest.approx(1750 / 2390)
    assert report.peak == Peak(date(2026, 3, 9), 290)
    assert report.earlier == {date(2026, 1, 1): 3100, date(2026, 2, 1): 3560}


def test_a_month_is_compared_with_the_same_days_of_the_one_before(
    usage_twin: UsageTwin, client: UsageClient
) -> None:
    """Sixteen days of February: 100 each, and 40 from the 10th on. The open day would distort it."""
    report = make_report(client, usage_twin.now)

    assert report.change == pytest.approx(2390 / (1600 + 280) - 1)


def test_a_longer_month_is_compared_as_far_as_the_shorter_one_goes(
    usage_twin: UsageTwin, client: UsageClient
) -> None:
    """On 31 March, the 29th and 30th have no counterpart."""
    usage_twin.freeze("2026-03-31T12:00:00Z")

    report = make_report(client, usage_twin.now)

    assert report.change == pytest.approx((28 * 140 + 150) / 3560 - 1)


def test_a_month_begins_empty(usage_twin: UsageTwin, client: UsageClient) -> None:
    """At its first instant there is no peak, and nothing to compare."""
    usage_twin.freeze("2026-02-28T23:59:59Z")
    before = make_report(client, usage_twin.now)
    usage_twin.advance(seconds=1)

    report = make_report(client, usage_twin.now)

    assert before.this_month > 3500
    assert (report.this_month, report.peak, report.change) == (0, None, None)


@pytest.mark.usage_twin(world="idle", now="2026-11-30T12:00:00Z")
def test_an_idle_account_has_a_report(usage_twin: UsageTwin, client: UsageClient) -> None:
    """Nothing is divided by zero."""
    report = make_report(client, usage_twin.now, projects=["unused"])

    assert report.share("unused") == 0
    assert "this month                         0" in str(report)


def test_a_project_that_starts_tomorrow_counts_nothing(usage_twin: UsageTwin, client: UsageClient) -> None:
    """An account given in the test itself: what it does not count is zero."""
    usage_twin.world({"web": {"2026-03-16": 12}, "next": {"2026-03-18": 5}})

    report = make_report(client, usage_twin.now, projects=["web", "next"])

    assert report.by_project == {"web": 12, "next": 0}
