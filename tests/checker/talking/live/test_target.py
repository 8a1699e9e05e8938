"""Tests of `usagetwin_checker.talking.live.target`: how another's host is asked, and when no more."""

import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.scripted import ScriptedTarget, exchange
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.live.day import Day, NothingLeftError
from usagetwin_checker.talking.live.target import LONGEST_WAIT_S, LiveTarget, live_of
from usagetwin_checker.talking.retries import Patience

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin_checker.exchanges import Exchange

HOST: Final = "usage.example"
PACE_S: Final = 2.0
TAKES_S: Final = 0.25  # an answer, by the clock of these tests


class Asking:
    """A host that gives these answers in turn, the last one for ever, and a clock that only sleep moves."""

    def __init__(self, folder: "Path", *answers: "Exchange", per_day: int = 9) -> None:
        """Take the answers."""
        self.now_s = 1000.0
        self.at_s: list[float] = []
        self.left: list[int] = []  # of the day, while each request is sent
        self._answers = answers
        self.scripted = ScriptedTarget(self._answer, name=f"https://{HOST}", loopback=False)
        self.day = Day(HOST, per_day, folder=folder)
        self.target = LiveTarget(
            self.scripted, self.day, pace_s=PACE_S, sleep=self.sleep, monotonic=lambda: self.now_s
        )

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds

    def _answer(self, _ask: Ask, number: int) -> "Exchange":
        self.at_s.append(self.now_s)
        self.left.append(self.day.left)
        self.now_s += TAKES_S
        return self._answers[min(number, len(self._answers) - 1)]

    def apart(self, asks: int = 3) -> list[float]:
        """Send requests, and give the time from each answer to the next request."""
        self.target.budget(None)
        for _ in range(asks):
            self.target.send(Ask())
        return [later - earlier - TAKES_S for earlier, later in zip(self.at_s, self.at_s[1:], strict=False)]


def test_it_is_the_target_that_it_asks(tmp_path: "Path") -> None:
    """By name, place and route; and what comes back is what that gave."""
    asking = Asking(tmp_path, exchange(200, b"{}"))
    asking.target.budget(None)

    found = asking.target.send(Ask((("granularity", "daily"),)))

    assert (asking.target.name, asking.target.loopback, asking.target.route) == (
        f"https://{HOST}",
        False,
        "no proxy",
    )
    assert (found.status, found.body) == (200, b"{}")
    assert asking.scripted.asked == [Ask((("granularity", "daily"),))]
    asking.target.interrupt()
    asking.target.close()


def test_the_first_request_waits_for_nothing_and_each_other_for_the_pace(tmp_path: "Path") -> None:
    """It is counted from the answer before."""
    asking = Asking(tmp_path, exchange(200))

    assert asking.apart() == [PACE_S, PACE_S]
    assert asking.at_s[0] == 1000.0


def test_who_is_slow_anyway_is_not_slowed_down(tmp_path: "Path") -> None:
    """The time that went by meanwhile counts."""
    asking = Asking(tmp_path, exchange(200))
    asking.apart(1)
    asking.sleep(PACE_S - 0.5)
    asking.target.send(Ask())

    assert asking.at_s[1] - asking.at_s[0] - TAKES_S == PACE_S


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", ""])
def test_another_method_than_get_is_never_sent(tmp_path: "Path", method: str) -> None:
    """Whoever asks for it is told, and nothing is counted."""
    asking = Asking(tmp_path, exchange(200))
    asking.target.budget(None)

    found = asking.target.send(Ask(method=method))

    assert found.failure == f"not sent: {method} is not sent to a host that is not this machine"
    assert asking.scripted.asked == []
    assert asking.target.left == 9


def test_nothing_is_sent_before_the_run_has_begun(tmp_path: "Path") -> None:
    """Nobody would count it."""
    asking = Asking(tmp_path, exchange(200))

    assert asking.target.send(Ask()).failure == "not sent: usage.example got all requests of the day"
    assert asking.scripted.asked == []


def test_a_day_has_an_end(tmp_path: "Path") -> None:
    """What is beyond it is not sent."""
    asking = Asking(tmp_path, exchange(200), per_day=2)
    asking.apart(4)

    assert len(asking.scripted.asked) == 2
    assert asking.target.left == 0


@pytest.mark.parametrize(("most", "budget"), [(None, 9), (4, 4), (20, 9)])
def test_a_run_gets_what_it_asks_for_and_its_day_has(tmp_path: "Path", most: int | None, budget: int) -> None:
    """And says so before the first request."""
    target = Asking(tmp_path, exchange(200)).target

    assert target.budget(most) == budget
    assert target.told(budget) == (
        "usage.example gets 9 requests a day (UTC): 0 were sent today, and this run sends "
        f"{budget} at most, by GET alone, one at a time, 2 s apart"
    )


def test_a_run_begins_with_what_others_have_left(tmp_path: "Path") -> None:
    """And not at all where that is nothing; the host is free for another run then."""
    first = Asking(tmp_path, exchange(200), per_day=3)
    first.apart(2)
    first.target.close()
    second = Asking(tmp_path, exchange(200), per_day=3)
    assert second.target.budget(None) == 1
    second.target.send(Ask())
    assert second.target.note() == (
        "usage.example got 1 requests of this run, and 3 of the 3 that it gets today (UTC); by GET alone"
    )
    second.target.close()

    for _ in range(2):
        with pytest.raises(NothingLeftError):
            Asking(tmp_path, exchange(200), per_day=3).target.budget(None)


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_busy_is_left_alone_as_long_as_it_asks(tmp_path: "Path", status: int) -> None:
    """In seconds, as a date, or by the instant of its reset."""
    date = {"date": formatdate(time.time(), usegmt=True)}
    reset = {"x-ratelimit-reset": f"{int(time.time()) + 9}000"}
    for number, (headers, wait_s) in enumerate(
        [
            ({"retry-after": "7"}, 7),
            (date | {"retry-after": formatdate(time.time() + 20, usegmt=True)}, 20),
            (date | reset, 9),
            ({"retry-after": "0"}, PACE_S),
            ({}, PACE_S),
        ]
    ):
        asking = Asking(tmp_path / str(number), exchange(status, headers=headers), exchange(200))

        assert asking.apart(2) == [pytest.approx(wait_s, abs=1.1)]


def test_who_has_nothing_left_is_not_asked_before_it_has_more(tmp_path: "Path") -> None:
    """A 200 that says that it was the last of its window is not followed by a 429."""
    sent_s = int(time.time())
    spent = {
        "date": formatdate(sent_s, usegmt=True),
        "x-ratelimit-route-remaining": "0",
        "x-ratelimit-reset": f"{sent_s + 8}000",
    }

    assert Asking(tmp_path, exchange(200, headers=spent), exchange(200)).apart(3) == [8.0, PACE_S]


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_more_than_a_check_waits_is_asked_no_more(tmp_path: "Path", status: int) -> None:
    """It is never asked too early, and the reason is kept."""
    asking = Asking(tmp_path, exchange(status, headers={"retry-after": "3600"}), exchange(200))
    asking.apart(3)

    assert len(asking.scripted.asked) == 1
    assert asking.target.left == 0
    assert asking.target.halted == (
        "usage.example asks to be left alone for 3600 s, and a check waits 60 s at most"
    )


def test_who_asks_for_just_as_much_as_a_check_waits_is_asked_again(tmp_path: "Path") -> None:
    """After that time."""
    busy = exchange(429, headers={"retry-after": f"{LONGEST_WAIT_S:.0f}"})

    assert Asking(tmp_path, busy, exchange(200)).apart(2) == [LONGEST_WAIT_S]


def test_a_wait_that_ends_after_the_time_of_a_run_is_not_begun(tmp_path: "Path") -> None:
    """As long as there is time for it, it is; else the host is asked no more, and the reason is kept."""
    asking = Asking(tmp_path, exchange(503, headers={"retry-after": "50"}), exchange(200))
    asking.apart(1)
    asking.sleep(10)

    assert [asking.target.may_wait(left_s) for left_s in (41, 40, 39)] == [True, True, False]
    assert asking.target.halted == "usage.example asks to be left alone for 50 s, and --max-time leaves 39 s"
    assert not asking.target.may_wait(60)


@pytest.mark.parametrize("after", ["0", f"{PACE_S:.0f}"])
def test_the_pace_is_kept_however_late_it_is(tmp_path: "Path", after: str) -> None:
    """A host that asks for no more than that does not end a run."""
    asking = Asking(tmp_path, exchange(429, headers={"retry-after": after}), exchange(200))
    asking.apart(1)

    assert asking.target.may_wait(-5)
    assert asking.target.send(Ask()).status == 200
    assert asking.at_s[1] - asking.at_s[0] - TAKES_S == PACE_S


def test_who_is_interrupted_while_waiting_sends_nothing_more(tmp_path: "Path") -> None:
    """And counts nothing."""
    asking = Asking(tmp_path, exchange(200))
    asking.apart(1)
    asking.target.interrupt()

    assert asking.target.send(Ask()).failure == "not sent: interrupted"
    assert len(asking.scripted.asked) == 1
    assert asking.target.left == 8


def test_a_refusal_that_is_waited_out_counts_for_the_day(tmp_path: "Path") -> None:
    """It was a request, though a check has no answer of it; and nothing is tried beyond the day."""
    asking = Asking(tmp_path, exchange(429), exchange(503), exchange(200), per_day=3)
    asking.target.budget(None)
    patience = Patience(asking.target, asking.sleep, lambda: asking.target.left > 0)

    assert patience.send(Ask()).status == 200
    assert asking.target.left == 0

    ending = Asking(tmp_path / "other", exchange(429), per_day=2)
    ending.target.budget(None)
    assert Patience(ending.target, ending.sleep, lambda: ending.target.left > 0).send(Ask()).status == 429
    assert len(ending.scripted.asked) == 2


def test_a_count_that_can_not_be_kept_ends_the_asking(tmp_path: "Path") -> None:
    """With its reason."""
    asking = Asking(tmp_path / "folder", exchange(200))
    asking.apart(1)
    for file in (tmp_path / "folder").iterdir():
        file.unlink()
    (tmp_path / "folder").rmdir()

    assert "can't be written" in str(asking.target.send(Ask()).failure)
    assert "can't be written" in str(asking.target.halted)
    assert asking.target.left == 0


def test_what_could_not_be_sent_is_given_back(tmp_path: "Path") -> None:
    """The day has as many as before; and the note says of each number what it counts."""
    unsent = replace(exchange(0, failure="nothing listens there"), unsent=True)
    asking = Asking(tmp_path, exchange(200), unsent, unsent, exchange(0, failure="ReadError"))
    asking.apart(4)

    assert asking.target.left == 7
    assert asking.target.note() == (
        "usage.example got 2 requests of this run, and 2 of the 9 that it gets today (UTC); by GET alone; "
        "2 more could not be sent, and don't count"
    )


def test_what_could_not_be_sent_is_counted_while_it_is_tried(tmp_path: "Path") -> None:
    """Whoever dies meanwhile has counted it."""
    unsent = replace(exchange(0, failure="nothing listens there"), unsent=True)
    asking = Asking(tmp_path, unsent)
    asking.apart(2)

    assert (asking.left, asking.day.left) == ([8, 8], 9)


class PassingOn:
    """A target around another."""

    def __init__(self, target: object) -> None:
        """Take the other."""
        self.passes_on_to = target


def test_a_live_target_is_known_behind_what_passes_requests_on_to_it(tmp_path: "Path") -> None:
    """So that a run keeps to what it would refuse."""
    asking = Asking(tmp_path, exchange(200))

    assert live_of(asking.target) is asking.target
    assert live_of(PassingOn(PassingOn(asking.target))) is asking.target
    assert live_of(PassingOn(asking.scripted)) is None
    assert live_of(asking.scripted) is None
