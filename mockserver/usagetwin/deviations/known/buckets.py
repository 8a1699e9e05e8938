"""The known faults of the buckets in a window: some are missing, some too many, some out of place."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, start_of, to_date, weekday
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import MS_PER_DAY, day_at, is_leap_day, labels
from usagetwin.deviations.known.changes import keeping, on_points, only
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.known.asked import Point

PAGE: Final = 100
FEW_ENOUGH: Final = 180
YEAR_OF_MONTHS: Final = 12
MOST_BUCKETS: Final = 500
PRESENT: Final = ("known-bucket-is-present",)


def _days_of_the_window(asked: Asked) -> int:
    return (asked.to_s - asked.from_s) // SECONDS_PER_DAY


def _filled_before(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.monthly or not points:
        return points
    missing = range(day_of(asked.from_s), day_at(points[0]))
    return [*({"time": day * MS_PER_DAY, "0": 0} for day in missing), *points]


def _filled_after(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.monthly or not points:
        return points
    missing = range(day_at(points[-1]) + 1, day_of(asked.to_s - 1) + 1)
    return [*points, *({"time": day * MS_PER_DAY, "0": 0} for day in missing)]


def _without_zeros(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.view != "incremental":
        return points
    return [point for point in points if any(point[label] for label in labels(point))]


def _starts_before_the_turn(asked: Asked, day: int) -> bool:
    return to_date(day).year == to_date(day_of(asked.from_s)).year


def _without_year_ends(asked: Asked, points: "list[Point]") -> "list[Point]":
    """Leave out the last day of a year that another year follows."""
    years = [to_date(day_at(point)).year for point in points]
    followed = [one < other for one, other in pairwise(years)]
    return [
        point for point, last in zip(points, [*followed, False], strict=False) if asked.monthly or not last
    ]


def _every_other(asked: Asked, points: "list[Point]") -> "list[Point]":
    return points[::2] if len(points) > FEW_ENOUGH and not asked.monthly else points


def _firsts_twice(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.monthly:
        return points
    shown = points[:1]
    for point in points[1:]:
        shown += [point, point] if day_at(point) == first_of_month(day_at(point)) else [point]
    return shown


def _by_name(asked: Asked, points: "list[Point]") -> "list[Point]":
    named = sorted(points, key=lambda point: to_date(day_at(point)).strftime("%B %Y"))
    return named if asked.monthly else points


FAULTS: Final = (
    Deviation(
        "first-day-is-missing",
        "The day that `from` lies in is left out.",
        PRESENT,
        keeping(lambda asked, day: asked.monthly or day != day_of(asked.from_s)),
    ),
    Deviation(
        "day-that-ends-at-to-is-missing",
        "A `to` of midnight leaves out the day that ends there.",
        PRESENT,
        keeping(lambda asked, day: start_of(asked.last_day(day) + 1) != asked.to_s),
    ),
    Deviation(
        "yesterday-is-missing",
        "Yesterday's bucket is left out of daily windows that reach into the current day.",
        PRESENT,
        keeping(
            lambda asked, day: asked.monthly or day != asked.today - 1 or asked.to_s <= start_of(asked.today)
        ),
    ),
    Deviation(
        "series-is-cut-at-100",
        "A series has at most 100 buckets: of a longer window the rest is missing.",
        PRESENT,
        on_points(lambda _asked, points: points[:100]),
    ),
    Deviation(
        "long-windows-lose-every-seventh-day",
        "Only in windows longer than 90 days: Sundays are left out.",
        PRESENT,
        keeping(
            lambda asked, day: (
                asked.monthly or _days_of_the_window(asked) <= 90 or weekday(day) != 6  # noqa: PLR2004 -- Sunday
            )
        ),
    ),
    Deviation(
        "window-stops-at-the-year-turn",
        "A window over the turn of a year ends with 31 December.",
        PRESENT,
        keeping(_starts_before_the_turn),
    ),
    Deviation(
        "leap-day-is-missing",
        "29 February is left out of daily windows, unless they start with it.",
        PRESENT,
        keeping(lambda asked, day: asked.monthly or not is_leap_day(day) or day == day_of(asked.from_s)),
    ),
    Deviation(
        "incremental-keeps-400-days",
        "The incremental view has no bucket of more than 400 days ago.",
        ("every-bucket-is-kept",),
        keeping(lambda asked, day: asked.view != "incremental" or day > asked.today - 400),
    ),
    Deviation(
        "zero-days-are-missing-in-incremental",
        "The incremental view leaves out days without sessions.",
        ("zero-buckets-are-present",),
        on_points(_without_zeros),
    ),
    Deviation(
        "day-cut-by-from-is-missing",
        "A bucket that begins before `from` is left out: any `from` that is not a midnight.",
        ("bucket-cut-by-from-is-present",),
        keeping(lambda asked, day: start_of(day) >= asked.from_s),
    ),
    Deviation(
        "bucket-cut-by-to-is-missing",
        "A closed bucket that ends after `to` is left out: any past `to` that is not a midnight.",
        ("bucket-cut-by-to-is-present",),
        keeping(
            lambda asked, day: (
                asked.last_day(day) >= asked.today or start_of(asked.last_day(day) + 1) <= asked.to_s
            )
        ),
    ),
    Deviation(
        "days-before-creation-are-zero",
        "Daily series begin with `from`, with zeros before the filter's earliest project.",
        ("buckets-start-at-creation",),
        on_points(_filled_before),
    ),
    Deviation(
        "future-days-are-zero",
        "Daily series go on to `to`, with zeros after the current day.",
        ("no-bucket-after-now",),
        on_points(_filled_after),
    ),
    Deviation(
        "series-descends",
        "The latest bucket comes first.",
        ("series-ascends",),
        on_points(lambda _asked, points: points[::-1]),
    ),
    Deviation(
        "last-bucket-twice",
        "The last bucket comes twice.",
        ("buckets-are-unique", "series-ascends"),
        on_points(lambda _asked, points: [*points, *points[-1:]]),
    ),
    Deviation(
        "from-is-exclusive",
        "A bucket that begins exactly at a given `from` is missing.",
        ("known-bucket-is-present", "explicit-default-changes-nothing"),
        only(
            lambda request, _asked: request.value("from") is not None,
            keeping(lambda asked, day: start_of(day) != asked.from_s),
        ),
    ),
    Deviation(
        "year-end-lost",
        "A daily series that goes on into another year lacks the 31st of December before it.",
        PRESENT,
        on_points(_without_year_ends),
    ),
    Deviation(
        "pages-lose-their-last",
        "Every hundredth point of an answer is missing.",
        PRESENT,
        on_points(lambda _asked, points: [one for at, one in enumerate(points, 1) if at % PAGE]),
    ),
    Deviation(
        "every-other-point",
        "A daily series of more than 180 points has only every other one.",
        PRESENT,
        on_points(_every_other),
    ),
    Deviation(
        "newest-twelve-months",
        "A monthly series has its newest twelve buckets only.",
        PRESENT,
        on_points(lambda asked, points: points[-YEAR_OF_MONTHS:] if asked.monthly else points),
    ),
    Deviation(
        "months-overlap",
        "In a daily series, each first of a month after the first point comes twice.",
        ("buckets-are-unique",),
        on_points(_firsts_twice),
    ),
    Deviation(
        "months-by-name",
        "Monthly buckets are sorted by the month's English name.",
        ("series-ascends",),
        on_points(_by_name),
    ),
    Deviation(
        "series-keeps-its-newest-500",
        "A series has at most 500 buckets: of a longer window the oldest are missing.",
        PRESENT,
        on_points(lambda _asked, points: points[-MOST_BUCKETS:]),
    ),
)
