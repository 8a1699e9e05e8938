"""Legal variations of which buckets are in an answer, and in what order.

Source: `SEMANTICS` 3, "the edges, zero buckets, retention, order, uniqueness, what precedes the creation".
"""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, next_month, start_of, weekday
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.legal.changes import TIME, is_open, points_changed, start_s, with_values
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.legal.changes import Change, Points
    from usagetwin.deviations.shape import Honest, Reply, Request

RETENTION_DAYS: Final = 400
_SUNDAY: Final = 6


async def _inclusive_to(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    if honest.status != OK:
        return honest
    asked = Asked.of(request)
    if asked.to_s % SECONDS_PER_DAY:
        return honest
    wider = await twin.ask(request.having(from_=str(asked.from_s), to=str(asked.to_s + 1)))
    return wider if wider.series is None else honest.with_series(wider.series)


def sparse(points: "Points", _asked: Asked) -> "Points":
    """Leave out the buckets that count nothing."""
    return [point for point in points if any(point[name] for name in point if name != TIME)]


def _not_cut_by_from(points: "Points", asked: Asked) -> "Points":
    return [point for point in points if start_s(point) >= asked.from_s]


def _not_cut_by_to(points: "Points", asked: Asked) -> "Points":
    return [point for point in points if asked.end_s(start_s(point)) <= asked.to_s]


def descending(points: "Points", _asked: Asked) -> "Points":
    """Turn the order round."""
    return points[::-1]


def _first_twice(points: "Points", _asked: Asked) -> "Points":
    return points[:1] + points


def _without_open(points: "Points", asked: Asked) -> "Points":
    return [point for point in points if not is_open(point, asked)]


def _without_sundays(points: "Points", asked: Asked) -> "Points":
    return [point for point in points if asked.monthly or weekday(day_of(start_s(point))) != _SUNDAY]


def _kept_for_400_days(*views: str) -> "Change":
    def change(points: "Points", asked: Asked) -> "Points":
        oldest = asked.today_s - RETENTION_DAYS * SECONDS_PER_DAY
        return [point for point in points if asked.view not in views or start_s(point) >= oldest]

    return change


def _zeros_before_creation(points: "Points", asked: Asked) -> "Points":
    if not points:
        return points
    first = day_of(asked.from_s)
    start = start_of(first_of_month(first) if asked.monthly else first)
    return [*_zeros(points[0], start, start_s(points[0]), asked), *points]


def _zeros_to_month_end(points: "Points", asked: Asked) -> "Points":
    if not points or not is_open(points[-1], asked):
        return points
    end = min(asked.to_s, start_of(next_month(day_of(asked.now_s))))
    return [*points, *_zeros(points[-1], asked.end_s(start_s(points[-1])), end, asked)]


def _zeros(like: dict[str, int], start: int, end: int, asked: Asked) -> "Points":
    zeros = []
    while start < end:
        zeros.append({**with_values(like, lambda _value: 0), TIME: start * 1000})
        start = asked.end_s(start)
    return zeros


BUCKETS: Final = (
    Deviation(
        "inclusive-to",
        "the bucket that begins exactly at to is in the answer",
        ("bucket-starting-at-to-is-absent", "empty-window-is-empty"),
        _inclusive_to,
    ),
    Deviation("sparse", "zero buckets are left out", ("zero-buckets-are-present",), points_changed(sparse)),
    Deviation(
        "cut-by-from-left-out",
        "a bucket that begins before from is left out",
        ("bucket-cut-by-from-is-present",),
        points_changed(_not_cut_by_from),
    ),
    Deviation(
        "cut-by-to-left-out",
        "a bucket that ends after to is left out, the current day of the default window too",
        ("bucket-cut-by-to-is-present",),
        points_changed(_not_cut_by_to),
    ),
    Deviation(
        "whole-buckets-only",
        "a bucket is shown when all of it lies in the window",
        ("bucket-cut-by-from-is-present", "bucket-cut-by-to-is-present"),
        points_changed(_not_cut_by_from, _not_cut_by_to),
    ),
    Deviation("descending", "the newest bucket comes first", ("series-ascends",), points_changed(descending)),
    Deviation(
        "first-bucket-twice",
        "the first bucket comes twice, with one value",
        ("buckets-are-unique",),
        points_changed(_first_twice),
    ),
    Deviation(
        "open-bucket-absent",
        "a day or month is shown once it is over",
        ("every-bucket-is-kept", "bucket-cut-by-to-is-present"),
        points_changed(_without_open),
    ),
    Deviation(
        "no-sundays",
        "no daily view ever shows a Sunday",
        ("every-bucket-is-kept",),
        points_changed(_without_sundays),
    ),
    Deviation(
        "retention",
        "a bucket that began more than 400 days ago is never shown",
        ("every-bucket-is-kept",),
        points_changed(_kept_for_400_days("month_to_date", "incremental", "rolling_30d")),
    ),
    Deviation(
        "month-to-date-retention",
        "month_to_date never shows a bucket that began more than 400 days ago; the other views do",
        ("every-bucket-is-kept",),
        points_changed(_kept_for_400_days("month_to_date")),
    ),
    Deviation(
        "zeros-before-creation",
        "the series starts at from with zeros, however young the projects are",
        ("buckets-start-at-creation",),
        points_changed(_zeros_before_creation),
    ),
    Deviation(
        "zeros-to-month-end",
        "a window that reaches past today shows the rest of the month as zeros",
        ("no-bucket-after-now",),
        points_changed(_zeros_to_month_end),
    ),
)
