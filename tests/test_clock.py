"""Clocks, and how an instant may be written."""

from __future__ import annotations

import time

import pytest

from usagetwin.clock import frozen_clock, parse_instant, real_clock
from usagetwin.errors import SettingError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("1735689600", 1_735_689_600),
        ("0000000007", 7),
        ("9999999999", 9_999_999_999),
        ("1970-01-01", 0),
        ("2024-02-29", 1_709_164_800),
        ("2025-01-01", 1_735_689_600),
        ("2025-01-01T00:00:00Z", 1_735_689_600),
        ("2025-01-01T00:00:00", 1_735_689_600),
        ("2025-01-01T01:00:00+01:00", 1_735_689_600),
        ("2024-12-31T19:00:00-05:00", 1_735_689_600),
        ("2038-01-19T03:14:08Z", 2_147_483_648),
        ("2286-11-20T17:46:39Z", 9_999_999_999),
    ],
)
def test_an_instant_is_unix_seconds_or_iso_8601(text: str, expected: int) -> None:
    """Without a zone it is UTC, and a date is its first second."""
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    ("text", "date", "second"),
    [
        ("20260317", "2026-03-17", "1970-08-23T11:51:57Z"),
        ("20240229", "2024-02-29", "1970-08-23T06:17:09Z"),
        ("202603", "2026-03-01", "1970-01-03T08:16:43Z"),
        ("2026", "2026-01-01", "1970-01-01T00:33:46Z"),
    ],
)
def test_digits_that_look_like_a_date_are_refused_with_both_readings(
    text: str, date: str, second: str
) -> None:
    """Either would be a surprise to somebody; each way to write it is one."""
    with pytest.raises(SettingError) as caught:
        parse_instant(text)

    assert repr(text) in caught.value.problem
    assert caught.value.remedy == f"{date}, or {second}"
    assert parse_instant(second) == int(text)


@pytest.mark.parametrize(
    "text", ["20261301", "20260230", "19691231", "22870101", "202613", "1969", "2026031"]
)
def test_digits_that_are_no_date_are_unix_seconds(text: str) -> None:
    """Nobody can mean a date by them."""
    assert parse_instant(text) == int(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "1735689600000",
        "-1",
        "1.5",
        "1e9",
        "2026-13-01",
        "2026-02-29",
        "2026-01-01T25:00:00Z",
        "\u0661\u0662",
        "1\n",
    ],
)
def test_what_is_no_instant_is_told_the_valid_forms(text: str) -> None:
    """All three forms, with an example of each."""
    with pytest.raises(SettingError) as caught:
        parse_instant(text)

    assert repr(text) in caught.value.problem
    assert "1735689600" in caught.value.remedy
    assert "2026-03-17T15:20:00Z" in caught.value.remedy


@pytest.mark.parametrize("text", ["1969-12-31T23:59:59Z", "0001-01-01", "2286-11-20T17:46:40Z", "9999-12-31"])
def test_an_instant_beyond_ten_digits_is_out_of_range(text: str) -> None:
    """No query could name it."""
    with pytest.raises(SettingError) as caught:
        parse_instant(text)

    assert caught.value.problem == f"the instant {text!r} is out of range"
    assert caught.value.remedy == "an instant from 1970-01-01 to 2286-11-20"


def test_a_frozen_clock_stands_still() -> None:
    """It gives the same instant each time."""
    clock = frozen_clock(1_735_689_600)

    assert [clock(), clock()] == [1_735_689_600, 1_735_689_600]


def test_the_real_clock_follows_time_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole seconds, rounded down, through the function that time-travel libraries replace."""
    monkeypatch.setattr(time, "time", lambda: 1_735_689_600.999)

    assert real_clock() == 1_735_689_600
