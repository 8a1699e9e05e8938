"""The client asks for what we mean, and reads what it gets."""

from datetime import UTC, date, datetime

import pytest
from usagetwin_checker.testing import UsageTwin

from billing_report.client import RefusedError, UnreadableError, UsageClient

JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


def test_days_are_asked_for_a_month_at_a_time(usage_twin: UsageTwin, client: UsageClient) -> None:
    """Three months are three requests, and one series."""
    days = client.by_day(JANUARY, usage_twin.now)

    assert days == usage_twin.expected(from_=JANUARY, aggregation_type="incremental")
    usage_twin.assert_called(aggregationType="incremental", times=3)
    usage_twin.assert_called(from_=FEBRUARY, to=MARCH, times=1)


def test_months_are_asked_for_at_once(usage_twin: UsageTwin, client: UsageClient) -> None:
    """January has 31 days of 100; in February 19 days of 40 join 28 of 100."""
    months = client.by_month(JANUARY, MARCH)

    assert months == {date(2026, 1, 1): 3100, date(2026, 2, 1): 2800 + 760}
    assert usage_twin.calls == 1


def test_a_month_so_far_has_its_open_day(usage_twin: UsageTwin, client: UsageClient) -> None:
    """The latest bucket of the month to date is what is billed so far."""
    assert client.month_so_far(usage_twin.now) == usage_twin.expected(aggregation_type="month_to_date").last


def test_thirty_days_look_back_into_the_month_before(client: UsageClient) -> None:
    """Up to 16 March, 14 days of February count."""
    assert client.thirty_days(date(2026, 3, 16)) == (14 + 15) * 100 + 250 + 30 * 40


@pytest.mark.parametrize("projects", ["total", "separate"])
def test_several_projects_are_added_up(usage_twin: UsageTwin, client: UsageClient, projects: str) -> None:
    """The API may give one series for all of them, or one for each."""
    usage_twin.policy(projects=projects)

    days = client.by_day(FEBRUARY, MARCH, ["web", "app"])

    assert days[date(2026, 2, 9)] == 100
    assert days[date(2026, 2, 10)] == 140
    usage_twin.assert_called(projectKey=["web", "app"])


def test_the_beta_header_is_sent(usage_twin: UsageTwin, client: UsageClient) -> None:
    """The real API refuses what comes without it, and so does the twin in this profile."""
    with usage_twin.profile("observed"):
        client.by_month(JANUARY, MARCH)


def test_a_revoked_token_is_not_tried_again(usage_twin: UsageTwin, client: UsageClient, token: str) -> None:
    """Nor does the error, which people paste into chats, show it."""
    usage_twin.token(token, "revoked")

    with pytest.raises(RefusedError, match="401") as caught:
        client.by_month(JANUARY, MARCH)

    assert token not in str(caught.value)
    assert usage_twin.calls == 1


def test_an_unknown_project_is_an_error(client: UsageClient) -> None:
    """It does not count as a project without sessions."""
    with pytest.raises(RefusedError, match="404"):
        client.by_month(JANUARY, MARCH, ["wbe"])


@pytest.mark.parametrize(
    "fault",
    ["malformed-json", "empty-body", "counts-are-strings", "time-missing", "body-is-a-bare-list"],
)
def test_an_answer_that_makes_no_sense_is_an_error(
    usage_twin: UsageTwin, client: UsageClient, fault: str
) -> None:
    """Nobody is billed by half an answer."""
    usage_twin.fault(fault)

    with pytest.raises(UnreadableError):
        client.by_month(JANUARY, MARCH)
