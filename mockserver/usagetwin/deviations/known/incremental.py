"""The known faults of the incremental view: what a single day holds."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, to_date
from usagetwin.deviations.known.asked import TOTAL, Bucket
from usagetwin.deviations.known.changes import asking, on_buckets, on_points
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.known.asked import Point

MONTH_TO_DATE: Final = "month_to_date"
INCREMENTAL: Final = "incremental"
ODD_DAY: Final = 41
SUMMER: Final = range(4, 11)  # April to October


def _yesterday_is_late(bucket: Bucket) -> int:
    return bucket.value * 97 // 100 if bucket.day == bucket.asked.today - 1 else bucket.value


def _an_hour_early(bucket: Bucket) -> int:
    if to_date(bucket.day).month not in SUMMER:
        return bucket.value
    return bucket.value - bucket.value // 24 + bucket.sum(bucket.day - 1, bucket.day - 1) // 24


def _first_difference_lost(bucket: Bucket) -> int:
    first = bucket.day == bucket.first
    return bucket.sum(first_of_month(bucket.day), bucket.day) if first else bucket.value


def _gaps_filled(asked: "Asked", points: "list[Point]") -> "list[Point]":
    if asked.view != INCREMENTAL:
        return points
    shown: list[Point] = []
    for point in points:
        filled = shown[-1][TOTAL] if shown and point[TOTAL] == 0 else point[TOTAL]
        shown.append({**point, TOTAL: filled})
    return shown


def _less_the_month_before(bucket: Bucket) -> int:
    if bucket.day != first_of_month(bucket.day):
        return bucket.value
    return bucket.value - bucket.sum(first_of_month(bucket.day - 1), bucket.day - 1)


def _cut_at_to(bucket: Bucket) -> int:
    cut, share_s = day_of(bucket.asked.to_s), bucket.asked.to_s % SECONDS_PER_DAY
    past = cut < bucket.asked.today
    return bucket.value * share_s // SECONDS_PER_DAY if past and bucket.day == cut else bucket.value


FAULTS: Final = (
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
        "today-is-missing-in-incremental",
        "The current day is 0 in the incremental view, and counted in the others.",
        ("open-bucket-fits-the-ledger",),
        on_buckets(lambda b: b.value if b.closed else 0, view=INCREMENTAL),
    ),
    Deviation(
        "yesterday-is-late",
        "incremental shows 97 of 100 sessions of the day before the current one; other views show all.",
        ("incremental-counts", "month-to-date-sums", "rolling-30d-sums"),
        on_buckets(_yesterday_is_late, view=INCREMENTAL),
    ),
    Deviation(
        "summer-days-an-hour-early",
        "From April to October, incremental days begin at 23:00 UTC of the day before.",
        ("incremental-counts", "month-to-date-sums", "rolling-30d-sums"),
        on_buckets(_an_hour_early, view=INCREMENTAL),
    ),
    Deviation(
        "first-difference-lost",
        "In incremental, the first point of an answer is the sum since the first of its month.",
        ("bucket-independent-of-window", "incremental-counts"),
        on_buckets(_first_difference_lost, view=INCREMENTAL),
    ),
    Deviation(
        "gaps-filled-with-the-last-value",
        "In incremental, a day without sessions repeats the day before, as on weekends of internal-tools.",
        ("incremental-counts", "bucket-independent-of-window", "filter-additive"),
        on_points(_gaps_filled),
    ),
    Deviation(
        "firsts-less-the-month-before",
        "In incremental, the first of a month is its count less the whole month before: far below zero.",
        ("values-not-negative", "incremental-counts"),
        on_buckets(_less_the_month_before, view=INCREMENTAL),
    ),
    Deviation(
        "last-day-cut-at-to",
        "In incremental, a past day in whose middle `to` lies shows only its share up to `to`.",
        ("bucket-independent-of-window", "incremental-counts"),
        on_buckets(_cut_at_to, view=INCREMENTAL),
    ),
)
