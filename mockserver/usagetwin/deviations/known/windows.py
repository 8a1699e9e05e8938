"""The known faults of the window: it is ignored, widened, shifted, cut or refused."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, day_of, first_of_month, start_of, weekday
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.changes import asking, error, refusing
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Request

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
)
