"""Legal variations of values: cut months, the open bucket, and accounts whose ledger is another one.

Source: `SEMANTICS` 2: of an open bucket nothing is certain but that it is never negative.
"""

from itertools import count
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, start_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.legal.changes import TIME, at_instant, is_open, points_changed, start_s, with_values
from usagetwin.deviations.shape import OK, Deviation, Remembering

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.legal.changes import Points, ReplyTo
    from usagetwin.deviations.shape import Honest, Reply, Request

FACTOR: Final = 2**41
SLOWNESS: Final = 200  # requests until half of what is left of the day has been run through


async def _cut_months(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    if honest.status != OK or not (asked := Asked.of(request)).monthly:
        return honest
    window = {"from_": str(asked.from_s), "to": str(asked.to_s)}
    daily = await twin.ask(request.having(**window, granularity="daily", aggregationType="incremental"))
    if daily.series is None:
        return daily
    months = [with_values(point, lambda _value: 0) for point in honest.series or []]
    by_time = {month[TIME]: month for month in months}
    for day in daily.series:
        month = by_time[start_of(first_of_month(day_of(start_s(day)))) * 1000]
        month.update({name: month[name] + value for name, value in day.items() if name != TIME})
    return honest.with_series(months)


async def _today_counts_nothing(request: "Request", twin: "Honest") -> "Reply":
    return await at_instant(request, twin, start_of(day_of(request.now_s)))


def _open_is_zero(points: "Points", asked: Asked) -> "Points":
    return [with_values(point, lambda _value: 0) if is_open(point, asked) else point for point in points]


def _at_moving_instant(moved: "Callable[[int, int], int]") -> Remembering:
    """Make a reply function that gives each request to one app the values of another instant of the day.

    `moved` maps the seconds of the day that have passed, and how many were asked before, to other seconds.
    """

    def begun() -> "ReplyTo":
        turns = count()

        async def reply(request: "Request", twin: "Honest") -> "Reply":
            today, elapsed = divmod(request.now_s, SECONDS_PER_DAY)
            return await at_instant(request, twin, start_of(today) + moved(elapsed, next(turns)))

        return reply

    return Remembering(begun)


def _later(elapsed: int, turn: int) -> int:
    return elapsed + (SECONDS_PER_DAY - 1 - elapsed) * turn // (turn + SLOWNESS)


def _earlier(elapsed: int, turn: int) -> int:
    return elapsed * SLOWNESS // (turn + SLOWNESS)


COUNTS: Final = (
    Deviation(
        "cut-months",
        "a monthly bucket that the window cuts holds the days inside the window",
        ("cut-month-is-whole",),
        _cut_months,
    ),
    Deviation(
        "today-counts-nothing",
        "the sessions of a day count, in every view, when the day is over",
        (),
        _today_counts_nothing,
    ),
    Deviation(
        "open-bucket-is-zero",
        "the bucket that contains the current time is 0 in every view until it is over",
        ("open-bucket-fits-the-ledger",),
        points_changed(_open_is_zero),
    ),
    Deviation(
        "open-bucket-grows-with-each-request",
        "the current day has more sessions each time that it is asked for",
        ("answers-repeat",),
        _at_moving_instant(_later),
    ),
    Deviation(
        "open-bucket-falls",
        "the current day is corrected downwards each time that it is asked for",
        ("open-bucket-grows", "answers-repeat"),
        _at_moving_instant(_earlier),
    ),
    Deviation(
        "account-without-data",
        "every series is empty, as if all projects were created tomorrow",
        (),
        points_changed(lambda _points, _asked: []),
    ),
    Deviation(
        "account-of-zeros",
        "not one session was ever counted",
        (),
        points_changed(lambda points, _asked: [with_values(point, lambda _value: 0) for point in points]),
    ),
    Deviation(
        "counts-beyond-2-53",
        "counts are larger than a double can hold exactly",
        (),
        points_changed(
            lambda points, _asked: [with_values(point, lambda value: value * FACTOR) for point in points]
        ),
    ),
)
