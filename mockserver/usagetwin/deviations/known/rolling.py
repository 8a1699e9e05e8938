"""The known faults of rolling_30d: sums that are not of thirty days."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import first_of_month, to_date, weekday
from usagetwin.deviations.known.asked import Bucket, is_leap_day
from usagetwin.deviations.known.changes import on_buckets
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.known.changes import Answering

ROLLING: Final = "rolling_30d"
FEBRUARY: Final = 2
ROLLING_RULES: Final = ("rolling-30d-sums",)


def _rolling_of(days: int) -> "Answering":
    return on_buckets(lambda bucket: bucket.sum(bucket.day - days + 1, bucket.day), view=ROLLING)


def _since_the_same_date_last_month(bucket: Bucket) -> int:
    first = first_of_month(bucket.day)
    days = first - first_of_month(first - 1)
    return bucket.sum(bucket.day - days + 1, bucket.day)


def _within_the_year(bucket: Bucket) -> int:
    new_year = bucket.day - to_date(bucket.day).timetuple().tm_yday + 1
    return bucket.sum(max(bucket.day - 29, new_year), bucket.day)


def _leap_day_twice(bucket: Bucket) -> int:
    extra = [day for day in range(bucket.day - 29, bucket.day + 1) if is_leap_day(day)]
    return bucket.value + sum(bucket.sum(day, day) for day in extra)


FAULTS: Final = (
    Deviation("rolling-of-28-days", "rolling_30d sums four weeks.", ROLLING_RULES, _rolling_of(28)),
    Deviation("rolling-of-29-days", "rolling_30d sums 29 days.", ROLLING_RULES, _rolling_of(29)),
    Deviation("rolling-of-31-days", "rolling_30d sums 31 days.", ROLLING_RULES, _rolling_of(31)),
    Deviation(
        "rolling-of-a-calendar-month",
        "rolling_30d reaches back a calendar month: right after months of 30 days, wrong after all others.",
        ROLLING_RULES,
        on_buckets(_since_the_same_date_last_month, view=ROLLING),
    ),
    Deviation(
        "rolling-starts-at-from",
        "rolling_30d does not look back before the window: each window's first 29 buckets are too small.",
        ("bucket-independent-of-window", "rolling-30d-sums"),
        on_buckets(lambda b: b.sum(max(b.day - 29, b.first), b.day), view=ROLLING),
    ),
    Deviation(
        "rolling-stops-at-new-year",
        "Only in January: rolling_30d does not look back into December.",
        ROLLING_RULES,
        on_buckets(_within_the_year, view=ROLLING),
    ),
    Deviation(
        "rolling-of-31-days-on-mondays",
        "On Mondays, and then only, rolling_30d sums 31 days.",
        ROLLING_RULES,
        on_buckets(
            lambda b: b.value if weekday(b.day) else b.sum(b.day - 30, b.day),
            view=ROLLING,
        ),
    ),
    Deviation(
        "rolling-counts-the-leap-day-twice",
        "Only in the 30 days from a 29 February on: rolling_30d counts that day twice.",
        ROLLING_RULES,
        on_buckets(_leap_day_twice, view=ROLLING),
    ),
    Deviation(
        "rolling-one-day-ahead",
        "rolling_30d counts from 28 days before its day to the day after it.",
        ROLLING_RULES,
        on_buckets(lambda b: b.sum(b.day - 28, b.day + 1), view=ROLLING),
    ),
    Deviation(
        "rolling-from-a-mean",
        "rolling_30d is a mean per day, rounded down, times 30: up to 29 sessions short.",
        ("rolling-30d-sums", "counts-not-negative"),
        on_buckets(lambda b: b.value // 30 * 30, view=ROLLING),
    ),
    Deviation(
        "rolling-without-today",
        "rolling_30d leaves the sessions of the current day out.",
        ("open-bucket-fits-the-ledger",),
        on_buckets(lambda b: b.value if b.closed else b.value - b.sum(b.day, b.day), view=ROLLING),
    ),
    Deviation(
        "rolling-is-an-average",
        "rolling_30d is the average of its 30 days instead of their sum.",
        ROLLING_RULES,
        on_buckets(lambda b: b.value // 30, view=ROLLING),
    ),
)
