"""More known faults of the incremental view: what a single day holds."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, to_date
from usagetwin.deviations.known.asking import (
    VALUE,
    counts,
    daily,
    day,
    edited,
    get,
    instant,
    revalued,
    today,
    total,
)
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.known.asking import Points
    from usagetwin.deviations.shape import Honest, Reply, Request

    Counts = dict[int, int]

SUMMER: Final = range(4, 11)  # April to October
MONTH_AND_MORE: Final = 62  # days that always reach back over the whole month before


def _yesterday_is_late(request: "Request", points: "Points") -> "Points":
    yesterday = today(request) - 1
    return [
        {**point, VALUE: point[VALUE] * 97 // 100} if day(point) == yesterday else point for point in points
    ]


def _an_hour_early(_request: "Request", one: int, value: int, of: "Counts") -> int:
    if to_date(one).month not in SUMMER:
        return value
    return value - value // 24 + of.get(one - 1, 0) // 24


async def _first_difference_lost(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    points = answer.series
    if not points or not daily("incremental")(request):
        return answer
    first = day(points[0])
    of = await counts(request, honest, first_of_month(first), first)
    points[0][VALUE] = total(of, first_of_month(first), first)
    return answer.with_series(points)


def _gaps_filled(_request: "Request", points: "Points") -> "Points":
    shown: Points = []
    for point in points:
        filled = shown[-1][VALUE] if shown and point[VALUE] == 0 else point[VALUE]
        shown.append({**point, VALUE: filled})
    return shown


def _less_the_month_before(_request: "Request", one: int, value: int, of: "Counts") -> int:
    return value - total(of, first_of_month(one - 1), one - 1) if one == first_of_month(one) else value


def _cut_at_to(request: "Request", points: "Points") -> "Points":
    to_s = instant(request, "to") or 0

    def share(point: dict[str, Any]) -> int:
        value: int = point[VALUE]
        return value * (to_s % SECONDS_PER_DAY) // SECONDS_PER_DAY

    cut = day_of(to_s)
    if cut >= today(request):
        return points
    return [{**point, VALUE: share(point)} if day(point) == cut else point for point in points]


FAULTS: Final = (
    Deviation(
        "yesterday-is-late",
        "incremental shows 97 of 100 sessions of the day before the current one; other views show all.",
        ("incremental-counts", "month-to-date-sums", "rolling-30d-sums"),
        edited(_yesterday_is_late, daily("incremental")),
    ),
    Deviation(
        "summer-days-an-hour-early",
        "From April to October, incremental days begin at 23:00 UTC of the day before.",
        ("incremental-counts", "month-to-date-sums", "rolling-30d-sums"),
        revalued(_an_hour_early, daily("incremental"), before=1),
    ),
    Deviation(
        "first-difference-lost",
        "In incremental, the first point of an answer is the sum since the first of its month.",
        ("bucket-independent-of-window", "incremental-counts"),
        _first_difference_lost,
    ),
    Deviation(
        "gaps-filled-with-the-last-value",
        "In incremental, a day without sessions repeats the day before, as on weekends of internal-tools.",
        ("incremental-counts", "bucket-independent-of-window", "filter-additive"),
        edited(_gaps_filled, daily("incremental")),
    ),
    Deviation(
        "firsts-less-the-month-before",
        "In incremental, the first of a month is its count less the whole month before: far below zero.",
        ("values-not-negative", "incremental-counts"),
        revalued(_less_the_month_before, daily("incremental"), before=MONTH_AND_MORE),
    ),
    Deviation(
        "last-day-cut-at-to",
        "In incremental, a past day in whose middle `to` lies shows only its share up to `to`.",
        ("bucket-independent-of-window", "incremental-counts"),
        edited(_cut_at_to, lambda request: daily("incremental")(request) and request.value("to") is not None),
    ),
)
