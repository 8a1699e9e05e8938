"""Tests of labels: unit, end, noon and zone each name the same bucket under some reading."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import DAY_S, KNOWN, get, labelled, numbered, seconds
from usagetwin.days import day_of
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.knowing.learning import learn
from usagetwin_checker.knowing.reading import SECONDS, STANDARD, last_day, readings_in, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR_S: Final = 3600
DAY: Final = day_of(seconds("2026-03-05"))
DAYS: Final = "from=2026-02-27&to=2026-03-04"
MONTHS: Final = "from=2026-02-01&to=2026-03-03&granularity=monthly"

LABELS: Final[dict[str, "tuple[Callable[[int, int], int], set[str]]"]] = {
    "milliseconds": (lambda start, _end: start * 1000, set()),
    "seconds": (lambda start, _end: start, {"time-is-milliseconds"}),
    "noon": (lambda start, _end: (start + 12 * HOUR_S) * 1000, {"time-is-bucket-start"}),
    "end": (lambda _start, end: end * 1000, {"time-is-bucket-start"}),
    "last millisecond": (lambda _start, end: end * 1000 - 1, {"time-is-bucket-start"}),
    "seconds at the end": (lambda _start, end: end, {"time-is-milliseconds", "time-is-bucket-start"}),
    "Tokyo": (lambda start, _end: (start - 9 * HOUR_S) * 1000, {"time-is-bucket-start"}),
    "Denver": (lambda start, _end: (start + 7 * HOUR_S) * 1000, {"time-is-bucket-start"}),
    "seconds in Auckland": (
        lambda start, _end: start - 12 * HOUR_S,
        {"time-is-milliseconds", "time-is-bucket-start"},
    ),
}


def test_the_first_instant_is_the_bucket() -> None:
    """A label in milliseconds names its day and its month."""
    label = DAY * DAY_S * 1000

    assert STANDARD.daily(label) == DAY
    assert STANDARD.monthly(label) == DAY - 4
    assert STANDARD.daily(label + DAY_S * 1000 - 1) == DAY
    assert STANDARD.daily(label - 1) == DAY - 1


def test_a_label_beyond_the_calendar_is_outside_any_window() -> None:
    """Labels that no calendar has are read as its ends, without an error."""
    for label in (10**30, -(10**30)):
        for reading in (STANDARD, SECONDS):
            first = reading.monthly(label)
            assert abs(last_day(first, monthly=True)) > 600_000


def test_a_months_last_day() -> None:
    """February 2024 has 29 days; a day is its own last day."""
    february = day_of(seconds("2024-02-01"))

    assert last_day(february, monthly=True) == february + 28
    assert last_day(february, monthly=False) == february


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        (seconds("2026-03-05") * 1000, 1000),
        (seconds("2026-03-05"), 1),
        (seconds("2040-01-01"), 1),
        (seconds("2040-01-01") * 1000, 1000),
    ],
)
def test_the_unit_fits_the_window_or_is_told_by_magnitude(label: int, unit: int) -> None:
    """A label that lies in the window under one unit has that unit; far outside it, its size tells."""
    assert unit_of(label, seconds("2026-03-01"), seconds("2026-03-06")) == unit


@pytest.mark.parametrize("name", LABELS)
def test_any_label_that_names_its_bucket_is_legal(name: str) -> None:
    """No rule of the document breaks; that the label is another one is reported as observed."""
    label, differs = LABELS[name]
    counts = {"2026-02-27": 270, "2026-02-28": 280, "2026-03-01": 1, "2026-03-02": 3, "2026-03-03": 6}
    daily = [{"time": label(seconds(day), seconds(day) + DAY_S), "0": count} for day, count in counts.items()]
    monthly = [
        {"time": label(seconds("2026-02-01"), seconds("2026-03-01")), "0": 280},
        {"time": label(seconds("2026-03-01"), seconds("2026-04-01")), "0": 9},
    ]

    judgement = judge(
        numbered(
            labelled(get(DAYS), daily),
            labelled(get(MONTHS), monthly),
        ),
        KNOWN,
    )

    assert {finding.rule_id for finding in judgement.findings} == differs
    assert not judgement.binding


def test_the_usual_reading_comes_first() -> None:
    """Each unit has three readings, and the first takes the label as an instant of its bucket."""
    for unit in (1000, 1):
        assert [reading.shift_s for reading in readings_in(unit)] == [0, -1, 12 * HOUR_S]
        assert {reading.per_second for reading in readings_in(unit)} == {unit}


@pytest.mark.parametrize("name", LABELS)
def test_the_current_time_is_learned_under_the_same_reading(name: str) -> None:
    """Read as it is meant, the newest label gives the current day, which stays open."""
    label, _ = LABELS[name]
    start = seconds("2026-03-05")
    probe = labelled(get(), [{"time": label(start, start + DAY_S), "0": 1}])

    learned = learn(Knowledge(), [probe], ())

    readings = (*readings_in(1000), *readings_in(1))
    days = {day_of(now.earliest_s) for reading in readings if (now := learned.read_as(reading).now)}
    assert DAY in days
