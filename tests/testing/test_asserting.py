"""How many requests a test expects, and what a failed expectation says."""

import pytest

from tests.acme import PATH
from tests.stage.records import HOST, recorded
from usagetwin.stage.consumer import Terms, findings_of, report
from usagetwin.stage.journal import Recorded
from usagetwin.stage.matching import wanted
from usagetwin_checker.testing.asserting import BrokenRequestsError, assert_requests


def numbered(*queries: str) -> list[Recorded]:
    """Give requests in the order of their arrival."""
    return [recorded(query, number=number) for number, query in enumerate(queries, 1)]


def message(requests: list[Recorded], times: int | None = None, **parameters: object) -> list[str]:
    """Give the lines of a failure."""
    with pytest.raises(AssertionError) as caught:
        assert_requests(requests, wanted(parameters), times)  # type: ignore[arg-type]  # -- values of many types
    return str(caught.value).splitlines()


@pytest.mark.parametrize(("times", "count"), [(None, 1), (None, 3), (0, 0), (2, 2)])
def test_as_many_requests_as_expected_are_right(times: int | None, count: int) -> None:
    """Without a number at least one."""
    assert_requests(numbered(*["to=5"] * count, "", "to=6"), wanted({"to": 5}), times)


def test_a_failure_shows_the_nearest_requests_first() -> None:
    """With what is otherwise, at most three of them; of equally near ones the earlier."""
    requests = numbered(
        "", "aggregationType=rolling_30d&projectKey=web", "projectKey=web&projectKey=app", "", ""
    )

    assert message(requests, aggregationType="sum", projectKey="web", to=None) == [
        "expected at least one request with aggregationType='sum', projectKey='web', no 'to', got 0 of 5",
        "no match, but these were similar:",
        f"  request 2: GET {HOST}{PATH}?aggregationType=rolling_30d&projectKey=web -> no answer",
        "    aggregationType='rolling_30d', expected 'sum'",
        f"  request 1: GET {HOST}{PATH} -> no answer",
        "    no 'aggregationType', expected 'sum'",
        "    no 'projectKey', expected 'web'",
        f"  request 3: GET {HOST}{PATH}?projectKey=web&projectKey=app -> no answer",
        "    no 'aggregationType', expected 'sum'",
        "    projectKey=['web', 'app'], expected 'web'",
        "  ... and 2 more",
    ]


def test_a_failure_of_the_number_shows_what_matched() -> None:
    """And the nearest others where there are too few."""
    requests = numbered("to=5", "to=6")

    assert message(requests, times=2, to=5) == [
        "expected 2 requests with to='5', got 1 of 2",
        "matching:",
        f"  request 1: GET {HOST}{PATH}?to=5 -> no answer",
        "nearest others:",
        f"  request 2: GET {HOST}{PATH}?to=6 -> no answer",
        "    to='6', expected '5'",
    ]
    assert message(numbered(*["to=5"] * 5), times=1) == [
        "expected 1 request, got 5 of 5",
        "matching:",
        *(f"  request {number}: GET {HOST}{PATH}?to=5 -> no answer" for number in (1, 2, 3)),
        "  ... and 2 more",
    ]


def test_without_any_request_there_is_nothing_to_show() -> None:
    """Only that none came."""
    assert message([], to=5) == ["expected at least one request with to='5', got 0 of 0"]
    assert message([], times=2) == ["expected 2 requests, got 0 of 0"]


def test_an_error_of_broken_requests_says_what_the_report_says() -> None:
    """And has the findings."""
    findings = findings_of(recorded("from=1772323200000"), Terms())

    error = BrokenRequestsError(findings)

    assert str(error) == report(findings)
    assert error.findings == findings
