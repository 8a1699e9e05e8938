"""The known faults of reading parameters: wrong values that are answered."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known.changes import accepting
from usagetwin.deviations.shape import Deviation, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering

GRANULARITIES: Final = ("daily", "monthly")
VIEWS: Final = ("month_to_date", "incremental", "rolling_30d")
TIMES: Final = ("from", "to")
SCALARS: Final = (*TIMES, "granularity", "aggregationType")


def _reading(change: "Callable[[str], str | None]", *names: str) -> "Answering":
    """Take refused values as others; None takes them as absent."""

    def changed(request: Request) -> Request:
        read = request
        for name in names:
            value = request.value(name)
            other = value if value is None else change(value)
            if other is None:
                read = read.without(name)
            elif other != value:
                read = read.having(**{name: other})
        return read

    return accepting(changed)


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


def _absent_when_empty(value: str) -> str | None:
    return value or None


def _daily_unless_documented(value: str) -> str | None:
    return value if value.strip().lower() in {"", *GRANULARITIES} else "daily"


def _month_to_date_unless_documented(value: str) -> str:
    return value if value.strip().lower() in {"", *VIEWS} else "month_to_date"


def _swapped(request: Request) -> Request:
    from_s, to_s = request.value("from") or "", request.value("to") or ""
    return request.having(from_=to_s, to=from_s) if from_s.isdigit() and to_s.isdigit() else request


def _emptied(request: Request) -> Request:
    """Ask for an empty window where a default inverts the one that was asked for."""
    given = [request.value(name) for name in TIMES if request.value(name) is not None]
    if len(given) != 1 or not (given[0] or "").isdigit():
        return request
    return request.having(from_=given[0] or "", to=given[0] or "")


def _last_of_each(request: Request) -> Request:
    last = {name: request.values(name)[-1] for name in SCALARS if request.values(name)}
    return request.having(**last)


FAULTS: Final = (
    Deviation(
        "any-granularity",
        "A granularity that the document does not have is answered as daily.",
        ("granularity-is-documented",),
        _reading(_daily_unless_documented, "granularity"),
    ),
    Deviation(
        "hourly-granularity",
        "granularity=hourly, which a sibling endpoint has, is answered as daily.",
        ("granularity-is-documented",),
        _reading(lambda value: "daily" if value == "hourly" else value, "granularity"),
    ),
    Deviation(
        "any-aggregation-type",
        "An aggregationType that the document does not have is answered as month_to_date.",
        ("aggregation-type-is-documented",),
        _reading(_month_to_date_unless_documented, "aggregationType"),
    ),
    Deviation(
        "average-aggregation-type",
        "aggregationType=average, which a sibling endpoint has, is answered as incremental.",
        ("aggregation-type-is-documented",),
        _reading(lambda value: "incremental" if value == "average" else value, "aggregationType"),
    ),
    Deviation(
        "monthly-with-rolling",
        "granularity=monthly with aggregationType=rolling_30d is answered, day by day.",
        ("monthly-needs-month-to-date",),
        accepting(
            lambda request: (
                request.without("granularity")
                if request.value("aggregationType") == "rolling_30d"
                and request.value("granularity") == "monthly"
                else request
            )
        ),
    ),
    Deviation(
        "monthly-with-incremental",
        "granularity=monthly with aggregationType=incremental is answered with whole months.",
        ("monthly-needs-month-to-date",),
        accepting(
            lambda request: (
                request.without("aggregationType")
                if request.value("aggregationType") == "incremental"
                and request.value("granularity") == "monthly"
                else request
            )
        ),
    ),
    Deviation(
        "enums-in-any-case",
        "granularity=DAILY and aggregationType=Incremental are answered.",
        ("enum-exact-spelling",),
        _reading(str.lower, "granularity", "aggregationType"),
    ),
    Deviation(
        "empty-enum-is-default",
        "An empty granularity or aggregationType is answered as if it were not there.",
        ("enum-exact-spelling",),
        _reading(_absent_when_empty, "granularity", "aggregationType"),
    ),
    Deviation(
        "milliseconds-are-taken",
        "A `from` or `to` in milliseconds is answered as if it were in seconds.",
        ("timestamp-fits-ten-digits",),
        _reading(_as_seconds_of_milliseconds, *TIMES),
    ),
    Deviation(
        "iso-instants-are-taken",
        "A `from` or `to` such as 2026-03-01T00:00:00Z is answered.",
        ("timestamp-is-plain-digits",),
        _reading(_as_seconds_of_iso, *TIMES),
    ),
    Deviation(
        "words-are-no-times",
        "A `from` or `to` without any digit is answered as if it were not there.",
        ("from-is-unix-seconds", "to-is-unix-seconds", "timestamp-is-plain-digits"),
        _reading(_absent_when_wordy, *TIMES),
    ),
    Deviation(
        "to-reads-leading-digits",
        "Whatever follows the digits of `to` is ignored: to=1773705600xyz is answered.",
        ("to-is-unix-seconds", "timestamp-is-plain-digits"),
        _reading(_as_leading_digits, "to"),
    ),
    Deviation(
        "fractions-are-cut",
        "A `from` or `to` with a fraction is answered as if it had none.",
        ("timestamp-is-plain-digits",),
        _reading(_without_fraction, *TIMES),
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
        "empty-project-key-is-all",
        "An empty projectKey is answered with all projects.",
        ("project-key-not-empty",),
        _reading(_absent_when_empty, "projectKey"),
    ),
    Deviation(
        "last-value-wins",
        "Of a `from`, `to`, granularity or aggregationType that is given twice the last value counts.",
        ("scalar-parameters-once",),
        accepting(_last_of_each),
    ),
)
