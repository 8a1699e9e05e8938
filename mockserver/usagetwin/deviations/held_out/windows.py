"""Held-out faults of the window: its defaults, its edges, and which buckets it brings in which order."""

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import INCREMENTAL, MONTHLY
from usagetwin.days import (
    SECONDS_PER_DAY,
    day_of,
    first_of_month,
    from_date,
    next_month,
    start_of,
    to_date,
    weekday,
)
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import CRASH, counts, instant, instead, on_points, refused_when
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.held_out.changing import Points
    from usagetwin.deviations.shape import Honest, Reply, Request

HOUR_S: Final = 3600
HOURS: Final = 24
SUNDAY: Final = 6
OCTOBER: Final = 10
DAY_MS: Final = SECONDS_PER_DAY * 1000
SIGNED_32_BITS: Final = 2**31
DAYS_AHEAD: Final = 400


def _month_of_to(request: "Request") -> "Request":
    to_s = instant(request, "to")
    if to_s is None or request.values("from") or to_s >= start_of(first_of_month(day_of(request.now_s))):
        return request
    return request.having(from_=str(start_of(first_of_month(day_of(max(to_s - 1, 0))))))


def _month_of_from(request: "Request") -> "Request":
    from_s = instant(request, "from")
    if from_s is None or request.values("to") or day_of(from_s) >= first_of_month(day_of(request.now_s)):
        return request
    return request.having(to=str(start_of(next_month(day_of(from_s)))))


def _year_of_now(request: "Request") -> "Request":
    if request.values("from") or request.values("granularity") != (MONTHLY,):
        return request
    return request.having(from_=str(start_of(from_date(date(to_date(day_of(request.now_s)).year, 1, 1)))))


def _after_2038(request: "Request") -> bool:
    return any((instant(request, name) or 0) >= SIGNED_32_BITS for name in ("from", "to"))


def _zero_to_is_none(request: "Request") -> "Request":
    return request.without("to") if instant(request, "to") == 0 else request


def _nearest_midnights(request: "Request") -> "Request":
    from_s, to_s = instant(request, "from"), instant(request, "to")
    if from_s is None or to_s is None or from_s >= to_s:
        return request
    half = SECONDS_PER_DAY // 2
    return request.having(
        from_=str(start_of(day_of(from_s + half))), to=str(min(start_of(day_of(to_s + half)), 9_999_999_999))
    )


def _until_to(points: "Points", asked: Asked) -> "Points":
    last = points[-1]
    if last["time"] != asked.today_s * 1000:
        return points
    ahead = min((asked.to_s - 1 - asked.today_s) // SECONDS_PER_DAY, DAYS_AHEAD)
    return [*points, *({**last, "time": last["time"] + number * DAY_MS} for number in range(1, ahead + 1))]


def _is_clock_change(time_ms: int) -> bool:
    day = day_of(time_ms // 1000)
    return weekday(day) == SUNDAY and to_date(day).month == OCTOBER and to_date(day + 7).month == OCTOBER + 1


def _clock_change_twice(points: "Points", _asked: Asked) -> "Points":
    return [point for point in points for _ in range(1 + _is_clock_change(point["time"]))]


async def _hourly(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    points = answer.series
    if not points or request.values("granularity"):
        return answer
    asked = Asked.of(request)
    if asked.to_s - asked.from_s > SECONDS_PER_DAY:
        return answer
    first = day_of(points[0]["time"] // 1000)
    days = await counts(request, honest, first, first + len(points) - 1)
    return answer.with_series([hour for point in points for hour in _hours(point, days, asked)])


def _hours(point: dict[str, Any], days: dict[int, int], asked: Asked) -> "Points":
    start_s = point["time"] // 1000
    count = days[day_of(start_s)]
    hours = []
    for hour in range(HOURS):
        begin_s = start_s + hour * HOUR_S
        if begin_s + HOUR_S <= asked.from_s or begin_s >= min(asked.to_s, asked.now_s):
            continue
        before = count * hour // HOURS if asked.view == INCREMENTAL else count - point["0"]
        hours.append({"time": begin_s * 1000, "0": count * (hour + 1) // HOURS - before})
    return hours


async def _from_the_month_after_creation(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    points = answer.series
    if not points or not Asked.of(request).monthly:
        return answer
    first = day_of(points[0]["time"] // 1000)
    existed = await counts(request, honest, first, first)
    return answer if existed else answer.with_series(points[1:])


FAULTS: Final = (
    Deviation(
        "lone-from-shows-its-month",
        "A past `from` without `to` brings the rest of its own month alone.",
        ("to-defaults-to-now",),
        instead(_month_of_from),
    ),
    Deviation(
        "monthly-defaults-to-the-year",
        "With granularity=monthly and without `from` the series starts with January: any month but January.",
        ("from-defaults-to-month-start",),
        instead(_year_of_now),
    ),
    Deviation(
        "times-after-2038-crash",
        "A `from` or `to` of 2147483648 or more, such as a far future `to`, is answered with 500.",
        ("status-is-documented", "future-window-is-answered"),
        refused_when(_after_2038, *CRASH, only_good=True),
    ),
    Deviation(
        "one-day-in-hours",
        "Without granularity a window of one day or less is answered hour by hour.",
        ("granularity-defaults-to-daily",),
        _hourly,
    ),
    Deviation(
        "zero-to-is-left-out",
        "to=0 counts as left out: from=0&to=0 brings everything up to the current time.",
        ("series-ends-at-to", "empty-window-is-empty"),
        instead(_zero_to_is_none),
    ),
    Deviation(
        "from-default-follows-to",
        "A lone `to` before this month is answered with the month that it ends.",
        ("window-checked-after-defaults",),
        instead(_month_of_to),
    ),
    Deviation(
        "window-to-the-nearest-midnights",
        "`from` and `to` are rounded to the nearest midnight: those after noon to the next one.",
        ("bucket-cut-by-from-is-present", "bucket-cut-by-to-is-present"),
        instead(_nearest_midnights),
    ),
    Deviation(
        "future-days-repeat-today",
        "A daily series goes on to a `to` in the future, with the value of the current day again and again.",
        ("no-bucket-after-now",),
        on_points(_until_to, monthly=False),
    ),
    Deviation(
        "months-begin-after-creation",
        "A monthly series lacks the month in which the filter's earliest project was created in its midst.",
        ("every-bucket-is-kept",),
        _from_the_month_after_creation,
    ),
    Deviation(
        "months-ranked",
        "A monthly series has the month with the most sessions first.",
        ("series-ascends",),
        on_points(lambda points, _: sorted(points, key=lambda it: -it["0"]), monthly=True),
    ),
    Deviation(
        "clock-change-comes-twice",
        "The last Sunday of October, which has 25 hours in Europe, comes twice in a daily series.",
        ("buckets-are-unique",),
        on_points(_clock_change_twice, monthly=False),
    ),
)
