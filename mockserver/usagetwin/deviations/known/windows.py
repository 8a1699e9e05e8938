"""The known faults of the window: it is ignored, widened, shifted, cut or refused."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, day_of, first_of_month, start_of, weekday
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.changes import asking, error, only, refusing
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Request

EIGHT_HOURS_S: Final = 8 * 3600
STARTS: Final = ("series-starts-at-from",)
ENDS: Final = ("series-ends-at-to",)


def _windowed(change: "Callable[[Asked], tuple[int, int]]") -> "Answering":
    """Answer for another window."""

    def other(request: "Request", asked: Asked) -> "Request":
        from_s, to_s = change(asked)
        if (from_s, to_s) == (asked.from_s, asked.to_s):
            return request
        return request.having(from_=str(max(0, from_s)), to=str(min(LAST_INSTANT_S, to_s)))

    return asking(other)


def _monday_before(instant_s: int) -> int:
    return start_of(day_of(instant_s) - weekday(day_of(instant_s)))


def _from_the_first(asked: Asked) -> tuple[int, int]:
    running = asked.view == "month_to_date" and not asked.monthly
    first = first_of_month(day_of(asked.from_s))
    return (start_of(first) if running else asked.from_s, asked.to_s)


def _to_the_end_of_the_week(asked: Asked) -> tuple[int, int]:
    last = day_of(asked.to_s - 1)
    return (asked.from_s, asked.to_s if asked.monthly else start_of(last + 7 - weekday(last)))


def _eight_hours_later(request: "Request", _asked: Asked) -> "Request":
    given = {name: request.value(name) for name in ("from", "to")}
    later = {
        name: str(min(int(value) + EIGHT_HOURS_S, LAST_INSTANT_S))
        for name, value in given.items()
        if value is not None
    }
    return request.having(**later)


FAULTS: Final = (
    Deviation(
        "from-ignored",
        "`from` does nothing: every series starts with the month that `to` lies in.",
        ("series-starts-at-from", "known-bucket-is-present"),
        _windowed(lambda asked: (min(asked.to_s, start_of(first_of_month(day_of(asked.to_s)))), asked.to_s)),
    ),
    Deviation(
        "to-ignored",
        "`to` does nothing: every series ends at the current time.",
        ENDS,
        _windowed(lambda asked: (asked.from_s, max(asked.from_s, asked.now_s))),
    ),
    Deviation(
        "window-ignored-in-daily",
        "Only monthly honours the window: daily series have the current month whatever is asked.",
        ("series-starts-at-from", "series-ends-at-to", "known-bucket-is-present"),
        asking(lambda request, asked: request if asked.monthly else request.without("from", "to")),
    ),
    Deviation(
        "bucket-before-from",
        "The series starts with one bucket too many, which is over when the window begins.",
        STARTS,
        _windowed(lambda asked: (asked.from_s - SECONDS_PER_DAY, asked.to_s)),
    ),
    Deviation(
        "two-buckets-after-to",
        "The series ends two days after `to`: any past window.",
        ENDS,
        _windowed(lambda asked: (asked.from_s, asked.to_s + 2 * SECONDS_PER_DAY)),
    ),
    Deviation(
        "window-widened-to-whole-weeks",
        "A window that starts within a week is answered from its Monday on.",
        STARTS,
        _windowed(lambda asked: (_monday_before(asked.from_s), asked.to_s)),
    ),
    Deviation(
        "window-shifts-by-two-hours",
        "`from` and `to` are taken two hours too early, as in a zone: midnights show the day before.",
        ("series-starts-at-from", "days-are-utc"),
        _windowed(lambda asked: (asked.from_s - 7200, asked.to_s - 7200)),
    ),
    Deviation(
        "rolling-includes-to",
        "In the rolling_30d view a `to` of midnight brings the day that begins there.",
        ("bucket-starting-at-to-is-absent",),
        _windowed(
            lambda asked: (
                asked.from_s,
                asked.to_s + (asked.view == "rolling_30d" and asked.from_s < asked.to_s),
            )
        ),
    ),
    Deviation(
        "empty-window-has-a-day",
        "A `from` that equals `to` is answered with the day that it lies in.",
        ("empty-window-is-empty",),
        _windowed(lambda asked: (asked.from_s, asked.to_s + (asked.from_s == asked.to_s))),
    ),
    Deviation(
        "empty-window-is-refused",
        "A `from` that equals `to` is answered with 400.",
        ("empty-window-is-empty",),
        refusing(
            lambda _request, asked: asked.from_s == asked.to_s,
            error(400, "invalid_request", "from must lie before to"),
        ),
    ),
    Deviation(
        "window-of-31-days-at-most",
        "A window of more than 31 days is answered with 400.",
        ("documented-query-is-answered",),
        refusing(
            lambda _request, asked: asked.to_s - asked.from_s > 31 * SECONDS_PER_DAY,
            error(400, "invalid_request", "the window is longer than 31 days"),
        ),
    ),
    Deviation(
        "rolling-over-a-year-is-refused",
        "Only in the rolling_30d view: a window of 365 days or more is answered with 400.",
        ("wide-window-is-answered",),
        refusing(
            lambda _request, asked: (
                asked.view == "rolling_30d" and asked.to_s - asked.from_s >= 365 * SECONDS_PER_DAY
            ),
            error(400, "invalid_request", "the window is longer than a year"),
        ),
    ),
    Deviation(
        "future-to-is-refused",
        "A `to` after the current time is answered with 400.",
        ("future-window-is-answered",),
        refusing(
            lambda _request, asked: asked.to_s > asked.now_s,
            error(400, "invalid_request", "to lies in the future"),
        ),
    ),
    Deviation(
        "from-moved-to-the-first",
        "A month_to_date series by day starts with the month of `from`, not with its day.",
        STARTS,
        _windowed(_from_the_first),
    ),
    Deviation(
        "to-moved-to-the-week-end",
        "A daily series goes on to the end of the week that `to` lies in.",
        ENDS,
        only(lambda request, _asked: request.value("to") is not None, _windowed(_to_the_end_of_the_week)),
    ),
    Deviation(
        "window-eight-hours-late",
        "`from` and `to` are read eight hours late: a `to` after 16:00 UTC brings the next day in as well.",
        ("series-ends-at-to", "bucket-cut-by-from-is-present"),
        asking(_eight_hours_later),
    ),
)
