"""Legal variations of `time`: which number names a bucket. The buckets stay UTC days and months.

Source: `SEMANTICS` 4, "the label names a bucket".
"""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY
from usagetwin.deviations.legal.changes import TIME, points_changed, start_s
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.legal.changes import Change, Points

HOUR_S: Final = 3600
_START: Final = ("time-is-bucket-start",)


def labelled(label: "Callable[[int, int], int]") -> "Change":
    """Make a change that labels each bucket with a function of its first instant and its end, in seconds."""

    def change(points: "Points", asked: "Asked") -> "Points":
        return [{**point, TIME: label(start_s(point), asked.end_s(start_s(point)))} for point in points]

    return change


def _month_at_last_day(start: int, end: int) -> int:
    return (end - SECONDS_PER_DAY) * 1000 if end - start > SECONDS_PER_DAY else start * 1000


LABELS: Final = (
    Deviation(
        "time-in-seconds",
        "time is in Unix seconds, as from and to are",
        ("time-is-milliseconds",),
        points_changed(labelled(lambda start, _end: start)),
    ),
    Deviation(
        "time-at-noon",
        "a bucket is labelled with noon of its first day",
        _START,
        points_changed(labelled(lambda start, _end: (start + 12 * HOUR_S) * 1000)),
    ),
    Deviation(
        "time-at-end",
        "a bucket is labelled with the first instant after it",
        _START,
        points_changed(labelled(lambda _start, end: end * 1000)),
    ),
    Deviation(
        "time-at-last-millisecond",
        "a bucket is labelled with its last millisecond",
        _START,
        points_changed(labelled(lambda _start, end: end * 1000 - 1)),
    ),
    Deviation(
        "time-in-zone-east",
        "a bucket is labelled with midnight nine hours east of UTC",
        _START,
        points_changed(labelled(lambda start, _end: (start - 9 * HOUR_S) * 1000)),
    ),
    Deviation(
        "time-in-zone-west",
        "a bucket is labelled with midnight five hours west of UTC",
        _START,
        points_changed(labelled(lambda start, _end: (start + 5 * HOUR_S) * 1000)),
    ),
    Deviation(
        "month-at-last-day",
        "a month is labelled with the midnight that begins its last day",
        _START,
        points_changed(labelled(_month_at_last_day)),
    ),
    Deviation(
        "seconds-at-end",
        "a bucket is labelled with the first instant after it, in Unix seconds",
        ("time-is-milliseconds", *_START),
        points_changed(labelled(lambda _start, end: end)),
    ),
)
