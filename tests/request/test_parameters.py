"""The five parameters: how they are split from the wire, their defaults, and the rules between them."""

from __future__ import annotations

from typing import Final

import pytest

from usagetwin.account.query import Query
from usagetwin.errors import Refusal
from usagetwin.request.parameters import parse, resolve

NOW_S: Final = 1_771_588_800  # 2026-02-20T12:00:00Z
FEBRUARY_S: Final = 1_769_904_000  # 2026-02-01T00:00:00Z


@pytest.mark.parametrize(
    ("raw", "parameters"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"from=1&&to=2", {"from": "1", "to": "2"}),
        (b"from", {"from": ""}),
        (b"from=", {"from": ""}),
        (b"from=1=2", {"from": "1=2"}),
        (b"from=1;to=2", {"from": "1;to=2"}),
        (b"from=%31%32", {"from": "12"}),
        (b"fr%6fm=1", {"from": "1"}),
        (b"from=+1", {"from": " 1"}),
        (b"from=%2B1", {"from": "+1"}),
        (b"from=1%00", {"from": "1\0"}),
        (b"from=%D9%A1", {"from": "\u0661"}),
        (b"to=%", {"to": "%"}),
        (b"to=%zz", {"to": "%zz"}),
        (b"to=%FF", {"to": "\ufffd"}),
        (b"to=\xff", {"to": "\ufffd"}),
        (b"projectKey=a", {"projectKey": ["a"]}),
        (b"projectKey=a,b", {"projectKey": ["a,b"]}),
        (b"projectKey=a&projectKey=b&projectKey=a", {"projectKey": ["a", "b", "a"]}),
        (b"projectKey=&projectKey", {"projectKey": ["", ""]}),
        (b"projectKey=k%C3%A4se+1", {"projectKey": ["käse 1"]}),
        (b"projectKey=a%26from=1", {"projectKey": ["a&from=1"]}),
        (b"limit=5&FROM=1&projectKey[]=a&=x", {}),
    ],
)
def test_a_query_string_is_split_into_the_documented_parameters(
    raw: bytes, parameters: dict[str, str]
) -> None:
    """`+` is a space, percent-encoding is undone, other parameters are left out, a comma stays in its key."""
    assert parse(raw) == parameters


@pytest.mark.parametrize("name", ["from", "to", "granularity", "aggregationType"])
def test_a_parameter_of_one_value_is_refused_when_given_twice(name: str) -> None:
    """Equal values included; the message has the name and both values."""
    for second in ("5", "1"):
        with pytest.raises(Refusal) as caught:
            parse(f"{name}=1&projectKey=a&{name}={second}".encode())

        assert (caught.value.status, caught.value.rule) == (400, "scalar-parameters-once")
        assert caught.value.message.startswith(f"{name} is given more than once, as '1' and {second!r}")


def test_an_undocumented_parameter_may_repeat() -> None:
    """It is ignored, however often it comes."""
    assert parse(b"page=1&page=2&from=3") == {"from": "3"}


def test_ten_thousand_keys_are_one_filter() -> None:
    """In the order of their first appearance, each once."""
    raw = "&".join(f"projectKey={index % 5_000}" for index in range(10_000)).encode()

    query = resolve(parse(raw), NOW_S)

    assert query.project_keys == tuple(str(index) for index in range(5_000))


def test_without_parameters_the_window_is_this_month_so_far() -> None:
    """`from` defaults to the month's first instant, `to` to now, the series to month-to-date by day."""
    assert resolve({}, NOW_S) == Query(FEBRUARY_S, NOW_S, (), "daily", "month_to_date")


@pytest.mark.parametrize(
    ("now_s", "from_s"),
    [
        (0, 0),
        (2_678_399, 0),  # the last second of January 1970
        (2_678_400, 2_678_400),
        (1_709_251_199, 1_706_745_600),  # the last second of 2024-02-29
        (1_735_689_599, 1_733_011_200),  # the last second of 2024
        (1_735_689_600, 1_735_689_600),
        (2_147_483_648, 2_145_916_800),  # 2038-01-19
    ],
)
def test_the_default_from_turns_with_the_month(now_s: int, from_s: int) -> None:
    """To the second: month ends, a leap day, a year's end, 2038; at a first instant the window is empty."""
    query = resolve({}, now_s)

    assert (query.from_s, query.to_s) == (from_s, now_s)


def test_giving_a_default_changes_nothing() -> None:
    """SEMANTICS 3, for each of the four that have a written form."""
    given = parse(b"aggregationType=month_to_date&to=%d&granularity=daily&from=%d" % (NOW_S, FEBRUARY_S))

    assert resolve(given, NOW_S) == resolve({}, NOW_S)


def test_leading_zeros_change_nothing() -> None:
    """Ten digits are ten digits; the value is a number."""
    assert resolve({"from": "0000000007"}, NOW_S).from_s == 7


def test_a_monthly_series_is_month_to_date_only() -> None:
    """The document gives `daily` alone to the other two; the default aggregation is month-to-date."""
    assert resolve({"granularity": "monthly"}, NOW_S).granularity == "monthly"
    assert (
        resolve({"granularity": "monthly", "aggregationType": "month_to_date"}, NOW_S).granularity
        == "monthly"
    )
    for aggregation in ("incremental", "rolling_30d"):
        with pytest.raises(Refusal) as caught:
            resolve({"granularity": "monthly", "aggregationType": aggregation}, NOW_S)

        assert (caught.value.status, caught.value.rule) == (400, "monthly-needs-month-to-date")
        assert "granularity='monthly'" in caught.value.message
        assert f"aggregationType={aggregation!r}" in caught.value.message


def test_a_window_of_one_instant_is_valid() -> None:
    """`from` = `to` is no inversion."""
    assert resolve({"from": "5", "to": "5"}, NOW_S).to_s == 5


def test_an_inverted_window_is_refused_with_both_ends() -> None:
    """The message has both values as they were sent, and both dates."""
    with pytest.raises(Refusal) as caught:
        resolve({"from": "0000000007", "to": "6"}, NOW_S)

    assert (caught.value.status, caught.value.rule) == (400, "window-not-inverted")
    assert str(caught.value).startswith(
        "from='0000000007' (1970-01-01T00:00:07Z) lies after to='6' (1970-01-01T00:00:06Z); "
        "a window can't end before it starts."
    )


def test_a_lone_from_in_the_future_meets_the_default_of_to() -> None:
    """The message names the default that it met; one second earlier is valid."""
    with pytest.raises(Refusal, match=r"to='1771588800' .*the default: the current time"):
        resolve({"from": str(NOW_S + 1)}, NOW_S)

    assert resolve({"from": str(NOW_S)}, NOW_S).from_s == NOW_S


def test_a_lone_to_before_this_month_meets_the_default_of_from() -> None:
    """The message names the default that it met; one second later is valid."""
    with pytest.raises(Refusal, match=r"from='1769904000' .*the default: the beginning of the current month"):
        resolve({"to": str(FEBRUARY_S - 1)}, NOW_S)

    assert resolve({"to": str(FEBRUARY_S)}, NOW_S).to_s == FEBRUARY_S
