"""The known faults of monthly buckets: sums of other days than those of the month."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import day_of, first_of_month, next_month, to_date
from usagetwin.deviations.known.asked import TOTAL, Bucket, day_at, is_leap_day
from usagetwin.deviations.known.changes import on_buckets, on_points
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.known.asked import Point

THOUSAND: Final = 1000


def _last_day_alone(bucket: Bucket) -> int:
    last = min(bucket.asked.last_day(bucket.day), bucket.asked.today)
    return bucket.sum(last, last)


def _month_without_its_last_day(bucket: Bucket) -> int:
    last = bucket.asked.last_day(bucket.day)
    return bucket.value - bucket.sum(last, last) if bucket.closed else bucket.value


def _month_a_day_late(bucket: Bucket) -> int:
    if not bucket.closed:
        return bucket.value
    return bucket.sum(bucket.day + 1, bucket.asked.last_day(bucket.day)) + _first_of_the_next(bucket)


def _first_of_the_next(bucket: Bucket) -> int:
    return bucket.sum(next_month(bucket.day), next_month(bucket.day))


def _cut_month(bucket: Bucket) -> int:
    first = max(bucket.day, bucket.asked.from_s // 86_400)
    last = min(bucket.asked.last_day(bucket.day), (bucket.asked.to_s - 1) // 86_400, bucket.asked.today)
    return bucket.sum(first, last)


def _without_leap_day(bucket: Bucket) -> int:
    days = range(bucket.day, next_month(bucket.day))
    return bucket.value - sum(bucket.sum(day, day) for day in days if is_leap_day(day))


def _years_mixed(asked: "Asked", points: "list[Point]") -> "list[Point]":
    if not asked.monthly:
        return points
    sums: dict[int, int] = {}
    for point in points:
        month = to_date(day_at(point)).month
        sums[month] = sums.get(month, 0) + point[TOTAL]
    return [{**point, TOTAL: sums[to_date(day_at(point)).month]} for point in points]


FAULTS: Final = (
    Deviation(
        "monthly-has-its-last-day-alone",
        "A monthly bucket has the count of its last day instead of the sum.",
        ("monthly-sums",),
        on_buckets(_last_day_alone, monthly=True),
    ),
    Deviation(
        "monthly-misses-the-last-day",
        "A past monthly bucket leaves out its month's last day.",
        ("monthly-sums",),
        on_buckets(_month_without_its_last_day, monthly=True),
    ),
    Deviation(
        "monthly-runs-from-the-second",
        "A past monthly bucket runs from the second of its month to the first of the next.",
        ("monthly-sums",),
        on_buckets(_month_a_day_late, monthly=True),
    ),
    Deviation(
        "monthly-is-cut-by-the-window",
        "A monthly bucket counts only the days inside the window: any `from` or `to` within a month.",
        ("cut-month-is-whole",),
        on_buckets(_cut_month, monthly=True),
    ),
    Deviation(
        "monthly-cut-at-from",
        "A monthly bucket that begins before `from` counts its sessions from the day of `from` only.",
        ("cut-month-is-whole",),
        on_buckets(lambda b: b.value - b.sum(b.day, day_of(b.asked.from_s) - 1), monthly=True),
    ),
    Deviation(
        "leap-day-not-in-february",
        "The monthly bucket of February 2024, as of any leap year, lacks the 29th.",
        ("monthly-sums",),
        on_buckets(_without_leap_day, monthly=True),
    ),
    Deviation(
        "months-of-all-years",
        "In a monthly window of more than a year, a month shows its sum in all years of the window.",
        ("monthly-sums",),
        on_points(_years_mixed),
    ),
    Deviation(
        "monthly-one-month-behind",
        "A monthly bucket shows the sum of the month before it.",
        ("monthly-sums",),
        on_buckets(lambda b: b.sum(first_of_month(b.day - 1), b.day - 1), monthly=True),
    ),
    Deviation(
        "monthly-in-thousands",
        "Monthly sums of a thousand and more are rounded down to thousands.",
        ("monthly-sums", "filter-additive"),
        on_buckets(lambda b: b.value - b.value % THOUSAND if b.value >= THOUSAND else b.value, monthly=True),
    ),
)
