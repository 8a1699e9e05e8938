"""Tests of `usagetwin_checker.talking.retries`: what is waited out and tried again, and when it ends."""

import math
import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from tests.checker.scripted import ScriptedTarget, exchange
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.retries import ALL_LOST_S, ALL_WAITING_S, LONGEST_WAIT_S, MOST_KEPT, Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from usagetwin_checker.exchanges import Exchange


class Waiting:
    """A patience whose target gives these answers in turn, the last one for ever; `waits` are its sleeps."""

    def __init__(
        self,
        *answers: "Exchange",
        may_ask: "Callable[[], bool]" = lambda: True,
        time_s: float = math.inf,
    ) -> None:
        """Take the answers, and how long the run may take: its time goes by where it waits or is answered."""
        self.waits: list[float] = []
        self.left_s = time_s
        self._answers = answers
        self.target = ScriptedTarget(self._answer)
        self.patience = Patience(self.target, self._sleep, may_ask, lambda: self.left_s)

    def _answer(self, _ask: Ask, number: int) -> "Exchange":
        answer = self._answers[min(number, len(self._answers) - 1)]
        self.left_s -= answer.seconds
        return answer

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.left_s -= seconds

    def status(self) -> int:
        """Send one request, and give the status that comes of it."""
        return self.patience.send(Ask()).status


def throttled(headers: "Mapping[str, str] | None" = None) -> "Exchange":
    """Make a 429."""
    return exchange(429, headers=headers)


def test_an_answer_is_given_at_once() -> None:
    """Nothing is waited for, and nothing asked twice, where an answer comes."""
    waiting = Waiting(exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == []
    assert len(waiting.target.asked) == 1


def test_each_try_sends_what_was_asked() -> None:
    """After a 429 as after a gateway's error."""
    ask = Ask((("granularity", "daily"),))
    waiting = Waiting(throttled(), exchange(503), exchange(200))

    waiting.patience.send(ask)

    assert waiting.target.asked == [ask] * 3


def test_what_is_waited_out_is_kept() -> None:
    """A 429 is an answer like any other, and can be judged; there is no end of them that would be kept."""
    waiting = Waiting(throttled({"retry-after": "3"}), throttled(), exchange(200))
    now_and_then = Waiting(*[throttled({"retry-after": "0"}), exchange(200)] * (MOST_KEPT + 5))

    assert waiting.status() == 200
    assert [kept.headers.get("retry-after") for kept in waiting.patience.waited_out] == ["3", None]
    assert {now_and_then.status() for _ in range(MOST_KEPT + 5)} == {200}
    assert len(now_and_then.patience.waited_out) == MOST_KEPT


def test_retry_after_in_seconds_is_kept_to() -> None:
    """The target says how long, and is asked again after that."""
    waiting = Waiting(throttled({"retry-after": "7"}), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [7.0]


def test_retry_after_as_a_date_is_kept_to() -> None:
    """An HTTP date is the instant to wait for."""
    waiting = Waiting(throttled({"retry-after": formatdate(time.time() + 20, usegmt=True)}), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [pytest.approx(20, abs=2)]


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> "Iterator[None]":
    """Let the machine be in another zone than UTC."""
    monkeypatch.setenv("TZ", "UTC-09")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can't be set here")
@pytest.mark.usefixtures("far_from_utc")
def test_a_date_without_a_zone_is_utc() -> None:
    """An HTTP date is in GMT, and `-0000` says no more than that, wherever the machine is."""
    waiting = Waiting(throttled({"retry-after": formatdate(time.time() + 20)}), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [pytest.approx(20, abs=2)]


@pytest.mark.parametrize("name", ["x-ratelimit-reset", "x-ratelimit-auth-token-reset"])
def test_a_reset_header_is_an_instant_in_milliseconds(name: str) -> None:
    """Without `Retry-After` the reset header says when (FACTS 14)."""
    reset_ms = int((time.time() + 9) * 1000)
    waiting = Waiting(throttled({name: str(reset_ms)}), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [pytest.approx(9, abs=2)]


def test_retry_after_goes_before_the_reset_header() -> None:
    """Of both, `Retry-After` counts."""
    both = {"retry-after": "2", "x-ratelimit-reset": str(int((time.time() + 50) * 1000))}
    waiting = Waiting(throttled(both), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [2.0]


def test_without_a_header_the_wait_doubles_from_three_tenths() -> None:
    """A target that says nothing is asked after 0.3 s, 0.6 s, 1.2 s."""
    waiting = Waiting(throttled(), throttled(), throttled(), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [0.3, 0.6, 1.2]


@pytest.mark.parametrize(
    "after",
    [
        "soon",
        "-1",
        "1.5",
        "9" * 5000,
        "²",
        "Mon, 99 Foo 2026",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "(",
        "",
        "Mon, 01 Jan 2026 00:00:00 +9999999999",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "0",
    ],
)
def test_any_header_leads_to_a_wait_within_bounds(after: str) -> None:
    """What can't be read, lies in the past or far ahead is no reason to fail, or to wait for ever."""
    waiting = Waiting(throttled({"retry-after": after, "x-ratelimit-reset": after}), exchange(200))

    assert waiting.status() == 200
    assert len(waiting.waits) == 1
    assert 0 < waiting.waits[0] <= LONGEST_WAIT_S


@pytest.mark.parametrize(
    "headers", [{}, {"retry-after": "0"}, {"retry-after": "50"}, {"retry-after": "9999"}]
)
def test_all_waiting_has_a_bound(headers: dict[str, str]) -> None:
    """A target that is throttled for ever is given up on: its 429 is the answer, then and after."""
    waiting = Waiting(throttled(headers))

    assert waiting.status() == 429
    assert waiting.patience.busy is not None
    assert sum(waiting.waits) <= ALL_WAITING_S
    assert len(waiting.waits) < 15

    asked = len(waiting.target.asked)
    assert waiting.status() == 429
    assert len(waiting.target.asked) == asked + 1


@pytest.mark.parametrize("after", ["61", "3600", "1" * 20])
def test_a_wait_that_no_check_waits_is_not_begun(after: str) -> None:
    """Nobody is asked too early; what was asked for is named."""
    waiting = Waiting(throttled({"retry-after": after}), exchange(200))

    assert waiting.status() == 429
    assert waiting.waits == []
    assert waiting.patience.busy == (
        f"the target asks to be left alone for {float(after):.0f} s (429), and a check waits 60 s at most"
    )


@pytest.mark.parametrize(("after", "waits"), [("4", [4.0]), ("5", []), ("60", [])])
def test_a_wait_that_ends_after_the_time_of_the_run_is_not_begun(after: str, waits: list[float]) -> None:
    """What the target asked for is named, and what was left."""
    waiting = Waiting(throttled({"retry-after": after}), exchange(200), time_s=4.5)

    assert waiting.status() == (200 if waits else 429)
    assert waiting.waits == waits
    said = (
        None if waits else f"the target asks to be left alone for {after} s (429), and --max-time leaves 4 s"
    )
    assert waiting.patience.busy == said


@pytest.mark.parametrize(("headers", "said"), [({"retry-after": "soon"}, " (Retry-After: 'soon')"), ({}, "")])
def test_waits_of_our_own_end_with_the_time_of_the_run(headers: dict[str, str], said: str) -> None:
    """A target that says nothing that can be read is asked again as long as there is time."""
    waiting = Waiting(throttled(headers), time_s=10)

    assert waiting.status() == 429
    assert waiting.waits == [0.3, 0.6, 1.2, 2.4, 4.8]
    assert waiting.patience.busy == (
        f"the target answers 429{said}, the next request would be 9.6 s later, and --max-time leaves 1 s"
    )


def test_nothing_is_waited_out_once_the_time_of_the_run_is_over() -> None:
    """However short it is."""
    waiting = Waiting(throttled({"retry-after": "0"}), time_s=-3)

    assert waiting.status() == 429
    assert waiting.waits == []
    assert str(waiting.patience.busy).endswith("and --max-time leaves 0 s")


def test_what_is_sent_again_is_counted() -> None:
    """After a 429, a gateway's error, and no answer: all but the first try."""
    lost = exchange(0, failure="ReadError")
    waiting = Waiting(throttled(), exchange(503), lost, exchange(200))

    assert [waiting.status(), waiting.status()] == [200, 200]
    assert waiting.patience.sent_again == 3
    assert len(waiting.target.asked) == 5


def test_who_is_interrupted_while_waiting_sends_nothing_again() -> None:
    """The refusal is what came of it, and is kept once."""
    may_ask = iter([True, False])
    waiting = Waiting(throttled(), exchange(200), may_ask=lambda: next(may_ask))

    assert waiting.status() == 429
    assert (waiting.patience.sent_again, waiting.patience.waited_out) == (0, [])


def test_the_bound_is_on_the_waits_of_all_requests_together() -> None:
    """Sixty seconds for one request and sixty for another leave nothing for a third."""
    slow = throttled({"retry-after": "60"})
    waiting = Waiting(slow, exchange(200), slow, exchange(200), slow)

    assert [waiting.status() for _ in range(3)] == [200, 200, 429]
    assert waiting.waits == [60.0, 60.0]
    assert waiting.patience.busy is not None


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_is_tried_twice_more(status: int) -> None:
    """A gateway's error counts only when it comes three times (SEMANTICS 4)."""
    recovering = Waiting(exchange(status), exchange(status), exchange(200))
    broken = Waiting(exchange(status))

    assert recovering.status() == 200
    assert broken.status() == status
    assert len(broken.target.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 500, 501])
def test_another_answer_is_not_tried_again(status: int) -> None:
    """The API's own answers count at once."""
    waiting = Waiting(exchange(status))

    assert waiting.status() == status
    assert len(waiting.target.asked) == 1


def test_a_request_without_an_answer_is_tried_twice_more() -> None:
    """A dropped connection may be chance."""
    dropped = exchange(0, failure="ReadError")

    recovering, broken = Waiting(dropped, dropped, exchange(200)), Waiting(dropped)

    assert recovering.status() == 200
    broken.status()
    assert len(broken.target.asked) == 3


def test_what_could_not_be_sent_is_not_tried_again_at_once() -> None:
    """A name that is not known is none a moment later."""
    waiting = Waiting(replace(exchange(0, failure="the host's name is not known"), unsent=True))

    waiting.status()

    assert len(waiting.target.asked) == 1
    assert waiting.patience.sent_again == 0


def test_a_target_that_never_answers_is_gone() -> None:
    """Time without an answer has a bound, over all requests; after it nothing is tried twice."""
    waiting = Waiting(exchange(0, failure="no whole answer within 30 s", seconds=ALL_LOST_S / 3))

    waiting.status()
    assert len(waiting.target.asked) == 3
    assert waiting.patience.gone

    waiting.status()
    assert len(waiting.target.asked) == 4


def test_who_does_not_answer_until_the_time_is_over_is_gone() -> None:
    """What was asked in vain beyond it is not asked again."""
    waiting = Waiting(exchange(0, failure="no whole answer within 30 s", seconds=30), time_s=20)

    waiting.status()

    assert waiting.patience.gone
    assert len(waiting.target.asked) == 1


def test_a_request_that_fails_at_once_is_tried_again_however_late_it_is() -> None:
    """That takes no time, and a verdict may need it."""
    waiting = Waiting(exchange(0, failure="ReadError"), exchange(200), time_s=-1)

    assert waiting.status() == 200
    assert not waiting.patience.gone


@pytest.mark.parametrize("status", [200, 429, 503])
def test_time_with_an_answer_is_not_lost(status: int) -> None:
    """A target that is slow and answers is not gone, whatever it says."""
    waiting = Waiting(exchange(status, seconds=ALL_LOST_S))

    assert waiting.status() == status
    assert not waiting.patience.gone


def test_a_gateway_between_two_waits_is_tried_again_too() -> None:
    """429, then 503, then an answer: both kinds of patience go together."""
    waiting = Waiting(throttled({"retry-after": "1"}), exchange(503), exchange(200))

    assert waiting.status() == 200
    assert waiting.waits == [1.0]
