"""Tests of `usagetwin_checker.talking.room`."""

import json
from typing import Final

import pytest

from tests.acme import MAR_1, MAR_3
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.room import (
    FEWEST_BYTES,
    FEWEST_POINTS,
    MOST_BYTES,
    kept,
    most_bytes,
    most_points,
)

DAY_S: Final = 86_400
LAST: Final = "9999999999"


def ask(**window: str) -> Ask:
    """Make a request for a window; `from` is a word of Python's, so that it comes with an underscore."""
    return Ask(tuple((name.rstrip("_"), value) for name, value in window.items()))


@pytest.mark.parametrize(
    "asked",
    [
        ask(),
        ask(from_=str(MAR_1), to=str(MAR_3)),
        ask(from_=str(MAR_3), to=str(MAR_1)),
        ask(from_="x", to="y"),
    ],
    ids=str,
)
def test_a_short_window_has_room_for_a_whole_history(asked: Ask) -> None:
    """An answer that ignores its window is judged by what it shows."""
    assert most_points(asked) == FEWEST_POINTS
    assert FEWEST_BYTES < most_bytes(asked) < FEWEST_BYTES + 40 * 512


@pytest.mark.parametrize("asked", [ask(to=LAST), ask(from_="0", to=LAST), ask(from_="0")], ids=str)
def test_all_time_has_room_for_each_of_its_days_twice(asked: Ask) -> None:
    """A lone end has the other one anywhere; no answer gets more than 16 MiB."""
    assert most_points(asked) == 2 * (9_999_999_999 // DAY_S + 2) + 8
    assert most_bytes(asked) == MOST_BYTES


def test_a_body_of_usual_size_is_kept_as_it_came() -> None:
    """With its spaces, and whether or not it is JSON."""
    assert kept(b' {"a" : 1} ', ask()) == (b' {"a" : 1} ', 0)
    assert kept(b"<html>", ask()) == (b"<html>", 0)


def test_of_a_series_without_end_the_first_points_are_kept() -> None:
    """And how many there were."""
    points = [{"time": day, "0": 1} for day in range(10_000)]

    body, cut = kept(json.dumps({"_links": {}, "metadata": [{}], "series": points}).encode(), ask())

    assert cut == 10_000
    assert json.loads(body) == {"_links": {}, "metadata": [{}], "series": points[:FEWEST_POINTS]}


def test_padding_is_not_kept() -> None:
    """What is JSON stays the same JSON, escapes of half characters included."""
    body, cut = kept(
        rb'{"code": "\ud800", "n": 1.0, "big": 123456789012345678901' + b" " * 70_000 + b"}", ask()
    )

    assert (body, cut) == (rb'{"code":"\ud800","n":1.0,"big":123456789012345678901}', 0)


def test_a_long_text_is_cut() -> None:
    """It stays a text, which is all that a rule says of it."""
    body, _ = kept(json.dumps({"code": "x", "message": "m" * 100_000}).encode(), ask())

    assert json.loads(body) == {"code": "x", "message": "m" * 1000}


@pytest.mark.parametrize("start", [b"{}", b"[" * 70_000, b"\xff", b'{"a": NaN}'], ids=ascii)
def test_what_is_no_json_is_none_after_the_cut(start: bytes) -> None:
    """Its beginning says why; a beginning that is JSON by itself does not become an answer."""
    body, _ = kept(start + b" " * 70_000 + b"]]", ask())

    assert len(body) < 70_000
    with pytest.raises((ValueError, RecursionError)):
        json.loads(body)
