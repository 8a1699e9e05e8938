"""More known faults of the query: what is taken for valid, what is refused, and which defaults hold."""

import re
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
LEAP_DAY: Final = (2, 29)
QUARTER: Final = 92
MONTH: Final = 30
DOCUMENTED: Final = frozenset({"from", "to", "projectKey", "granularity", "aggregationType"})
_DIGITS_FIRST: Final = re.compile(r"([0-9]{1,10})[^0-9].*", re.DOTALL)
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
        "dates-accepted",
        "A `from` such as 2026-03-01 is answered with 200.",
        ("timestamp-is-plain-digits",),
        accepted(_from_a_date, _matches("from", _ISO_DATE)),
    ),
)
