"""Tests of a target's current time, as a recording shows it."""

from email.utils import formatdate

import pytest

from tests.acme import FEB_27, MAR_1, MAR_2, MAR_3, NOW_S
from tests.checker.hostile import body
from usagetwin.days import SECONDS_PER_DAY
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.recorded_now import asked_again, contradicted, learned, probes

DEFAULT = Ask()
FAR = Ask((("to", "9999999999"), ("aggregationType", "incremental")))
CLOSED = Ask((("from", str(FEB_27)), ("to", str(MAR_2))))
ELSEWHERE = Knowledge(loopback=False)
LATER_S = NOW_S + 200 * SECONDS_PER_DAY


def exchange(ask: Ask, newest: int = MAR_3, at_s: float = NOW_S, date_s: int | None = None) -> Exchange:
    """Give an answer whose newest bucket is this day's."""
    headers = {"content-type": "application/json"}
    if date_s is not None:
        headers["date"] = formatdate(date_s, usegmt=True)
    return Exchange(ask, int(at_s), at_s, 0.0, 200, headers, body((newest * 1000, 1)))


def test_the_probes_of_a_check_show_it_as_in_a_run() -> None:
    """Whoever recorded it, and whatever the dates say: the clock of a twin may stand anywhere."""
    run = [exchange(ask, at_s=LATER_S + at) for at, ask in enumerate((DEFAULT, FAR, CLOSED, DEFAULT, FAR))]

    found = learned(Knowledge(), run)

    assert found.now == Now(MAR_3, MAR_3 + 86399)
    assert found.still


def test_what_was_asked_after_the_last_probes_was_asked_again() -> None:
    """Of a run that was ended before its last probes, nothing was."""
    run = [exchange(ask) for ask in (DEFAULT, FAR, CLOSED, DEFAULT, FAR, CLOSED)]

    assert asked_again(run) == run[5:]
    assert asked_again(run[:3]) == ()
    assert probes(run[2:]) == ([], [])
    assert asked_again([*run[:5], *run[:2]]) == run[:2]  # a finding that the probes show


def test_dates_are_believed_where_answers_bear_them_out() -> None:
    """The days from the first to the last, where the newest buckets are theirs."""
    first = exchange(DEFAULT, MAR_2, date_s=MAR_2 + 3600)
    last = exchange(Ask((("aggregationType", "incremental"),)), MAR_3, date_s=NOW_S)

    assert learned(Knowledge(), [first, last]).now == Now(MAR_2, MAR_3 + 86399)


def test_where_an_answer_ends_long_before_its_date_its_end_counts() -> None:
    """As that of a twin whose clock stands still."""
    found = learned(Knowledge(), [exchange(DEFAULT, MAR_1, date_s=LATER_S)])

    assert found.now == Now(MAR_1, MAR_1 + 86399)


def test_where_no_answer_ends_by_itself_dates_count_elsewhere_than_on_loopback() -> None:
    """A server on this machine may have any clock: its time is some time since its newest bucket."""
    answers = [exchange(CLOSED, MAR_1, date_s=NOW_S)]

    assert learned(ELSEWHERE, answers).now == Now(MAR_3, MAR_3 + 86399)
    assert learned(Knowledge(), answers).now == Now(MAR_1, MAR_3 + 86399)


def test_near_the_turn_of_a_day_both_days_are_possible() -> None:
    """Clocks differ by some minutes."""
    assert learned(ELSEWHERE, [exchange(CLOSED, MAR_1, date_s=MAR_3 + 60)]).now == Now(MAR_2, MAR_3 + 86399)


def test_without_a_date_it_is_when_it_was_recorded() -> None:
    """A date that is none is no date."""
    answer = exchange(CLOSED, MAR_1)

    assert learned(ELSEWHERE, [answer]).now == Now(MAR_3, MAR_3 + 86399)
    answer.headers["date"] = "soon"
    assert learned(ELSEWHERE, [answer]).now == Now(MAR_3, MAR_3 + 86399)


@pytest.mark.parametrize("answers", [[], [exchange(CLOSED, at_s=0)], [exchange(CLOSED, at_s=MAR_1)]])
def test_it_may_be_unknown(answers: list[Exchange]) -> None:
    """Where nothing says when it was, or what says so is earlier than what is shown."""
    assert learned(ELSEWHERE, answers).now is None


def test_a_time_that_is_given_is_believed() -> None:
    """Unless probes contradict it."""
    given = Now(NOW_S, NOW_S)
    run = [exchange(DEFAULT, MAR_1), exchange(FAR, MAR_1)]

    assert learned(Knowledge(now=given), [exchange(CLOSED)]).now == given
    assert contradicted(Now(LATER_S, LATER_S), run) == "the newest bucket that it shows is 2026-03-01"
    assert contradicted(given, run) is None
    assert contradicted(given, run[1:]) is None
