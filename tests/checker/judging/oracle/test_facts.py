"""Tests of how the layout of an answer says which filter and bucket a value belongs to."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.checker.conversations import KNOWN, Points, answered, broken, get, labelled, seconds
from usagetwin.days import day_of
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.judging.oracle.facts import read, span_of
from usagetwin_checker.knowing.reading import STANDARD

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.judging.oracle.facts import Answer

BOTH = "from=2026-03-01&to=2026-03-03&aggregationType=incremental&projectKey=web&projectKey=app"
TWO: Points = {"2026-03-01": {"0": 1, "1": 5}, "2026-03-02": {"0": 2, "1": 6}}
WEB, APP = frozenset({"web"}), frozenset({"app"})


def read_as_standard(exchange: "Exchange") -> "Answer":
    """Read an answer whose labels are as the twin's."""
    query = expect(exchange.ask, KNOWN).query
    assert query is not None
    answer = read(exchange, query, STANDARD, KNOWN)
    assert answer is not None
    return answer


def values(exchange: "Exchange") -> list[tuple[frozenset[str], int]]:
    """Give the filter and the value of each fact."""
    return [(fact.keys, fact.value) for fact in read_as_standard(exchange).facts]


@pytest.mark.parametrize(
    "metadata",
    [
        [{"projectKey": "web"}, {"projectKey": "app"}],
        [{"name": "web"}, {"name": "app"}],
        [{"projectKey": "web", "projectName": "Web"}, {"projectKey": "app", "projectName": "The App"}],
    ],
)
def test_separate_key_fields_are_named_by_metadata(metadata: list[dict[str, Any]]) -> None:
    """Whatever metadata calls it, a project key names the filter; together the fields are the total."""
    facts = values(answered(BOTH, TWO, metadata=metadata))

    assert facts == [(WEB, 1), (APP, 5), (WEB, 2), (APP, 6), (WEB | APP, 6), (WEB | APP, 8)]


@pytest.mark.parametrize(
    "metadata",
    [
        [{"project": {"key": "web"}}, {"project": {"key": "app"}}],
        [{"projectKey": "web"}, {"projectKey": "web"}],
        [{"projectKey": "web", "group": "app"}, {"projectKey": "app"}],
        [{}, {}],
        [{"projectKey": "web"}],
        [],
    ],
)
def test_what_metadata_does_not_say_is_left_out(metadata: list[dict[str, Any]]) -> None:
    """When it is not certain which project a key field counts, no value of the answer is used."""
    assert values(answered(BOTH, TWO, metadata=metadata)) == []


def test_a_single_key_field_is_the_total_whatever_it_is_called() -> None:
    """One key field counts the filter, with any label."""
    points: Points = {"2026-03-01": {"sessions": 6}}

    assert values(answered(BOTH, points, metadata=[])) == [(WEB | APP, 6)]


def test_without_a_key_separate_fields_are_projects() -> None:
    """Without a project key, metadata may name the projects; there is no total of all."""
    facts = values(
        answered(
            "from=2026-03-01&to=2026-03-03",
            {"2026-03-01": {"0": 1, "1": 5}},
            metadata=[{"key": "web"}, {"key": "x"}],
        )
    )

    assert facts == [(WEB, 1), (frozenset({"x"}), 5)]


def test_separate_fields_are_held_against_totals() -> None:
    """A key field of one project must agree with what that project counts alone."""
    alone = answered(
        "from=2026-03-01&to=2026-03-03&aggregationType=incremental&projectKey=app",
        {"2026-03-01": 4, "2026-03-02": 6},
    )
    metadata = [{"projectKey": "web"}, {"projectKey": "app"}]

    found = broken(alone, answered(BOTH, TWO, metadata=metadata))

    assert "repeated-project-key-is-irrelevant" in found


def test_a_point_without_all_fields_has_no_total() -> None:
    """When a key field is absent from a point, what it counts there is not known."""
    points: Points = {"2026-03-01": {"0": 1}, "2026-03-02": {"0": 2, "1": 6}}
    metadata = [{"projectKey": "web"}, {"projectKey": "app"}]

    assert values(answered(BOTH, points, metadata=metadata)) == [(WEB, 1), (WEB, 2), (APP, 6), (WEB | APP, 8)]


def test_the_days_that_each_view_sums() -> None:
    """A month to date starts on the first, a rolling sum 29 days before, a month has all its days."""
    march_5 = day_of(seconds("2026-03-05"))
    march_1 = march_5 - 4

    assert span_of("incremental", march_5) == (march_5, march_5 + 1)
    assert span_of("month_to_date", march_5) == (march_1, march_5 + 1)
    assert span_of("rolling_30d", march_5) == (march_5 - 29, march_5 + 1)
    assert span_of("monthly", march_1) == (march_1, march_1 + 31)


@pytest.mark.parametrize(
    ("query", "points", "closed", "whole"),
    [
        ("from=2026-03-16&to=2026-03-17&aggregationType=incremental", {"2026-03-16": 1}, True, True),
        ("from=2026-03-16+1&to=2026-03-17&aggregationType=incremental", {"2026-03-16": 1}, True, False),
        ("from=2026-03-16&to=2026-03-18&aggregationType=incremental", {"2026-03-17": 1}, False, True),
        ("from=2026-03-17&to=2026-03-17+9&aggregationType=rolling_30d", {"2026-03-17": 1}, False, False),
        ("from=2026-02-01&to=2026-03-01&granularity=monthly", {"2026-02": 1}, True, True),
        ("from=2026-02-01&to=2026-02-28&granularity=monthly", {"2026-02": 1}, True, False),
        ("from=2026-03-01&to=2026-04-01&granularity=monthly", {"2026-03": 1}, False, True),
    ],
)
def test_closed_and_whole(query: str, points: dict[str, int], closed: bool, whole: bool) -> None:  # noqa: FBT001 -- a table
    """A fact is closed when its last day is over, and whole when the window does not cut its bucket."""
    (fact,) = read_as_standard(answered(query, points)).facts

    assert (fact.closed, fact.whole) == (closed, whole)


def test_a_float_beyond_exactness_is_left_out() -> None:
    """`9007199254740993.0` may have been another number; up to 2**53 a float is what was written."""
    ask = get("from=2026-03-01&to=2026-03-03")
    time = seconds("2026-03-01") * 1000

    exact = labelled(ask, [{"time": time, "0": 2.0**53}])  # type: ignore[dict-item]  # -- a float on purpose
    rounded = labelled(ask, [{"time": time, "0": 2.0**53 + 2}])  # type: ignore[dict-item]  # -- a float on purpose

    assert [value for _, value in values(exact)] == [2**53]
    assert values(rounded) == []
