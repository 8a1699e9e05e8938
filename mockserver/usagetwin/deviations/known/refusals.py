"""The known faults of refusing: right values that are answered with 400, and refusals that say too little."""

from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, first_of_month, start_of
from usagetwin.deviations.known.asked import is_leap_day
from usagetwin.deviations.known.changes import error, on_status, refusing
from usagetwin.deviations.shape import Deviation, Request

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Reply

TIMES: Final = ("from", "to")
SCALARS: Final = (*TIMES, "granularity", "aggregationType")
BAD_REQUEST: Final = 400
QUARTER: Final = 92
MONTH: Final = 30


def _month_start_is_unset(request: Request) -> Request:
    month_start = str(start_of(first_of_month(day_of(request.now_s))))
    return request.having(from_=month_start) if request.value("from") == "0" else request


def _zero_is_missing(request: Request) -> bool:
    return _month_start_is_unset(request) != request


def _mute(own: "Reply", _request: Request) -> "Reply":
    return own.with_document({**own.document, "message": "Invalid request"})


def _without_milliseconds(own: "Reply", _request: Request) -> "Reply":
    document = own.document
    if "milliseconds" not in document["message"]:
        return own
    message = "a timestamp is a number of at most ten digits"
    return own.with_document({**document, "message": message})


def _bad(message: str) -> "Reply":
    return error(BAD_REQUEST, "invalid_request", message)


def _given_days(request: Request) -> int:
    """Give the whole days of a window that has both ends; -1 for any other."""
    given = [request.value(name) for name in TIMES]
    from_s, to_s = (int(value) if value is not None else None for value in given)
    return -1 if from_s is None or to_s is None else (to_s - from_s) // SECONDS_PER_DAY


def _ends_on_a_leap_day(request: Request) -> bool:
    given = [request.value(name) for name in TIMES]
    return any(value is not None and is_leap_day(day_of(int(value))) for value in given)


FAULTS: Final = (
    Deviation(
        "milliseconds-are-not-named",
        "The 400 for a `from` or `to` in milliseconds says that ten digits are allowed, and not why.",
        ("milliseconds-are-named",),
        on_status(_without_milliseconds, BAD_REQUEST),
    ),
    Deviation(
        "rolling-is-refused",
        "aggregationType=rolling_30d is answered with 400.",
        ("documented-query-is-answered",),
        refusing(lambda _request, asked: asked.view == "rolling_30d", _bad("aggregationType is unknown")),
    ),
    Deviation(
        "monthly-refuses-explicit-month-to-date",
        "granularity=monthly is answered with 400 when aggregationType=month_to_date is given beside it.",
        ("documented-query-is-answered", "explicit-default-changes-nothing"),
        refusing(
            lambda request, asked: asked.monthly and request.value("aggregationType") is not None,
            _bad("granularity does not go with aggregationType"),
        ),
    ),
    Deviation(
        "repeated-project-key-is-refused",
        "More than one projectKey is answered with 400.",
        ("project-key-repeats",),
        refusing(
            lambda request, _asked: len(request.values("projectKey")) > 1,
            _bad("projectKey is given more than once"),
        ),
    ),
    Deviation(
        "from-of-zero-is-refused",
        "from=0 is taken for the current month, so that a window that ends before it is answered with 400.",
        ("documented-query-is-answered",),
        refusing(
            lambda request, asked: (
                _zero_is_missing(request) and asked.to_s < start_of(first_of_month(asked.today))
            ),
            _bad("from lies after to"),
        ),
    ),
    Deviation(
        "undocumented-parameters-are-refused",
        "A parameter that the document does not name is answered with 400.",
        ("undocumented-parameters-ignored",),
        refusing(
            lambda request, _asked: any(
                name not in {*SCALARS, "projectKey"} for name, _ in request.parameters
            ),
            _bad("there is a parameter that is not known"),
        ),
    ),
    Deviation(
        "refusals-say-nothing",
        "The message of a 400 is the same for everything: no parameter, no value, nothing that is allowed.",
        (
            "invalid-request-names-parameter",
            "invalid-request-quotes-value",
            "invalid-request-says-what-is-allowed",
            "default-in-window-is-named",
        ),
        on_status(_mute, BAD_REQUEST),
    ),
    Deviation(
        "rolling-needs-thirty-days",
        "aggregationType=rolling_30d with a window of less than 30 days is answered with 400.",
        ("documented-query-is-answered",),
        refusing(
            lambda request, asked: asked.view == "rolling_30d" and 0 <= _given_days(request) < MONTH,
            _bad("from and to must be at least 30 days apart for rolling_30d"),
        ),
    ),
    Deviation(
        "incremental-capped-at-a-quarter",
        "aggregationType=incremental with a window of more than 92 days is answered with 400.",
        ("documented-query-is-answered", "wide-window-is-answered"),
        refusing(
            lambda request, asked: asked.view == "incremental" and _given_days(request) > QUARTER,
            _bad("to must be at most 92 days after from for incremental"),
        ),
    ),
    Deviation(
        "leap-day-crashes",
        "A `from` or `to` on a 29th of February is answered with 500.",
        ("status-is-documented", "documented-query-is-answered"),
        refusing(
            lambda request, _asked: _ends_on_a_leap_day(request),
            error(500, "internal_error", "day is out of range for month"),
        ),
    ),
)
