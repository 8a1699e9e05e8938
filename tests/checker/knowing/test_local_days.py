"""Tests of local days: which labels lie at the midnights of a zone, and what instants its days have."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from tests.checker.conversations import dates, seconds
from usagetwin.days import day_of, start_of
from usagetwin_checker.knowing import local_days as module
from usagetwin_checker.knowing.local_days import LocalDays, local_days

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUR_S: Final = 3600


def midnights(zone: str, first: str = "2025-01-01", last: str = "2025-12-31") -> list[int]:
    """Give the first instant of each local date."""
    return [
        int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())
        for day in dates(first, last)
    ]


def offsets(daily: "Iterable[int]", monthly: "Iterable[int]" = ()) -> list[list[float]]:
    """Give the offsets in hours of each zone that labels fit."""
    return [[offset / HOUR_S for offset in found.offsets] for found in local_days(daily, monthly)]


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("America/Denver", [[-7, -6]]),
        ("America/Santiago", [[-4, -3]]),  # its summer time begins at midnight
        ("Africa/Casablanca", [[0, 1]]),
        ("Europe/London", [[0, 1]]),
        ("Asia/Kathmandu", [[5.75]]),
        ("Pacific/Marquesas", [[-9.5]]),
        ("Pacific/Apia", [[-11], [13]]),
        ("UTC", []),
    ],
)
def test_labels_tell_the_offsets_of_their_zone(zone: str, found: list[list[float]]) -> None:
    """Both of them where the clock changes; near the date line the day before and after fit as well."""
    assert sorted(offsets(midnights(zone))) == found


def test_a_month_begins_with_its_first_day() -> None:
    """So that labels of months tell east from west of the date line."""
    labels = midnights("Pacific/Apia")

    months = [
        label for day, label in zip(dates("2025-01-01", "2025-12-31"), labels, strict=True) if day.day == 1
    ]

    assert offsets(labels, months) == [[13]]


@pytest.mark.parametrize(
    "labels",
    [
        [],
        [start_of(20_000), start_of(20_001)],
        [start_of(20_000) + 5 * HOUR_S + 60, start_of(20_001) + 5 * HOUR_S + 60],
        [start_of(20_000) + 5 * HOUR_S, start_of(20_001) + 7 * HOUR_S],
        [start_of(20_000) + 4 * HOUR_S, start_of(20_001) + 5 * HOUR_S, start_of(20_002) + 6 * HOUR_S],
        [start_of(20_000) + 4 * HOUR_S, start_of(20_000) + 5 * HOUR_S],
        [start_of(20_000 + day) + (4 + day % 2) * HOUR_S for day in range(30)],
        [-5 * HOUR_S, 10**30 + 5 * HOUR_S],
    ],
    ids=["none", "UTC", "a minute", "two hours", "three", "one day twice", "each day another", "no calendar"],
)
def test_labels_that_no_zone_explains_are_no_local_days(labels: list[int]) -> None:
    """What shifts without reason stays a finding of its own rules."""
    assert offsets(labels) == []


def test_days_have_the_hours_that_the_clock_gives_them() -> None:
    """In Berlin 23 when summer time begins, 25 when it ends; each instant lies in its local date."""
    (berlin,) = local_days(midnights("Europe/Berlin"), ())
    zone = ZoneInfo("Europe/Berlin")
    spring, autumn = day_of(seconds("2025-03-30")), day_of(seconds("2025-10-26"))

    assert berlin.start_s(spring + 1) - berlin.start_s(spring) == 23 * HOUR_S
    assert berlin.start_s(autumn + 1) - berlin.start_s(autumn) == 25 * HOUR_S
    for instant_s in range(berlin.start_s(spring - 1), berlin.start_s(spring + 3), 1800):
        local = datetime.fromtimestamp(instant_s, UTC).astimezone(zone).date()
        assert berlin.day_of(instant_s) == day_of(seconds(local.isoformat()))
        assert day_of(berlin.local_s(instant_s)) == berlin.day_of(instant_s)
    for day in (spring, spring + 1, autumn, autumn + 1):
        assert berlin.local_s(berlin.start_s(day)) == start_of(day)
        assert day_of(berlin.local_s(berlin.start_s(day) - 1)) == day - 1


def test_the_tz_database_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the labels alone say when the offset changes, and no zone is named."""
    monkeypatch.setattr(module, "_zone_names", lambda: iter(()))

    (berlin,) = local_days(midnights("Europe/Berlin"), ())

    assert berlin.zone is None
    assert str(berlin) == "23:00 and 22:00 UTC: days of a zone at UTC+1/+2"
    assert berlin.start_s(day_of(seconds("2025-06-01"))) == seconds("2025-05-31") + 22 * HOUR_S
    assert berlin.start_s(day_of(seconds("2024-06-01"))) == seconds("2024-05-31") + 23 * HOUR_S


def test_a_zone_tells_the_days_that_no_label_shows() -> None:
    """A summer is known from two winters."""
    days = [*midnights("Europe/Berlin", last="2025-02-01"), *midnights("Europe/Berlin", "2025-12-01")]
    (berlin,) = local_days([*days, *midnights("Europe/Berlin", "2025-07-01", "2025-07-02")], ())

    assert berlin == LocalDays(berlin.changes, "Europe/Berlin")
    assert berlin.start_s(day_of(seconds("2025-05-01"))) == seconds("2025-04-30") + 22 * HOUR_S
