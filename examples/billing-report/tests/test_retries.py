"""What the client tries again, how long it waits, and when it gives up."""

import logging
from datetime import UTC, datetime

import pytest
from usagetwin_checker.testing import UsageTwin

from billing_report.client import UnavailableError, UsageClient

JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


def test_the_client_waits_as_long_as_it_is_asked_to(
    usage_twin: UsageTwin, client: UsageClient, waits: list[float]
) -> None:
    """Retry-After is in seconds."""
    usage_twin.fault("rate-limited", times=2, retry_after=7)

    client.by_month(JANUARY, MARCH)

    assert waits == [7, 7]
    assert [request.status for request in usage_twin.requests] == [429, 429, 200]


def test_without_advice_each_wait_is_twice_as_long(
    usage_twin: UsageTwin, client: UsageClient, waits: list[float]
) -> None:
    """The API promises Retry-After for some limits alone."""
    usage_twin.fault("rate-limited-without-retry-after", times=3)

    client.by_month(JANUARY, MARCH)

    assert waits == [1, 2, 4]


@pytest.mark.parametrize(
    "fault", ["server-error", "unavailable", "reset", "close", "timeout", "truncated-body"]
)
def test_a_failure_that_passes_does_no_harm(usage_twin: UsageTwin, client: UsageClient, fault: str) -> None:
    """The second try succeeds, and nothing counts twice."""
    usage_twin.fault(fault, times=1)

    months = client.by_month(JANUARY, MARCH)

    assert months == usage_twin.expected(from_=JANUARY, to=MARCH, granularity="monthly")
    assert usage_twin.calls == 2


def test_a_failure_that_stays_ends_the_tries(
    usage_twin: UsageTwin, client: UsageClient, waits: list[float]
) -> None:
    """Four tries, three waits, and an error that says why."""
    usage_twin.fault("unavailable", retry_after=30)

    with pytest.raises(UnavailableError, match="4 tries: 503"):
        client.by_month(JANUARY, MARCH)

    assert usage_twin.calls == 4
    assert waits == [30, 30, 30]


def test_only_the_page_that_failed_is_asked_for_again(usage_twin: UsageTwin, client: UsageClient) -> None:
    """A long report does not start over."""
    february = str(int(FEBRUARY.timestamp()))
    usage_twin.fault("server-error", times=1, when=lambda request: request.value("from") == february)

    client.by_day(JANUARY, usage_twin.now)

    usage_twin.assert_called(from_=FEBRUARY, times=2)
    assert usage_twin.calls == 4


def test_a_bad_day_changes_no_number(usage_twin: UsageTwin, client: UsageClient) -> None:
    """Four of ten requests fail, and the series is still whole."""
    usage_twin.fault("unavailable", chance=0.4, seed=3)

    days = client.by_day(datetime(2025, 6, 1, tzinfo=UTC), MARCH)

    assert days == usage_twin.expected(from_="2025-06-01", to=MARCH, aggregation_type="incremental")
    assert usage_twin.calls > 9


def test_a_wait_over_the_turn_of_the_month_moves_no_sessions(
    usage_twin: UsageTwin, client: UsageClient
) -> None:
    """What was asked of March is answered for March, even if it is April by then."""
    usage_twin.freeze("2026-03-31T23:59:59Z")
    usage_twin.fault("rate-limited", times=1, retry_after=3)

    march = client.month_so_far(usage_twin.now)

    assert usage_twin.now.month == 4
    assert march == 30 * 100 + 250 + 31 * 40


def test_the_token_is_in_no_log(
    usage_twin: UsageTwin, client: UsageClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It travels in the header alone."""
    caplog.set_level(logging.DEBUG)
    usage_twin.fault("unavailable", times=1)

    client.by_month(JANUARY, MARCH)

    assert "trying again" in caplog.text
    assert token not in caplog.text
    assert all(request.header("Authorization") == token for request in usage_twin.requests)
