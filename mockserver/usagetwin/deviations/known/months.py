"""More known faults of the sums: what a running, rolling or monthly value adds up."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import day_of, first_of_month, next_month, to_date
from usagetwin.deviations.known.asking import (
    VALUE,
    daily,
    day,
    edited,
    instant,
    monthly,
    revalued,
    today,
    total,
)
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.known.asking import Points
    from usagetwin.deviations.shape import Request

    Counts = dict[int, int]

CHUNK: Final = 30
SUNDAY: Final = 6
THOUSAND: Final = 1000
MONTH_AND_MORE: Final = 62  # days that always reach back over the whole month before


def _on_the_31st_alone(_request: "Request", one: int, value: int, of: "Counts") -> int:
    return of.get(one, 0) if to_date(one).day == 31 else value  # noqa: PLR2004 -- the day of the fault


def _december_carried(_request: "Request", one: int, value: int, of: "Counts") -> int:
    if to_date(one).month != 1:
        return value
    new_year = first_of_month(one)
    return value + total(of, first_of_month(new_year - 1), new_year - 1)


def _chunks_restart(_request: "Request", points: "Points") -> "Points":
    """Take away, within a chunk, what its month had before the chunk began."""
    shown: Points = []
    for index, point in enumerate(points):
        first = index - index % CHUNK
        before = 0
        if first > 0 and day(points[first - 1]) >= first_of_month(day(point)):
            before = points[first - 1][VALUE]
        shown.append({**point, VALUE: point[VALUE] - before})
    return shown


def _with_tomorrow(_request: "Request", one: int, _value: int, of: "Counts") -> int:
    return total(of, one - 28, one + 1)


def _mean_times_thirty(_request: "Request", points: "Points") -> "Points":
    return [{**point, VALUE: point[VALUE] // 30 * 30} for point in points]


def _without_today(request: "Request", one: int, value: int, of: "Counts") -> int:
    return value - of.get(one, 0) if one == today(request) else value


def _without_leap_day(_request: "Request", one: int, value: int, of: "Counts") -> int:
    leap_day = one + 28
    february = to_date(one).month == 2  # noqa: PLR2004 -- the month of the fault
    return value - of.get(leap_day, 0) if february and next_month(one) > leap_day else value


def _years_mixed(_request: "Request", points: "Points") -> "Points":
    sums: dict[int, int] = {}
    for point in points:
        month = to_date(day(point)).month
        sums[month] = sums.get(month, 0) + point[VALUE]
    return [{**point, VALUE: sums[to_date(day(point)).month]} for point in points]


def _the_month_before(_request: "Request", one: int, _value: int, of: "Counts") -> int:
    return total(of, first_of_month(one - 1), one - 1)


def _in_thousands(_request: "Request", points: "Points") -> "Points":
    return [
        {**point, VALUE: point[VALUE] // THOUSAND * THOUSAND if point[VALUE] >= THOUSAND else point[VALUE]}
        for point in points
    ]


def _cut_at_from(request: "Request", one: int, value: int, of: "Counts") -> int:
    from_s = instant(request, "from")
    cut = one if from_s is None else day_of(from_s)
    return value - total(of, one, cut - 1) if cut > one else value


FAULTS: Final = (
    Deviation(
        "months-of-thirty-days",
        "In month_to_date, the 31st of a month shows its own day's sessions only.",
        ("month-to-date-sums", "counts-not-negative"),
        revalued(_on_the_31st_alone, daily("month_to_date")),
    ),
    Deviation(
        "december-carried-over",
        "In month_to_date, the days of January count on from December's total.",
        ("month-to-date-sums", "monthly-sums"),
        revalued(_december_carried, daily("month_to_date"), before=MONTH_AND_MORE),
    ),
    Deviation(
        "sums-restart-each-chunk",
        "In month_to_date, sums start again at the 31st, 61st, ... point of an answer.",
        ("bucket-independent-of-window", "month-to-date-sums", "counts-not-negative"),
        edited(_chunks_restart, daily("month_to_date")),
    ),
    Deviation(
        "rolling-one-day-ahead",
        "rolling_30d counts from 28 days before its day to the day after it.",
        ("rolling-30d-sums",),
        revalued(_with_tomorrow, daily("rolling_30d"), before=CHUNK, after=1),
    ),
    Deviation(
        "rolling-from-a-mean",
        "rolling_30d is a mean per day, rounded down, times 30: up to 29 sessions short.",
        ("rolling-30d-sums", "counts-not-negative"),
        edited(_mean_times_thirty, daily("rolling_30d")),
    ),
    Deviation(
        "rolling-without-today",
        "rolling_30d leaves the sessions of the current day out.",
        ("open-bucket-fits-the-ledger",),
        revalued(_without_today, daily("rolling_30d")),
    ),
    Deviation(
        "leap-day-not-in-february",
        "The monthly bucket of February 2024, as of any leap year, lacks the 29th.",
        ("monthly-sums",),
        revalued(_without_leap_day, monthly, after=CHUNK),
    ),
    Deviation(
        "months-of-all-years",
        "In a monthly window of more than a year, a month shows its sum in all years of the window.",
        ("monthly-sums",),
        edited(_years_mixed, monthly),
    ),
    Deviation(
        "monthly-one-month-behind",
        "A monthly bucket shows the sum of the month before it.",
        ("monthly-sums",),
        revalued(_the_month_before, monthly, before=MONTH_AND_MORE),
    ),
    Deviation(
        "monthly-in-thousands",
        "Monthly sums of a thousand and more are rounded down to thousands.",
        ("monthly-sums", "filter-additive"),
        edited(_in_thousands, monthly),
    ),
    Deviation(
        "monthly-cut-at-from",
        "A monthly bucket that begins before `from` counts its sessions from the day of `from` only.",
        ("cut-month-is-whole",),
        revalued(_cut_at_from, monthly, after=CHUNK),
    ),
)
