"""The answers to valid questions, over HTTP, against sums done by hand (the table in `tests.acme`)."""

from contextlib import closing
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from tests.acme import (
    FEB_27,
    FEB_28,
    INCREMENTAL,
    MAR_1,
    MAR_2,
    MAR_3,
    MONTH_TO_DATE,
    MONTHLY,
    NOW_S,
    PATH,
    ROLLING_30D,
    assert_default_answer,
)
from tests.wire import connection_to, get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.answer import Answer
    from tests.served import Twin


@pytest.fixture
def ask(twin: "Twin") -> "Iterator[Callable[[str], Answer]]":
    """Give a function that asks one query, on one connection that is kept alive."""
    with closing(connection_to(twin.url)) as connection:
        yield lambda query: get(connection, query)


def test_without_parameters_it_is_this_month_to_date(ask: "Callable[[str], Answer]") -> None:
    """The defaults are the beginning of the month, the current time, daily, month to date, all projects."""
    assert_default_answer(ask(""))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("aggregationType=month_to_date", MONTH_TO_DATE),
        ("aggregationType=incremental", INCREMENTAL),
        ("aggregationType=rolling_30d", ROLLING_30D),
        (f"granularity=monthly&from={FEB_27}", MONTHLY),
        (f"from={FEB_27}&to={MAR_1}", [10, 30]),
        (f"from={FEB_27}&to={MAR_2}", [10, 30, 31]),
        (f"from={FEB_27}&to={MAR_1}&aggregationType=incremental", [10, 20]),
        (f"from={FEB_28}&to={MAR_1}&aggregationType=rolling_30d", [30]),
        (f"from={MAR_2}", [73, 100]),
        (f"from={MAR_2}&granularity=monthly", [100]),
        (f"from={FEB_28}&to={FEB_28 + 1}&granularity=monthly", [30]),
        ("from=0&to=9999999999&aggregationType=incremental", [10, 20, *INCREMENTAL]),
        ("from=0&to=1", []),
        (f"from={MAR_3 + 86400}&to=9999999999", []),
        (f"from={MAR_2}&to={MAR_2}", []),
    ],
)
def test_each_view_of_each_window_is_the_sum_done_by_hand(
    ask: "Callable[[str], Answer]", query: str, values: list[int]
) -> None:
    """A bucket has its whole value wherever the window starts and ends."""
    answer = ask(query)

    assert answer.status == 200
    assert answer.values == values


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("projectKey=web", [30, 70, 95]),
        ("projectKey=app", [1, 3, 5]),
        ("projectKey=app&projectKey=web", MONTH_TO_DATE),
        ("projectKey=web&projectKey=app", MONTH_TO_DATE),
        ("projectKey=app&projectKey=app", [1, 3, 5]),
        ("projectKey=%61pp", [1, 3, 5]),
        (f"projectKey=app&from={FEB_27}", [1, 3, 5]),
    ],
)
def test_a_filter_sums_its_projects(ask: "Callable[[str], Answer]", query: str, values: list[int]) -> None:
    """Order, repetition and percent-encoding of the keys change nothing; nothing precedes the creation."""
    assert ask(query).values == values


@pytest.mark.parametrize(
    "query",
    [
        f"from={MAR_1}",
        f"to={NOW_S}",
        "granularity=daily",
        "aggregationType=month_to_date",
        f"from={MAR_1}&to={NOW_S}&granularity=daily&aggregationType=month_to_date",
        "projectKey=web&projectKey=app",
        "limit=1",
        "FROM=x&Granularity=hourly",
        "from[]=1",
        "&",
        "&&granularity=daily&&",
    ],
)
def test_explicit_defaults_and_undocumented_parameters_change_nothing(
    ask: "Callable[[str], Answer]", query: str
) -> None:
    """Only `_links.self.href` shows that something was sent."""
    answer = ask(query)

    assert_default_answer(answer)
    assert answer.json()["_links"] == {"self": {"href": f"{PATH}?{query}", "type": "application/json"}}


def test_the_order_of_parameters_changes_nothing(ask: "Callable[[str], Answer]") -> None:
    """All orders of five parameters give one series."""
    parts = (
        f"from={FEB_28}",
        f"to={MAR_2}",
        "projectKey=web",
        "granularity=daily",
        "aggregationType=rolling_30d",
    )

    series = [ask("&".join(order)).json()["series"] for order in permutations(parts)]

    assert series[0] == [{"time": FEB_28 * 1000, "0": 30}, {"time": MAR_1 * 1000, "0": 60}]
    assert all(other == series[0] for other in series)


def test_the_same_question_gets_the_same_bytes(ask: "Callable[[str], Answer]") -> None:
    """From the reply cache or not, body and headers are equal, but for the date."""
    first, second = (ask("aggregationType=incremental") for _ in range(2))

    assert first.body == second.body
    assert [pair for pair in first.headers if pair[0] != "date"] == [
        pair for pair in second.headers if pair[0] != "date"
    ]


def test_an_answer_is_json_of_exactly_the_three_documented_fields(ask: "Callable[[str], Answer]") -> None:
    """`_links`, `metadata` and `series`, integers written without a fraction."""
    answer = ask("")

    assert list(answer.json()) == ["_links", "metadata", "series"]
    assert b"." not in answer.body.replace(b"application/json", b"")
    assert answer.json()["_links"] == {"self": {"href": PATH, "type": "application/json"}}
