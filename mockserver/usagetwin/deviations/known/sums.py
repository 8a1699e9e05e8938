"""The known faults of month_to_date by day: sums that start, end or add up wrongly."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import first_of_month, next_month, to_date, weekday
from usagetwin.deviations.known.asked import TOTAL, Bucket, day_at, is_leap_day
from usagetwin.deviations.known.changes import asking, on_buckets, on_points
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.known.asked import Point

MONTH_TO_DATE: Final = "month_to_date"
CHUNK: Final = 30
SUNDAY: Final = 6
LARGE: Final = 100_000
ODD_DAY: Final = 41
TO_DATE_RULES: Final = ("month-to-date-sums",)


def _without_leap_day(bucket: Bucket) -> int:
    days = range(bucket.day, bucket.asked.last_day(bucket.day) + 1)
    return bucket.value - sum(bucket.sum(day, day) for day in days if is_leap_day(day))


def _is_last_of_month(day: int) -> bool:
    return next_month(day) == day + 1


def _reset_a_day_late(bucket: Bucket) -> int:
    if bucket.day != first_of_month(bucket.day):
        return bucket.value
    return bucket.value + bucket.sum(first_of_month(bucket.day - 1), bucket.day - 1)


def _the_31st_alone(bucket: Bucket) -> int:
    return bucket.sum(bucket.day, bucket.day) if to_date(bucket.day).day == 31 else bucket.value  # noqa: PLR2004 -- the day of the fault


def _december_carried(bucket: Bucket) -> int:
    if to_date(bucket.day).month != 1:
        return bucket.value
    new_year = first_of_month(bucket.day)
    return bucket.value + bucket.sum(first_of_month(new_year - 1), new_year - 1)


def _chunks_restart(asked: "Asked", points: "list[Point]") -> "list[Point]":
    """Take away, within a chunk, what its month had before the chunk began."""
    if asked.monthly or asked.view != MONTH_TO_DATE:
        return points
    shown: list[Point] = []
    for index, point in enumerate(points):
        first = index - index % CHUNK
        before = 0
        if first > 0 and day_at(points[first - 1]) >= first_of_month(day_at(point)):
            before = points[first - 1][TOTAL]
        shown.append({**point, TOTAL: point[TOTAL] - before})
    return shown


FAULTS: Final = (
    Deviation(
        "month-to-date-restarts-at-from",
        "month_to_date sums from `from`: any window that starts after the first of its month.",
        ("bucket-independent-of-window", "month-to-date-sums"),
        on_buckets(
            lambda b: b.sum(max(first_of_month(b.day), b.first), b.day), view=MONTH_TO_DATE, monthly=False
        ),
    ),
    Deviation(
        "month-to-date-never-resets",
        "Daily month_to_date sums on over the turn of a month: any window with two months.",
        ("month-to-date-sums", "bucket-independent-of-window"),
        on_buckets(lambda b: b.sum(first_of_month(b.first), b.day), view=MONTH_TO_DATE, monthly=False),
    ),
    Deviation(
        "month-to-date-resets-a-day-late",
        "On the first of a month, and then only, daily month_to_date still has the whole month before.",
        TO_DATE_RULES,
        on_buckets(_reset_a_day_late, view=MONTH_TO_DATE, monthly=False),
    ),
    Deviation(
        "month-to-date-lags-a-day",
        "Each daily month_to_date bucket has the sum up to the day before.",
        TO_DATE_RULES,
        on_buckets(lambda b: b.value - b.sum(b.day, b.day), view=MONTH_TO_DATE, monthly=False),
    ),
    Deviation(
        "month-to-date-forgets-the-last-day",
        "On the last day of a month, and then only, daily month_to_date has the sum up to the day before.",
        TO_DATE_RULES,
        on_buckets(
            lambda b: b.value - b.sum(b.day, b.day) if _is_last_of_month(b.day) else b.value,
            view=MONTH_TO_DATE,
            monthly=False,
        ),
    ),
    Deviation(
        "month-to-date-forgets-the-leap-day",
        "Only in leap years: 29 February is in no month_to_date sum, daily or monthly.",
        ("month-to-date-sums", "monthly-sums"),
        on_buckets(_without_leap_day, view=MONTH_TO_DATE),
    ),
    Deviation(
        "month-to-date-dips-on-sundays",
        "On past Sundays daily month_to_date is half of what it should be, less than on the Saturday before.",
        ("counts-not-negative", "month-to-date-sums"),
        on_buckets(
            lambda b: b.value // 2 if weekday(b.day) == SUNDAY and b.closed else b.value,
            view=MONTH_TO_DATE,
            monthly=False,
        ),
    ),
    Deviation(
        "large-sums-are-rounded",
        "A daily month_to_date sum of 100000 or more is cut to full thousands.",
        TO_DATE_RULES,
        on_buckets(
            lambda b: b.value - b.value % 1000 if b.value >= LARGE else b.value,
            view=MONTH_TO_DATE,
            monthly=False,
        ),
    ),
    Deviation(
        "month-to-date-has-one-day-in-a-hundred-wrong",
        "One past day in a hundred has one session too many in its daily month_to_date sum alone.",
        TO_DATE_RULES,
        on_buckets(
            lambda b: b.value + (b.day % 97 == ODD_DAY and b.closed), view=MONTH_TO_DATE, monthly=False
        ),
    ),
    Deviation(
        "aggregation-type-ignored",
        "Every aggregationType is answered with month_to_date.",
        ("rolling-30d-sums", "incremental-counts"),
        asking(lambda request, _asked: request.without("aggregationType")),
    ),
    Deviation(
        "months-of-thirty-days",
        "In month_to_date, the 31st of a month shows its own day's sessions only.",
        ("month-to-date-sums", "counts-not-negative"),
        on_buckets(_the_31st_alone, view=MONTH_TO_DATE, monthly=False),
    ),
    Deviation(
        "december-carried-over",
        "In month_to_date, the days of January count on from December's total.",
        ("month-to-date-sums", "monthly-sums"),
        on_buckets(_december_carried, view=MONTH_TO_DATE, monthly=False),
    ),
    Deviation(
        "sums-restart-each-chunk",
        "In month_to_date, sums start again at the 31st, 61st, ... point of an answer.",
        ("bucket-independent-of-window", "month-to-date-sums", "counts-not-negative"),
        on_points(_chunks_restart),
    ),
)
