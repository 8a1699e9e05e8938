"""The known faults of month_to_date, incremental and monthly: sums that start, end or add up wrongly."""

from typing import Final

from usagetwin.days import first_of_month, next_month, weekday
from usagetwin.deviations.known.asked import Bucket, is_leap_day
from usagetwin.deviations.known.changes import asking, on_buckets
from usagetwin.deviations.shape import Deviation

MONTH_TO_DATE: Final = "month_to_date"
INCREMENTAL: Final = "incremental"
FEBRUARY: Final = 2
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
        "incremental-is-cumulative",
        "incremental has the sums of month_to_date: every bucket but the first of each month.",
        ("incremental-counts",),
        asking(
            lambda request, asked: (
                request.having(aggregationType=MONTH_TO_DATE) if asked.view == INCREMENTAL else request
            )
        ),
    ),
    Deviation(
        "incremental-has-one-day-in-a-hundred-wrong",
        "One past day in a hundred counts one session too many, in the incremental view alone.",
        ("incremental-counts",),
        on_buckets(lambda b: b.value + (b.day % 100 == ODD_DAY and b.closed), view=INCREMENTAL),
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
        "today-is-missing-in-incremental",
        "The current day is 0 in the incremental view, and counted in the others.",
        ("open-bucket-fits-the-ledger",),
        on_buckets(lambda b: b.value if b.closed else 0, view=INCREMENTAL),
    ),
)
