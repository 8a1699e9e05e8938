"""Held-out faults of the values: sums that start, end, add up or are kept wrongly, and the open bucket."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import INCREMENTAL, MONTH_TO_DATE, ROLLING_30D
from usagetwin.days import day_of, from_date, next_month, start_of, to_date, weekday
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import Bucket, counts, is_longer_than, on_buckets
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Honest, Reply, Request

SATURDAY: Final = 5
ROLLING_RULES: Final = ("rolling-30d-sums",)
SPAN: Final = 30
QUIET: Final = 500
YEAR_BACK: Final = 366


def _quarter(day: int) -> int:
    date = to_date(day)
    return from_date(date.replace(month=(date.month - 1) // 3 * 3 + 1, day=1))


def _busy_days(bucket: Bucket) -> int:
    busy = [
        bucket.counts[day] for day in range(bucket.day, bucket.day - YEAR_BACK, -1) if bucket.sum(day, day)
    ]
    return sum(busy[:SPAN])


def _scaled_up(bucket: Bucket) -> int:
    known = sum(day in bucket.counts for day in range(bucket.day - SPAN + 1, bucket.day + 1))
    return bucket.value * SPAN // known


def _of_monday(bucket: Bucket) -> int:
    monday = bucket.day - weekday(bucket.day)
    return bucket.sum(monday - SPAN + 1, monday)


def _booked_on_monday(bucket: Bucket) -> int:
    day = bucket.day
    if weekday(day) >= SATURDAY:
        return 0
    return bucket.value + (bucket.sum(day - 2, day - 1) if weekday(day) == 0 else 0)


def _estimate(bucket: Bucket) -> int:
    return bucket.value - bucket.value % 100 if is_longer_than(90, bucket.asked) else bucket.value


def _forecast(bucket: Bucket) -> int:
    if not bucket.is_open:
        return bucket.value
    first_s, end_s = start_of(bucket.day), start_of(next_month(bucket.day))
    return bucket.value * (end_s - first_s) // max(bucket.asked.now_s - first_s, 1)


async def _unfiltered_before_from(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    points = answer.series
    if not points or not request.values("projectKey") or Asked.of(request).view != ROLLING_30D:
        return answer
    first = day_of(points[0]["time"] // 1000)
    asked = Asked.of(request)
    filtered = await counts(request, honest, first - SPAN, asked.today)
    unfiltered = await counts(request.without("projectKey"), honest, first - SPAN, asked.today)
    for point in points:
        day = day_of(point["time"] // 1000)
        early = range(day - SPAN + 1, min(day + 1, day_of(asked.from_s)))
        point["0"] += sum(unfiltered.get(one, 0) - filtered.get(one, 0) for one in early)
    return answer.with_series(points)


FAULTS: Final = (
    Deviation(
        "quarter-to-date",
        "Daily month_to_date starts again in January, April, July and October only.",
        ("month-to-date-sums",),
        on_buckets(lambda b: b.sum(_quarter(b.day), b.day), view=MONTH_TO_DATE, back=92),
    ),
    Deviation(
        "rolling-skips-empty-days",
        "rolling_30d sums the newest 30 days with sessions: six weeks of a project that rests at weekends.",
        ROLLING_RULES,
        on_buckets(_busy_days, view=ROLLING_30D, back=YEAR_BACK),
    ),
    Deviation(
        "rolling-scaled-up-when-young",
        "In the first 29 days of a filter's earliest project rolling_30d is scaled up to 30 days.",
        ROLLING_RULES,
        on_buckets(_scaled_up, view=ROLLING_30D, back=SPAN),
    ),
    Deviation(
        "rolling-unfiltered-before-from",
        "With a projectKey, the days of a rolling_30d sum that lie before `from` are those of all projects.",
        ("rolling-30d-sums", "bucket-independent-of-window"),
        _unfiltered_before_from,
    ),
    Deviation(
        "rolling-renewed-on-mondays",
        "rolling_30d shows its Monday's sum until the next Monday.",
        ROLLING_RULES,
        on_buckets(_of_monday, view=ROLLING_30D, back=SPAN + 7),
    ),
    Deviation(
        "weekends-booked-on-monday",
        "incremental shows 0 on Saturdays and Sundays, and their sessions on the Monday after.",
        ("incremental-counts",),
        on_buckets(_booked_on_monday, view=INCREMENTAL, back=2),
    ),
    Deviation(
        "quiet-days-hidden",
        "incremental shows 0 for a past day of fewer than 500 sessions, as for privacy.",
        ("incremental-counts",),
        on_buckets(lambda b: 0 if b.value < QUIET and not b.is_open else b.value, view=INCREMENTAL),
    ),
    Deviation(
        "long-windows-estimated",
        "Of a window of more than 90 days, incremental shows full hundreds.",
        ("bucket-independent-of-window", "incremental-counts"),
        on_buckets(_estimate, view=INCREMENTAL),
    ),
    Deviation(
        "current-month-is-a-forecast",
        "The monthly bucket of the current month shows what the whole month will have at this pace.",
        ("open-bucket-fits-the-ledger",),
        on_buckets(_forecast, monthly=True),
    ),
    Deviation(
        "today-twice-in-rolling",
        "rolling_30d counts the sessions of the current day twice.",
        ("open-bucket-fits-the-ledger",),
        on_buckets(lambda b: b.value + (b.sum(b.day, b.day) if b.is_open else 0), view=ROLLING_30D),
    ),
)
