"""The series that the ledger implies, and how a test's result is held to it.

The values are those that `tests.acme` adds up by hand.
"""

from collections import deque
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from tests.acme import FEB_27, INCREMENTAL, MAR_1, MAR_2, MAR_3, MONTH_TO_DATE, NOW_S, ROLLING_30D
from tests.stage.records import acme
from tests.testing.playing import playing
from usagetwin.account.siblings import ledger_of
from usagetwin.policies import Policies
from usagetwin_checker.testing.expected import Expected, InvalidQueryError, expected, explanation

LEDGER: Final = ledger_of(acme())
SEPARATE: Final = Policies(projects="separate")
MARCH: Final = tuple(datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3))
BOTH: Final = (("projectKey", "web"), ("projectKey", "app"))


def series(*parameters: tuple[str, str], policies: Policies = Policies(), now_s: int = NOW_S) -> Expected:  # noqa: B008 -- a frozen value
    """Give the series of the small account."""
    return expected(LEDGER, policies, now_s, parameters)


def test_without_parameters_it_is_this_month_to_date() -> None:
    """Day by day, up to what has been counted of the current day."""
    default = series()

    assert default.times == MARCH
    assert default.values == (31, 73, 100)
    assert default.last == default.total == 100
    assert default.columns == {}
    assert default.as_dict() == {MARCH[0]: 31, MARCH[1]: 73, MARCH[2]: 100}


@pytest.mark.parametrize(
    ("parameters", "values", "total"),
    [
        ({"aggregationType": "incremental"}, INCREMENTAL, 100),
        ({"aggregationType": "rolling_30d"}, ROLLING_30D, 130),
        ({"aggregationType": "rolling_30d", "from": str(MAR_2), "to": str(MAR_3)}, [103], 103),
        ({"from": str(FEB_27)}, [10, 30, 31, 73, 100], 130),
        ({"from": str(FEB_27 + 86_400)}, [30, 31, 73, 100], 130),
        ({"from": str(MAR_2), "to": str(MAR_3)}, [73], 73),
        ({"from": str(FEB_27), "granularity": "monthly"}, [30, 100], 130),
        ({"projectKey": "app"}, [1, 3, 5], 5),
        ({"from": str(MAR_1), "to": str(MAR_1)}, [], 0),
    ],
)
def test_the_total_counts_each_day_of_the_buckets_once(
    parameters: dict[str, str], values: list[int], total: int
) -> None:
    """A month to date also holds the days before the window, a rolling bucket the 29 before its own."""
    found = series(*parameters.items())

    assert list(found.values) == values
    assert found.total == total


def test_separate_projects_have_a_column_each() -> None:
    """In the order of their first appearance; the values stay the whole filter's."""
    apart = series(*reversed(BOTH), policies=SEPARATE)

    assert list(apart.columns.items()) == [("app", (1, 3, 5)), ("web", (30, 70, 95))]
    assert apart.values == (31, 73, 100)
    assert apart.total == 100
    assert series(policies=SEPARATE).columns == {}


def test_an_unknown_project_may_count_nothing() -> None:
    """By the policy `unknown_project=empty`: alone it has no buckets."""
    assert series(("projectKey", "none"), policies=Policies(unknown_project="empty")).values == ()


def test_a_series_without_buckets_has_no_last_value() -> None:
    """It says so rather than give a number that nobody counted."""
    empty = series(("from", "5"), ("to", "5"))

    with pytest.raises(LookupError, match="no buckets"):
        _ = empty.last
    assert empty == []
    assert repr(empty) == "Expected(no buckets)"


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ([("from", "1772323200000")], "timestamp-fits-ten-digits"),
        ([("granularity", "monthly"), ("aggregationType", "incremental")], "monthly-needs-month-to-date"),
        ([("granularity", "hourly")], "granularity-is-documented"),
        ([("from", str(NOW_S + 1))], "window-not-inverted"),
        ([("projectKey", "wob")], "unknown-project-not-found"),
        ([("projectKey", "")], "project-key-not-empty"),
    ],
)
def test_a_query_that_the_contract_refuses_is_an_error(parameters: list[tuple[str, str]], rule: str) -> None:
    """A ValueError that names the rule, with value and remedy."""
    with pytest.raises(ValueError, match=f"\n  rule  {rule} .*\n  try   ") as caught:
        series(*parameters)

    assert isinstance(caught.value, InvalidQueryError)
    assert caught.value.told.rule == rule


@pytest.mark.parametrize("parameters", [(), BOTH, (("granularity", "monthly"), ("from", str(FEB_27)))])
@pytest.mark.parametrize("projects", ["total", "separate"])
def test_an_answer_of_the_twin_is_what_is_expected(
    parameters: tuple[tuple[str, str], ...], projects: str
) -> None:
    """The whole document or its series alone, on either side of the comparison."""
    test = playing()
    test.twin.policy(projects=projects)
    document = test.ask("&".join(f"{name}={value}" for name, value in parameters)).json()

    found = series(*parameters, policies=Policies(projects=projects))

    assert found == document
    assert document == found
    assert found == document["series"]


@pytest.mark.parametrize(
    "same",
    [
        [31, 73, 100],
        (31, 73, 100),
        deque([31, 73, 100]),
        [31.0, 73.0, 100.0],
        dict(zip(MARCH, MONTH_TO_DATE, strict=True)),
        {date(2026, 3, 3): 100, date(2026, 3, 2): 73, date(2026, 3, 1): 31},
        {"2026-03-01": 31, "2026-03-02T00:00:00Z": 73, "2026-03-03T01:00:00+01:00": 100},
        {MAR_1 * 1000: 31, MAR_2 * 1000: 73, MAR_3 * 1000: 100},
    ],
)
def test_a_result_equals_in_many_forms(same: object) -> None:
    """The values in their order, or a mapping from time to value, in any order."""
    assert series() == same
    assert (series() != same) is False
    assert series().differences(same) == ()


@pytest.mark.parametrize("projects", ["total", "separate"])
def test_the_same_series_are_equal(projects: str) -> None:
    """Two that were asked for alike; a total is no series of separate projects."""
    policies = Policies(projects=projects)

    assert series(*BOTH, policies=policies) == series(*BOTH, policies=policies)
    assert series(*BOTH) != series(*BOTH, policies=SEPARATE)
    assert series(*BOTH) != series(BOTH[0])


@pytest.mark.parametrize("other", [None, 100, "31, 73, 100", {31, 73, 100}])
def test_what_can_t_be_a_series_is_another_thing(other: object) -> None:
    """It never equals, and has no differences bucket by bucket."""
    assert series() != other
    with pytest.raises(TypeError, match="is no series"):
        series().differences(other)


def test_a_series_has_no_hash() -> None:
    """As it equals lists."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(series())


@pytest.mark.parametrize(
    ("actual", "lines"),
    [
        ([31, 74, 100], ["2026-03-02: expected 73, got 74"]),
        ([31, 73], ["3 values expected, got 2", "2026-03-03: expected 100, got nothing"]),
        ([31, 73, 100, 5], ["3 values expected, got 4", "value 4: not expected, got 5"]),
        ([31, "73", None], ["2026-03-02: expected 73, got '73'", "2026-03-03: expected 100, got None"]),
        ({"2026-03-01": 31, "2026-03-02": 73}, ["2026-03-03: expected 100, got nothing"]),
        ({"2026-03-01": 31, "2026-03-02": 73, "2026-03-03": 100, "?": 1}, ["?: not expected, got 1"]),
        (
            [
                {"time": MAR_1 * 1000, "0": 31},
                {"time": MAR_2 * 1000, "0": 7},
                {"time": MAR_3 * 1000 + 1, "0": 100},
            ],
            [
                "2026-03-02: expected 73, got 7",
                "2026-03-03: expected 100, got nothing",
                "2026-03-03T00:00:00.001000+00:00: not expected, got 100",
            ],
        ),
    ],
)
def test_a_difference_names_bucket_expected_and_got(actual: Any, lines: list[str]) -> None:  # noqa: ANN401 -- results of many types
    """One line each, after a heading."""
    found = series().differences(actual)

    assert found == ("differs from the expected series of 3 buckets:", *(f"  {line}" for line in lines))
    assert series() != actual


def _document(*days: tuple[int, int], **fields: object) -> dict[str, object]:
    return {"series": [{"time": day * 1000, "0": value} for day, value in days], **fields}


def test_the_buckets_of_an_answer_come_in_order_and_once() -> None:
    """An answer that has them otherwise differs, although a mapping of them would not show it."""
    turned = _document((MAR_2, 73), (MAR_1, 31), (MAR_3, 100))
    twice = _document((MAR_1, 31), (MAR_2, 73), (MAR_2, 73), (MAR_3, 100))

    assert series().differences(turned)[1:] == ("  the same buckets, in another order",)
    assert series().differences(twice)[1:] == ("  2026-03-02 again: not expected, got 73",)


def test_an_answer_that_keeps_projects_apart_is_held_to_each() -> None:
    """By the keys in its metadata; without them by the labels' order."""
    found = series(*BOTH, policies=SEPARATE)
    test = playing()
    test.twin.policy(projects="separate")
    document = test.ask("projectKey=web&projectKey=app").json()
    document["series"][1]["1"] = 4

    assert found.differences(document)[1:] == ("  2026-03-02 app: expected 3, got 4",)
    assert found.differences(document["series"])[1:] == ("  2026-03-02 app: expected 3, got 4",)
    assert "  2026-03-02 1: not expected, got 4" in found.differences({**document, "metadata": [{}]})


@pytest.mark.parametrize(
    "broken",
    [
        {"series": None},
        {"series": [5]},
        {"series": [{"0": 31}]},
        {"series": [{"time": [], "0": 31}]},
        {"series": [{"time": 10**30, "0": 31}]},
        {"series": [], "metadata": 5},
        {"code": "invalid_request", "message": "no"},
        [{}],
        [],
        {},
    ],
)
def test_whatever_an_answer_holds_it_differs_without_an_error(broken: object) -> None:
    """All three buckets are missing; a test of a fault shows the difference, not a crash."""
    assert sum("got nothing" in line for line in series().differences(broken)) == 3


def test_many_differences_are_cut() -> None:
    """A test's report stays readable: a dozen, and how many more."""
    found = series(("from", str(MAR_1)), ("to", str(MAR_1 + 20 * 86_400)), now_s=MAR_1 + 30 * 86_400)

    lines = found.differences([-1] * 20)

    assert len(lines) == 1 + 12 + 1
    assert lines[-1] == "  ... and 8 more"


def test_a_failed_assertion_is_an_assertion_error_with_the_difference() -> None:
    """For test runners that explain no comparison."""
    series().assert_equal([31, 73, 100])
    with pytest.raises(AssertionError, match="2026-03-03: expected 100, got 99"):
        series().assert_equal([31, 73, 99])


def test_a_comparison_is_explained_from_either_side() -> None:
    """For a test runner that asks; nothing where there is nothing of ours to explain."""
    wrong = [31, 73, 99]

    assert explanation(series(), wrong) == explanation(wrong, series()) == series().differences(wrong)
    assert explanation(series(), series(BOTH[1]))[1] == "  2026-03-01: expected 31, got 1"
    assert explanation(series(), 5) == explanation(5, series()) == explanation([1], [2]) == ()


def test_the_repr_shows_window_and_values() -> None:
    """At most a dozen of them."""
    assert repr(series()) == "Expected(2026-03-01 to 2026-03-03: 31, 73, 100)"
    long = series(("to", str(MAR_1 + 20 * 86_400)), now_s=MAR_1 + 30 * 86_400)
    assert repr(long).count(",") == 12
    assert repr(long).endswith(", ...)")
