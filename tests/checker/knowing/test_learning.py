"""Tests of `usagetwin_checker.knowing.learning`: the current time, from what is answered (SEMANTICS 6)."""

from dataclasses import replace

import pytest

from tests.acme import MAR_1, MAR_2, MAR_3
from tests.checker.scripted import DAY_S, exchange, series
from usagetwin_checker.exchanges import Exchange
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.knowing.learning import learn

END_OF_MAR_3 = MAR_3 + DAY_S - 1
YEAR_2200 = 7_258_118_400


def ms(*days_s: float) -> Exchange:
    """Make a 200 with a bucket at each of these instants, labelled in milliseconds."""
    return series(*((day_s * 1000, 5) for day_s in days_s))


def learned(*before: Exchange, after: tuple[Exchange, ...] = ()) -> Now | None:
    """Learn from these probes, with nothing known before."""
    return learn(Knowledge(), before, after).now


def test_the_newest_bucket_of_both_probes_is_today() -> None:
    """The current time lies within the day of the newest bucket."""
    assert learned(ms(MAR_1, MAR_2, MAR_3), ms(MAR_1, MAR_3)) == Now(MAR_3, END_OF_MAR_3)


def test_a_series_that_was_cut_off_tells_no_time() -> None:
    """Its newest bucket may be among those that are not kept."""
    assert learned(replace(ms(MAR_1, MAR_2), cut=9_000), ms(MAR_3)) == Now(MAR_3, END_OF_MAR_3)


def test_the_order_of_the_buckets_does_not_matter() -> None:
    """A series that descends has its newest bucket first."""
    assert learned(ms(MAR_3, MAR_2)) == Now(MAR_3, END_OF_MAR_3)


def test_labels_in_seconds_are_understood() -> None:
    """The unit is taken from the magnitude."""
    assert learned(series((MAR_2, 1), (MAR_3, 1))) == Now(MAR_3, END_OF_MAR_3)


def test_a_label_within_the_day_names_its_day() -> None:
    """A label at noon, or at the day's last millisecond, is of that day."""
    assert learned(series(((MAR_3 + DAY_S) * 1000 - 1, 1))) == Now(MAR_3, END_OF_MAR_3)


def test_a_future_filled_with_zeros_is_not_today() -> None:
    """Where the far-future window has buckets far ahead, the default window decides."""
    assert learned(ms(MAR_2, MAR_3), ms(MAR_3, YEAR_2200)) == Now(MAR_3, END_OF_MAR_3)


def test_a_sparse_default_window_leaves_the_day_open() -> None:
    """Where one probe ends a day or two before the other, each of those days may be today."""
    assert learned(ms(MAR_1), ms(MAR_3)) == Now(MAR_1, END_OF_MAR_3)


def test_a_day_that_turns_during_the_run_leaves_both_days_open() -> None:
    """Probes before and after disagree by a day: the current time was in either."""
    now = learned(ms(MAR_2), ms(MAR_2), after=(ms(MAR_2, MAR_3), ms(MAR_3)))

    assert now == Now(MAR_2, END_OF_MAR_3)
    assert now is not None
    assert not now.one_day


def test_one_probe_is_enough() -> None:
    """An empty answer, or one that can't be read, teaches nothing and does no harm."""
    assert learned(exchange(429), ms(MAR_3)) == Now(MAR_3, END_OF_MAR_3)
    assert learned(exchange(500, b"{}"), ms(MAR_3)) == Now(MAR_3, END_OF_MAR_3)
    assert learned(exchange(200, b"<html>"), ms(MAR_3)) == Now(MAR_3, END_OF_MAR_3)


def test_beside_an_empty_default_window_only_the_first_of_a_month_is_today() -> None:
    """At the first instant of a month the day is there in a wider window; later days are of the future."""
    empty = series()

    assert learned(empty, ms(MAR_1)) == Now(MAR_1, MAR_1 + 86_399)
    assert learned(empty, ms(MAR_3)) is None


def test_a_clock_behind_the_newest_bucket_is_no_bound() -> None:
    """The third probe shows the newest bucket; a clock that lies before it says nothing of the target's."""
    probes = [series(), series(), ms(MAR_3)]

    assert learn(Knowledge(), probes, (), MAR_3 + 5).now == Now(MAR_3, MAR_3 + 86_405)
    assert learn(Knowledge(), probes, (), MAR_3 - 2 * 86_400).now is None


def test_two_empty_answers_do_not_show_that_nothing_moved() -> None:
    """What shows no bucket says nothing of counts."""
    assert not learn(Knowledge(), [series(), series()], [series(), series()]).still


def test_a_failed_exchange_teaches_nothing() -> None:
    """An answer that broke off is not read, whatever arrived of it."""
    whole = ms(MAR_3)

    assert learned(exchange(200, whole.body, failure="ReadError")) is None


@pytest.mark.parametrize("label", [0, 1, -1, 1000, 10**15, 10**18, 10**30, 1e300, YEAR_2200 * 10_000])
def test_labels_that_no_window_could_name_teach_nothing(label: float) -> None:
    """Days before 1990, and those that ten digits of seconds can't write, are no current time."""
    assert learned(series((label, 1))) is None


def test_nothing_is_learned_from_empty_answers() -> None:
    """An account without data does not say what time it is."""
    assert learned(series(), series(), after=(series(), series())) is None


def test_a_given_current_time_stays() -> None:
    """What the caller says is not learned again."""
    given = Knowledge(now=Now(MAR_1, MAR_1))

    assert learn(given, [ms(MAR_3)], [ms(MAR_3)]).now == Now(MAR_1, MAR_1)


def test_what_else_is_known_stays() -> None:
    """Keys, completeness and where the target runs are not touched."""
    given = Knowledge(frozenset({"web"}), complete=True, loopback=False)

    knowledge = learn(given, [ms(MAR_3)], ())

    assert knowledge.keys == {"web"}
    assert knowledge.complete
    assert not knowledge.loopback


def test_equal_probes_say_that_nothing_moved() -> None:
    """Only the same counts before and after, all with 200, mean it, however they are written."""
    one, other = series((MAR_3 * 1000, 5)), series((MAR_3 * 1000, 6))

    assert learn(Knowledge(), [one, one], [one, one]).still
    assert not learn(Knowledge(), [one, one], [one, other]).still
    assert learn(Knowledge(), [one], [replace(one, body=one.body.replace(b", ", b","))]).still
    assert not learn(Knowledge(), [one, one], []).still
    assert not learn(Knowledge(), [exchange(429)], [exchange(429)]).still
