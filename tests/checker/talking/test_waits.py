"""Tests of `usagetwin_checker.talking.waits`: how long an answer asks to wait (FACTS 14)."""

import time
from email.utils import formatdate
from typing import Final

import pytest

from usagetwin_checker.talking.waits import asked_wait_s, wait_for_more_s

SENT_S: Final = 1_700_000_000  # by a clock that is years behind ours
DATE: Final = formatdate(SENT_S, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": formatdate(SENT_S + 20, usegmt=True)}, 20),
        ({"retry-after": formatdate(SENT_S - 20, usegmt=True)}, 0),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-reset": f"{SENT_S + 9}000"}, 9),
        ({"x-ratelimit-auth-token-reset": f"{SENT_S + 9}500"}, 9.5),
        ({"retry-after": "2", "x-ratelimit-reset": f"{SENT_S + 9}000"}, 2),
        ({"retry-after": "", "x-ratelimit-reset": "in a while"}, None),
    ],
)
def test_a_refusal_says_how_long_by_the_clock_of_its_sender(
    headers: dict[str, str], wait_s: float | None
) -> None:
    """A date and an epoch are held against the answer's own date."""
    assert asked_wait_s({"date": DATE, **headers}) == wait_s


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_without_a_date_it_is_by_our_clock(date: str) -> None:
    """There is no other."""
    headers = {"date": date, "retry-after": formatdate(time.time() + 20, usegmt=True)}

    assert asked_wait_s(headers) == pytest.approx(20, abs=2)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, 0),
        ({"x-ratelimit-route-remaining": "1", "x-ratelimit-reset": f"{SENT_S + 9}000"}, 0),
        ({"x-ratelimit-route-remaining": "0", "x-ratelimit-reset": f"{SENT_S + 9}000"}, 9),
        ({"x-ratelimit-global-remaining": "0", "x-ratelimit-reset": f"{SENT_S + 9}000"}, 9),
        ({"x-ratelimit-auth-token-remaining": "0", "x-ratelimit-auth-token-reset": f"{SENT_S + 3}000"}, 3),
        ({"x-ratelimit-auth-token-remaining": "0", "x-ratelimit-reset": f"{SENT_S + 4}000"}, 4),
        ({"x-ratelimit-route-remaining": "0", "x-ratelimit-auth-token-reset": f"{SENT_S + 3}000"}, 0),
        ({"x-ratelimit-route-remaining": "0"}, 0),
    ],
)
def test_an_answer_that_leaves_no_further_request_says_when_there_are_more(
    headers: dict[str, str], wait_s: float
) -> None:
    """By the reset header of what is spent; where there is none, nobody knows."""
    assert wait_for_more_s({"date": DATE, **headers}) == wait_s
