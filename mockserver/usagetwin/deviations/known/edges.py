"""More known faults of the window: which buckets an answer has, in which order, under which time."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import (
    LAST_INSTANT_S,
    day_of,
    first_of_month,
    from_date,
    next_month,
    start_of,
    to_date,
    weekday,
)
from usagetwin.deviations.known.asking import (
    MS_PER_DAY,
    daily,
    day,
    edited,
    instant,
    instead,
    keys,
    monthly,
    today,
)
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.asking import Points
    from usagetwin.deviations.shape import Request

EIGHT_HOURS_S: Final = 8 * 3600
HOUR_MS: Final = 3_600_000
PAGE: Final = 100
FEW_ENOUGH: Final = 180
YEAR_OF_MONTHS: Final = 12
SUMMER: Final = range(4, 11)  # April to October


def _from_the_first(request: "Request") -> "Request":
    first = first_of_month(day_of(instant(request, "from") or 0))
    return request.having(from_=str(start_of(first)))


def _to_the_end_of_the_week(request: "Request") -> "Request":
    last = day_of((instant(request, "to") or 1) - 1)
    return request.having(to=str(min(start_of(last + 7 - weekday(last)), LAST_INSTANT_S)))


def _eight_hours_later(request: "Request") -> "Request":
    def later(name: str, value: str) -> str:
        moved = name in {"from", "to"}
        return str(min(int(value) + EIGHT_HOURS_S, LAST_INSTANT_S)) if moved else value

    return replace(
        request, parameters=tuple((name, later(name, value)) for name, value in request.parameters)
    )


def _from_last_month(request: "Request") -> "Request":
    last_month = first_of_month(first_of_month(today(request)) - 1)
    return request.having(from_=str(start_of(last_month)))


def _after_from(request: "Request", points: "Points") -> "Points":
    from_s = instant(request, "from")
    return [point for point in points if from_s is None or start_of(day(point)) != from_s]


def _without_year_ends(_request: "Request", points: "Points") -> "Points":
    """Leave out the last point of a year that another year follows."""
    crossing = {day(one) for one, other in pairwise(points) if _year(one) < _year(other)}
    return [point for point in points if day(point) not in crossing]


def _year(point: dict[str, Any]) -> int:
    return to_date(day(point)).year


def _week_years(_request: "Request", points: "Points") -> "Points":
    return [{**point, "time": _in_its_week_year(day(point)) * MS_PER_DAY} for point in points]


def _in_its_week_year(one: int) -> int:
    date = to_date(one)
    year = date.isocalendar().year
    return from_date(date.replace(year=year)) if year > date.year else one


def _firsts_twice(_request: "Request", points: "Points") -> "Points":
    shown = points[:1]
    for point in points[1:]:
        shown += [point, point] if day(point) == first_of_month(day(point)) else [point]
    return shown


def _by_name(_request: "Request", points: "Points") -> "Points":
    return sorted(points, key=lambda point: to_date(day(point)).strftime("%B %Y"))


def _at_month_end(_request: "Request", points: "Points") -> "Points":
    return [{**point, "time": (next_month(day(point)) - 1) * MS_PER_DAY} for point in points]


def _summer_time(_request: "Request", points: "Points") -> "Points":
    def shifted(point: dict[str, Any]) -> int:
        summer = to_date(day(point)).month in SUMMER
        return int(point["time"]) - (HOUR_MS if summer else 0)

    return [{**point, "time": shifted(point)} for point in points]


def _given(name: str) -> "Callable[[Request], bool]":
    return lambda request: request.value(name) is not None


def _anything(_request: "Request") -> bool:
    return True


FAULTS: Final = (
    Deviation(
        "from-moved-to-the-first",
        "A month_to_date series by day starts with the month of `from`, not with its day.",
        ("series-starts-at-from",),
        instead(_from_the_first, lambda request: daily("month_to_date")(request) and _given("from")(request)),
    ),
    Deviation(
        "to-moved-to-the-week-end",
        "A daily series goes on to the end of the week that `to` lies in.",
        ("series-ends-at-to",),
        instead(_to_the_end_of_the_week, lambda request: daily()(request) and _given("to")(request)),
    ),
    Deviation(
        "window-eight-hours-late",
        "`from` and `to` are read eight hours late: a `to` after 16:00 UTC brings the next day in as well.",
        ("series-ends-at-to", "bucket-cut-by-from-is-present"),
        instead(_eight_hours_later, _anything),
    ),
    Deviation(
        "from-default-one-month-early",
        "Without `from`, and with a projectKey, the series starts with the month before the current one.",
        ("from-defaults-to-month-start", "explicit-default-changes-nothing"),
        instead(_from_last_month, lambda request: bool(keys(request)) and not _given("from")(request)),
    ),
    Deviation(
        "from-is-exclusive",
        "A bucket that begins exactly at a given `from` is missing.",
        ("known-bucket-is-present", "explicit-default-changes-nothing"),
        edited(_after_from, _given("from")),
    ),
    Deviation(
        "year-end-lost",
        "A daily series that goes on into another year lacks the 31st of December before it.",
        ("known-bucket-is-present",),
        edited(_without_year_ends, daily()),
    ),
    Deviation(
        "pages-lose-their-last",
        "Every hundredth point of an answer is missing.",
        ("known-bucket-is-present",),
        edited(lambda _, points: [one for at, one in enumerate(points, 1) if at % PAGE], _anything),
    ),
    Deviation(
        "every-other-point",
        "A series of more than 180 points has only every other one.",
        ("known-bucket-is-present",),
        edited(lambda _, points: points[::2] if len(points) > FEW_ENOUGH else points, daily()),
    ),
    Deviation(
        "newest-twelve-months",
        "A monthly series has its newest twelve buckets only.",
        ("known-bucket-is-present",),
        edited(lambda _, points: points[-YEAR_OF_MONTHS:], monthly),
    ),
    Deviation(
        "week-year-dates",
        "The last days of December that belong to week 1 are dated a year ahead, as 29 December 2025 is.",
        ("series-ends-at-to", "no-bucket-after-now", "series-ascends", "time-is-bucket-start"),
        edited(_week_years, daily()),
    ),
    Deviation(
        "months-overlap",
        "In a daily series, each first of a month after the first point comes twice.",
        ("buckets-are-unique",),
        edited(_firsts_twice, daily()),
    ),
    Deviation(
        "months-by-name",
        "Monthly buckets are sorted by the month's English name.",
        ("series-ascends",),
        edited(_by_name, monthly),
    ),
    Deviation(
        "months-dated-at-their-end",
        "A monthly bucket has the time of its last day.",
        ("time-is-bucket-start",),
        edited(_at_month_end, monthly),
    ),
    Deviation(
        "summer-time-labels",
        "From April to October a daily bucket has the time 23:00 UTC of the day before.",
        ("days-are-utc", "time-is-bucket-start"),
        edited(_summer_time, daily()),
    ),
)
