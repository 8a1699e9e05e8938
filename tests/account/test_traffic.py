"""Tests of the counts: by hand, by properties, and pinned to the last digit."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usagetwin.account.traffic import MAX_COUNT, Event, GivenCounts, Traffic
from usagetwin.days import from_date

MONDAY = from_date(date(2024, 1, 1))
EVEN_WEEK = (100, 100, 100, 100, 100, 100, 100)
STEADY = Traffic(seed=1, project="web", created=MONDAY, level=100, weekdays=EVEN_WEEK, growth=0, noise=0)

percents = st.integers(0, 1000)
events = st.builds(
    lambda first, length, percent: Event(first, first + length, percent, "drawn"),
    st.integers(MONDAY - 30, MONDAY + 120),
    st.integers(0, 60),
    percents,
)
traffics = st.builds(
    Traffic,
    seed=st.integers(0, 2**64 - 1),
    project=st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable()),
    created=st.integers(MONDAY - 40, MONDAY + 40),
    level=st.integers(0, MAX_COUNT),
    weekdays=st.tuples(*[percents] * 7),
    growth=st.integers(-1000, 1000),
    noise=st.integers(0, 100),
    events=st.lists(events, max_size=3).map(tuple),
)


def _week_from(monday: int, traffic: Traffic) -> list[int]:
    return traffic.counts(monday, monday + 6)


def test_the_first_of_january_2024_is_a_monday() -> None:
    """The weekdays of these tests are those of the calendar."""
    assert date(2024, 1, 1).isoweekday() == 1


def test_weekdays_shape_the_level_with_monday_first() -> None:
    """Each weekday has its percent of the level, rounded down: 8 percent of 99 is 7."""
    traffic = replace(STEADY, level=99, weekdays=(100, 200, 50, 100, 100, 8, 0))

    assert _week_from(MONDAY, traffic) == [99, 198, 49, 99, 99, 7, 0]


def test_growth_adds_its_percent_of_the_level_each_365_days() -> None:
    """With 365 percent a year, a level of 100 gains exactly one session a day."""
    traffic = replace(STEADY, growth=365)

    assert traffic.counts(MONDAY, MONDAY + 4) == [100, 101, 102, 103, 104]


def test_decline_stops_at_zero_and_stays_there() -> None:
    """With -3650 percent a year, a level of 100 loses ten a day, and nothing is left after ten days."""
    traffic = replace(STEADY, growth=-3650)

    assert traffic.counts(MONDAY + 8, MONDAY + 12) == [20, 10, 0, 0, 0]
    assert traffic.counts(MONDAY + 3650, MONDAY + 3650) == [0]


def test_events_apply_in_order_and_each_rounds_down() -> None:
    """Half of 101 is 50, and a tenth of that is 5; both days of an event belong to it."""
    half = Event(MONDAY + 1, MONDAY + 3, 50, "half")
    tenth = Event(MONDAY + 3, MONDAY + 4, 10, "a tenth")
    traffic = replace(STEADY, level=101, events=(half, tenth))

    assert traffic.counts(MONDAY, MONDAY + 5) == [101, 50, 50, 5, 10, 101]


def test_nothing_precedes_the_creation() -> None:
    """Days before the creation count zero, and the creation day counts."""
    assert STEADY.counts(MONDAY - 2, MONDAY + 1) == [0, 0, 100, 100]
    assert STEADY.counts(MONDAY - 9, MONDAY - 8) == [0, 0]


def test_an_empty_range_has_no_counts() -> None:
    """A range whose last day precedes its first is empty, before the creation and after it."""
    assert STEADY.counts(MONDAY + 5, MONDAY + 4) == []
    assert STEADY.counts(MONDAY - 5, MONDAY - 6) == []


def test_a_count_never_passes_the_largest_exact_integer() -> None:
    """Whatever level, growth and events multiply to, a count stays at 2^53 - 1."""
    flood = Event(MONDAY + 1, MONDAY + 1, 1_000_000, "a flood")
    traffic = replace(STEADY, level=MAX_COUNT, events=(flood,))

    assert traffic.counts(MONDAY, MONDAY + 1) == [9007199254740991, 9007199254740991]


def test_a_count_of_exactly_2_53_is_one_too_many() -> None:
    """Twice 2^52 is the first integer beyond the limit."""
    doubled = Event(MONDAY, MONDAY, 200, "doubled")
    traffic = replace(STEADY, level=2**52, events=(doubled,))

    assert traffic.counts(MONDAY, MONDAY + 1) == [2**53 - 1, 2**52]


def test_noise_strays_both_ways_and_evens_out() -> None:
    """Ten percent of noise stays within ten percent, uses the whole of it, and keeps the mean."""
    values = replace(STEADY, level=1_000_000, noise=10).counts(MONDAY, MONDAY + 3999)

    assert 900_000 <= min(values) < 905_000
    assert 1_095_000 < max(values) <= 1_100_000
    assert abs(sum(values) / len(values) - 1_000_000) < 5_000


def test_seed_project_and_day_each_change_the_noise() -> None:
    """No two of them share their draws, even where seed and key look alike side by side."""
    noisy = replace(STEADY, level=10**9, noise=50)
    others = [noisy, replace(noisy, seed=2), replace(noisy, project="web2"), replace(noisy, project="we")]

    weeks = {tuple(_week_from(MONDAY, traffic)) for traffic in others}

    assert len(weeks) == 4
    assert len(set(noisy.counts(MONDAY, MONDAY + 999))) == 1000


def test_counts_are_pinned_to_the_last_digit() -> None:
    """The same traffic gives the same counts on every Python, system and machine, today and later."""
    traffic = Traffic(
        seed=2**63 + 1,
        project="café/2",
        created=17_000,
        level=123_456_789,
        weekdays=(100, 104, 106, 103, 92, 14, 10),
        growth=18,
        noise=8,
        events=(Event(18_000, 18_010, 30, "pinned"),),
    )

    written = ",".join(map(str, traffic.counts(16_990, 20_999)))

    assert (
        sha256(written.encode()).hexdigest()
        == "f5d6358b5c898d2f74799eef4205a720e1442fadb27b30ee78cf03db09d3a773"
    )


@given(traffics, st.integers(MONDAY - 50, MONDAY + 200), st.integers(0, 80))
def test_a_range_is_a_slice_of_any_wider_range(traffic: Traffic, first: int, length: int) -> None:
    """A day's count does not depend on the range that is asked for."""
    wide = traffic.counts(MONDAY - 60, MONDAY + 300)

    start = first - (MONDAY - 60)
    assert traffic.counts(first, first + length) == wide[start : start + length + 1]


@given(traffics)
def test_counts_are_whole_and_in_range(traffic: Traffic) -> None:
    """No count is negative, beyond 2^53 - 1, or anything but an int, and every day has one."""
    values = traffic.counts(MONDAY - 50, MONDAY + 400)

    assert len(values) == 451
    assert all(type(value) is int and 0 <= value <= MAX_COUNT for value in values)


@given(traffics, percents, percents)
def test_a_stronger_event_never_lowers_a_count(traffic: Traffic, one: int, other: int) -> None:
    """More percent gives as many sessions or more, day by day."""
    weak, strong = (
        replace(traffic, events=(*traffic.events, Event(MONDAY, MONDAY + 50, percent, "drawn")))
        for percent in sorted((one, other))
    )

    pairs = zip(weak.counts(MONDAY, MONDAY + 60), strong.counts(MONDAY, MONDAY + 60), strict=True)
    assert all(low <= high for low, high in pairs)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (98, 104, [0, 0, 5, 0, 7, 0, 0]),
        (100, 102, [5, 0, 7]),
        (101, 101, [0]),
        (102, 103, [7, 0]),
        (90, 92, [0, 0, 0]),
        (200, 201, [0, 0]),
        (101, 100, []),
        (99, 98, []),
        (90, 80, []),
        (200, 190, []),
    ],
)
def test_given_counts_are_zero_on_both_sides(first: int, last: int, expected: list[int]) -> None:
    """Counts 5, 0, 7 from day 100 on: what is given is given, and all other days are zero."""
    assert GivenCounts(100, (5, 0, 7)).counts(first, last) == expected


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(80, 120), st.integers(80, 120))
def test_given_counts_agree_with_a_dictionary_of_days(values: list[int], first: int, last: int) -> None:
    """A dict of days and a plain loop say the same, for every range."""
    by_day = {100 + index: value for index, value in enumerate(values)}

    assert GivenCounts(100, tuple(values)).counts(first, last) == [
        by_day.get(day, 0) for day in range(first, last + 1)
    ]


def test_given_counts_know_their_last_day() -> None:
    """Three values from day 100 on end on day 102."""
    assert GivenCounts(100, (5, 0, 7)).last == 102
