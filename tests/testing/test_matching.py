"""Which requests an expectation means, and what a failed one says."""

from datetime import UTC, datetime

import pytest

from tests.acme import MAR_1, PATH
from tests.testing.playing import HOST, recorded
from usagetwin.errors import SettingError
from usagetwin_checker.testing.journal import Recorded
from usagetwin_checker.testing.matching import assert_requests, wanted


def numbered(*queries: str) -> list[Recorded]:
    """Give requests in the order of their arrival."""
    return [recorded(query, number=number) for number, query in enumerate(queries, 1)]


def message(requests: list[Recorded], times: int | None = None, **parameters: object) -> list[str]:
    """Give the lines of a failure."""
    with pytest.raises(AssertionError) as caught:
        assert_requests(requests, wanted(parameters), times)  # type: ignore[arg-type]  # -- values of many types
    return str(caught.value).splitlines()


def matches(query: str, **parameters: object) -> bool:
    """Tell whether a request is meant."""
    try:
        assert_requests(numbered(query), wanted(parameters), 1)  # type: ignore[arg-type]  # -- as above
    except AssertionError:
        return False
    return True


def test_parameters_that_are_not_named_may_be_anything() -> None:
    """Only the named ones must be as wanted."""
    assert matches("aggregationType=incremental&from=5", aggregationType="incremental")
    assert not matches("aggregationType=rolling_30d", aggregationType="incremental")
    assert not matches("", aggregationType="incremental")
    assert not matches("from=1&from=2", from_="1")


def test_none_means_that_a_parameter_is_absent() -> None:
    """Which its empty value is not."""
    assert matches("from=1", to=None, projectKey=None)
    assert not matches("to=", to=None)


@pytest.mark.parametrize("instant", [MAR_1, str(MAR_1), "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)])
def test_the_ends_of_a_window_are_instants(instant: object) -> None:
    """In each of their forms; `from` is also called `from_`, as Python has a word of that name."""
    assert matches(f"from={MAR_1}&to={MAR_1}", from_=instant, to=instant)
    assert matches(f"from={MAR_1}", **{"from": instant})
    assert not matches(f"from={MAR_1 + 1}", from_=instant)


def test_project_keys_are_a_filter() -> None:
    """All of them, in any order, however often; one key alone may be given as text."""
    assert matches("projectKey=web", projectKey="web")
    assert matches("projectKey=web&projectKey=app&projectKey=web", projectKey=["app", "web"])
    assert not matches("projectKey=web&projectKey=app", projectKey="web")
    assert not matches("projectKey=web", projectKey=("app", "web"))
    assert matches("", projectKey=[])


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    """A misspelled name would match nothing, for a reason that no difference shows."""
    with pytest.raises(
        SettingError, match="no parameter 'aggregationtype' to expect\n  try   aggregationType"
    ):
        wanted({"aggregationtype": "incremental"})


def test_a_parameter_has_a_name_on_the_wire_and_one_in_python() -> None:
    """But one value."""
    assert wanted({"project_key": "web"}) == wanted({"projectKey": "web"}) == {"projectKey": ("web",)}
    with pytest.raises(SettingError, match="'projectKey' is given twice, also as 'project_key'"):
        wanted({"projectKey": "web", "project_key": "app"})


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
