"""More known faults of the query: what is taken for valid, what is refused, and which defaults hold."""

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, from_date, start_of, to_date
from usagetwin.deviations.known.asking import accepted, daily, get, instant, instead
from usagetwin.deviations.shape import Deviation, Reply

if TYPE_CHECKING:
    from usagetwin.deviations.known.asking import Answering, When
    from usagetwin.deviations.shape import Honest, Request

BAD_REQUEST: Final = 400
SERVER_ERROR: Final = 500
NO_CONTENT: Final = 204
LEAP_DAY: Final = (2, 29)
QUARTER: Final = 92
MONTH: Final = 30
DOCUMENTED: Final = frozenset({"from", "to", "projectKey", "granularity", "aggregationType"})
_DIGITS_FIRST: Final = re.compile(r"([0-9]{1,10})[^0-9].*", re.DOTALL)
_MILLISECONDS: Final = re.compile(r"[0-9]{13}")
_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _refusing(when: "When", status: int, code: str, message: str) -> "Answering":
    """Make a fault that refuses valid requests."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        if answer.series is None or not when(request):
            return answer
        return Reply(status, b"").with_document({"code": code, "message": message})

    return reply


def _window_days(request: "Request") -> int:
    """Give the whole days of a window that has both ends; -1 for any other."""
    from_s, to_s = instant(request, "from"), instant(request, "to")
    return -1 if from_s is None or to_s is None else (to_s - from_s) // SECONDS_PER_DAY


def _date(request: "Request", name: str) -> date | None:
    instant_s = instant(request, name)
    return None if instant_s is None else to_date(day_of(instant_s))


def _ends_on_a_leap_day(request: "Request") -> bool:
    dates = (_date(request, "from"), _date(request, "to"))
    return any(given is not None and (given.month, given.day) == LEAP_DAY for given in dates)


def _matches(name: str, pattern: "re.Pattern[str]") -> "When":
    return lambda request: pattern.fullmatch(request.value(name) or "") is not None


def _leading_digits(request: "Request") -> "Request":
    match = _DIGITS_FIRST.fullmatch(request.value("from") or "")
    return request if match is None else request.having(from_=match[1])


def _in_seconds(request: "Request") -> "Request":
    def shorter(value: str) -> str:
        return value[:-3] if _MILLISECONDS.fullmatch(value) else value

    return replace(
        request,
        parameters=tuple(
            (name, shorter(value) if name in {"from", "to"} else value) for name, value in request.parameters
        ),
    )


def _from_a_date(request: "Request") -> "Request":
    try:
        given = date.fromisoformat(request.value("from") or "")
    except ValueError:
        return request
    return request.having(from_=str(start_of(from_date(given))))


def _no_digit_in_to(request: "Request") -> bool:
    value = request.value("to")
    return bool(value) and re.search(r"\d", value or "") is None


def _by_first_letter(request: "Request") -> "Request":
    full = {"d": "daily", "m": "monthly"}
    value = request.value("granularity") or ""
    return request.having(granularity=full.get(value[:1], value))


def _swapped(request: "Request") -> "Request":
    from_s, to_s = request.value("from") or "", request.value("to") or ""
    return request.having(from_=to_s, to=from_s)


def _inverted(request: "Request") -> bool:
    from_s, to_s = request.value("from") or "", request.value("to") or ""
    numbers = _SECONDS.fullmatch(from_s) and _SECONDS.fullmatch(to_s)
    return numbers is not None and int(from_s) > int(to_s)


def _last_of_each(request: "Request") -> "Request":
    last = dict(request.parameters)
    repeated = request.values("projectKey")
    scalars = tuple((name, value) for name, value in last.items() if name != "projectKey")
    return replace(request, parameters=(*scalars, *(("projectKey", key) for key in repeated)))


def _undocumented(request: "Request") -> bool:
    return any(name not in DOCUMENTED for name, _ in request.parameters)


async def _empty_has_no_content(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    return Reply(NO_CONTENT, b"", ()) if answer.series == [] else answer


FAULTS: Final = (
    Deviation(
        "digits-with-a-tail",
        "`from` is read up to its first character that is no digit: 1735689600abc is answered with 200.",
        ("from-is-unix-seconds", "timestamp-is-plain-digits"),
        accepted(_leading_digits, _matches("from", _DIGITS_FIRST)),
    ),
    Deviation(
        "unreadable-to-is-now",
        "A `to` without any digit, such as to=yesterday, counts as left out.",
        ("to-is-unix-seconds",),
        accepted(lambda request: request.without("to"), _no_digit_in_to),
    ),
    Deviation(
        "granularity-by-first-letter",
        "granularity=day, d, month or any other word that begins with d or m is answered with 200.",
        ("granularity-is-documented",),
        accepted(_by_first_letter, lambda request: bool(request.value("granularity"))),
    ),
    Deviation(
        "average-is-answered",
        "aggregationType=average, which a sibling endpoint has, is answered with 200.",
        ("aggregation-type-is-documented",),
        accepted(
            lambda request: request.having(aggregationType="incremental"),
            lambda request: request.values("aggregationType") == ("average",),
        ),
    ),
    Deviation(
        "monthly-rolling-is-daily",
        "granularity=monthly with aggregationType=rolling_30d is answered with days.",
        ("monthly-needs-month-to-date",),
        accepted(
            lambda request: request.having(granularity="daily"),
            lambda request: request.values("aggregationType") == ("rolling_30d",),
        ),
    ),
    Deviation(
        "daily-given-means-incremental",
        "granularity=daily without aggregationType gives incremental values.",
        ("aggregation-type-defaults-to-month-to-date", "explicit-default-changes-nothing"),
        instead(
            lambda request: request.having(aggregationType="incremental"),
            lambda request: (
                request.value("granularity") == "daily" and request.value("aggregationType") is None
            ),
        ),
    ),
    Deviation(
        "view-given-means-monthly",
        "aggregationType=month_to_date without granularity gives months.",
        ("granularity-defaults-to-daily", "explicit-default-changes-nothing"),
        instead(
            lambda request: request.having(granularity="monthly"),
            lambda request: (
                request.value("aggregationType") == "month_to_date" and request.value("granularity") is None
            ),
        ),
    ),
    Deviation(
        "rolling-needs-thirty-days",
        "aggregationType=rolling_30d with a window of less than 30 days is answered with 400.",
        ("documented-query-is-answered",),
        _refusing(
            lambda request: daily("rolling_30d")(request) and 0 <= _window_days(request) < MONTH,
            BAD_REQUEST,
            "invalid_request",
            "from and to must be at least 30 days apart for rolling_30d",
        ),
    ),
    Deviation(
        "incremental-capped-at-a-quarter",
        "aggregationType=incremental with a window of more than 92 days is answered with 400.",
        ("documented-query-is-answered", "wide-window-is-answered"),
        _refusing(
            lambda request: daily("incremental")(request) and _window_days(request) > QUARTER,
            BAD_REQUEST,
            "invalid_request",
            "to must be at most 92 days after from for incremental",
        ),
    ),
    Deviation(
        "leap-day-crashes",
        "A `from` or `to` on a 29th of February is answered with 500.",
        ("status-is-documented", "documented-query-is-answered"),
        _refusing(_ends_on_a_leap_day, SERVER_ERROR, "internal_error", "day is out of range for month"),
    ),
    Deviation(
        "no-content-for-no-buckets",
        "A window without buckets is answered with 204 and no body.",
        ("status-is-documented", "empty-window-is-empty"),
        _empty_has_no_content,
    ),
    Deviation(
        "milliseconds-accepted",
        "Thirteen digits in `from` or `to` are taken for milliseconds and answered with 200.",
        ("timestamp-fits-ten-digits",),
        accepted(
            _in_seconds,
            lambda request: any(_matches(name, _MILLISECONDS)(request) for name in ("from", "to")),
        ),
    ),
    Deviation(
        "dates-accepted",
        "A `from` such as 2026-03-01 is answered with 200.",
        ("timestamp-is-plain-digits",),
        accepted(_from_a_date, _matches("from", _ISO_DATE)),
    ),
    Deviation(
        "inverted-window-swapped",
        "A `from` after `to` is answered as if they were exchanged.",
        ("window-not-inverted",),
        accepted(_swapped, _inverted),
    ),
    Deviation(
        "last-of-repeated-scalars",
        "Of a parameter that is given twice, projectKey aside, the last value counts.",
        ("scalar-parameters-once",),
        accepted(_last_of_each, lambda _request: True),
    ),
    Deviation(
        "undocumented-parameters-refused",
        "A parameter that the document does not name is answered with 400.",
        ("undocumented-parameters-ignored",),
        _refusing(_undocumented, BAD_REQUEST, "invalid_request", "unknown query parameter"),
    ),
)
