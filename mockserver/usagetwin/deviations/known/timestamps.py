"""The known faults of reading `from` and `to`: wrong instants and windows that are answered."""

import re
from datetime import UTC, datetime
from typing import Final

from usagetwin.days import day_of
from usagetwin.deviations.known.changes import accepting, reading
from usagetwin.deviations.shape import Deviation, Request

TIMES: Final = ("from", "to")
DIGITS: Final = 10


def _as_leading_digits(value: str) -> str:
    digits = re.match(r"[0-9]{1,10}(?![0-9])", value)
    return digits.group() if digits else value


def _as_seconds_of_iso(value: str) -> str:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    return str(int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()))


def _as_seconds_of_milliseconds(value: str) -> str:
    return value[:-3] if re.fullmatch(r"[0-9]{12,13}", value) else value


def _absent_when_wordy(value: str) -> str | None:
    return value if re.search(r"[0-9]", value) else None


def _without_fraction(value: str) -> str:
    fraction = re.fullmatch(r"([0-9]{1,10})\.[0-9]+", value)
    return fraction.group(1) if fraction else value


def _swapped(request: Request) -> Request:
    from_s, to_s = request.value("from") or "", request.value("to") or ""
    return request.having(from_=to_s, to=from_s) if from_s.isdigit() and to_s.isdigit() else request


def _emptied(request: Request) -> Request:
    """Ask for an empty window where a default inverts the one that was asked for."""
    given = [request.value(name) for name in TIMES if request.value(name) is not None]
    if len(given) != 1 or not (given[0] or "").isdigit():
        return request
    return request.having(from_=given[0] or "", to=given[0] or "")


def _seconds_of_a_date(value: str) -> str:
    return _as_seconds_of_iso(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else value


def _absent_when_a_word(value: str) -> str | None:
    return value if not value or re.search(r"\d", value) else None


def _emptied_within_a_day(request: Request) -> Request:
    from_s, to_s = request.value("from") or "", request.value("to") or ""
    if not (from_s.isdecimal() and to_s.isdecimal() and max(len(from_s), len(to_s)) <= DIGITS):
        return request
    inverted, same_day = int(from_s) > int(to_s), day_of(int(from_s)) == day_of(int(to_s))
    return request.having(from_=to_s) if inverted and same_day else request


FAULTS: Final = (
    Deviation(
        "milliseconds-are-taken",
        "A `from` or `to` in milliseconds is answered as if it were in seconds.",
        ("timestamp-fits-ten-digits",),
        reading(_as_seconds_of_milliseconds, *TIMES),
    ),
    Deviation(
        "iso-instants-are-taken",
        "A `from` or `to` such as 2026-03-01T00:00:00Z is answered.",
        ("timestamp-is-plain-digits",),
        reading(_as_seconds_of_iso, *TIMES),
    ),
    Deviation(
        "words-are-no-times",
        "A `from` or `to` without any digit is answered as if it were not there.",
        ("from-is-unix-seconds", "to-is-unix-seconds", "timestamp-is-plain-digits"),
        reading(_absent_when_wordy, *TIMES),
    ),
    Deviation(
        "to-reads-leading-digits",
        "Whatever follows the digits of `to` is ignored: to=1773705600xyz is answered.",
        ("to-is-unix-seconds", "timestamp-is-plain-digits"),
        reading(_as_leading_digits, "to"),
    ),
    Deviation(
        "fractions-are-cut",
        "A `from` or `to` with a fraction is answered as if it had none.",
        ("timestamp-is-plain-digits",),
        reading(_without_fraction, *TIMES),
    ),
    Deviation(
        "inverted-window-is-swapped",
        "A `from` after `to` is answered as if they were the other way round.",
        ("window-not-inverted",),
        accepting(_swapped),
    ),
    Deviation(
        "window-inverted-by-a-default-is-empty",
        "A lone `from` in the future, or a lone `to` before this month, is answered with an empty series.",
        ("window-checked-after-defaults",),
        accepting(_emptied),
    ),
    Deviation(
        "digits-with-a-tail",
        "`from` is read up to its first character that is no digit: 1735689600abc is answered with 200.",
        ("from-is-unix-seconds", "timestamp-is-plain-digits"),
        reading(_as_leading_digits, "from"),
    ),
    Deviation(
        "unreadable-to-is-now",
        "A `to` without any digit, such as to=yesterday, counts as left out.",
        ("to-is-unix-seconds",),
        reading(_absent_when_a_word, "to"),
    ),
    Deviation(
        "dates-accepted",
        "A `from` such as 2026-03-01 is answered with 200.",
        ("timestamp-is-plain-digits",),
        reading(_seconds_of_a_date, "from"),
    ),
    Deviation(
        "inverted-within-a-day-is-empty",
        "A `from` after `to` on one day is answered with an empty series.",
        ("window-not-inverted",),
        accepting(_emptied_within_a_day),
    ),
)
