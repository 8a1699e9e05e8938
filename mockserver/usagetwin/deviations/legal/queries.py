"""Legal variations of what a valid query is: windows, names and spellings that the document leaves open.

Source: `SEMANTICS` 3: a documented query, shorter than 365 days and not past today's start, is always 200.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, SECONDS_PER_DAY, from_date, start_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.legal.changes import asked_otherwise, refused
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.legal.changes import ReplyTo
    from usagetwin.deviations.shape import Honest, Reply, Request

BAD_REQUEST: Final = 400
_NUMBER: Final = re.compile(r"[+-]?\d{1,20}(\.\d{1,9})?([eE][+-]?\d{1,2})?")
_HEX: Final = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMES: Final = ("from", "to")
_WORDS: Final = {
    "granularity": ("daily", "monthly"),
    "aggregationType": ("month_to_date", "incremental", "rolling_30d"),
}
_DOCUMENTED: Final = frozenset({*_TIMES, *_WORDS, "projectKey"})


def _refused_if(refuses: "Callable[[Asked], bool]", message: str) -> "ReplyTo":
    """Make a reply function that answers some valid queries with 400."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        if honest.status == OK and refuses(Asked.of(request)):
            return refused(BAD_REQUEST, "invalid_request", message)
        return honest

    return reply


async def _inverted_is_empty(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    given = {name: request.values(name) for name in _TIMES if request.values(name)}
    single = all(len(values) == 1 and _valid(name, values) for name, values in given.items())
    if honest.status != BAD_REQUEST or not given or not single:
        return honest
    instant = next(iter(given.values()))[0]
    emptied = await asked_otherwise(request, twin, request.having(from_=instant, to=instant))
    return emptied if emptied.status == OK else honest


async def _strict_names(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    others = [name for name, _ in request.parameters if name not in _DOCUMENTED]
    if honest.status == OK and others:
        return refused(BAD_REQUEST, "invalid_request", f"There is no parameter {others[0]!r}.")
    return honest


def _lenient(spelled: "Callable[[str, str], str]") -> "ReplyTo":
    """Make a reply function that reads parameters in more spellings, where the twin refuses them."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        parameters = tuple((name, spelled(name, value)) for name, value in request.parameters)
        if honest.status != BAD_REQUEST or parameters == request.parameters:
            return honest
        lenient = await asked_otherwise(request, twin, replace(request, parameters=parameters))
        return lenient if lenient.status == OK else honest

    return reply


def _time(name: str, value: str) -> str:
    text = value.strip().replace("_", "")
    if name not in _TIMES:
        return value
    if _DATE.fullmatch(text):
        return _midnight(text) or value
    if _HEX.fullmatch(text):
        return str(min(int(text, 16), LAST_INSTANT_S))
    if _NUMBER.fullmatch(text):
        return str(int(max(Decimal(0), min(Decimal(text), Decimal(LAST_INSTANT_S)))))
    return value


def _midnight(text: str) -> str | None:
    try:
        instant_s = start_of(from_date(date.fromisoformat(text)))
    except ValueError:
        return None
    return str(min(max(0, instant_s), LAST_INSTANT_S))


def _word(name: str, value: str) -> str:
    text = value.strip().lower()
    return text if text in _WORDS.get(name, ()) else value


async def _last_counts(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    scalars = {name: request.values(name) for name in (*_TIMES, *_WORDS)}
    if honest.status != BAD_REQUEST or not all(map(_valid, scalars, scalars.values())):
        return honest
    last = {name.replace("from", "from_"): values[-1] for name, values in scalars.items() if values}
    lenient = await asked_otherwise(request, twin, request.having(**last))
    return lenient if lenient.status == OK else honest


def _valid(name: str, values: tuple[str, ...]) -> bool:
    allowed = _WORDS.get(name)
    return all(value in allowed if allowed else re.fullmatch("[0-9]{1,10}", value) for value in values)


_DAY_365: Final = 365 * SECONDS_PER_DAY

QUERIES: Final = (
    Deviation(
        "cap-of-365-days",
        "a window wider than 365 days is 400",
        ("wide-window-is-answered",),
        _refused_if(lambda asked: asked.to_s - asked.from_s > _DAY_365, "The window is wider than 365 days."),
    ),
    Deviation(
        "cap-below-365-days",
        "a window of 365 days or more is 400",
        ("wide-window-is-answered",),
        _refused_if(lambda asked: asked.to_s - asked.from_s >= _DAY_365, "The window has 365 days or more."),
    ),
    Deviation(
        "future-refused",
        "a to after the current time is 400",
        ("future-window-is-answered",),
        _refused_if(lambda asked: asked.to_s > asked.now_s, "The window ends in the future."),
    ),
    Deviation(
        "empty-window-refused",
        "from equal to to is 400",
        ("empty-window-is-empty",),
        _refused_if(lambda asked: asked.to_s == asked.from_s, "The window is empty."),
    ),
    Deviation(
        "inverted-window-is-empty",
        "a from after to is 200 with an empty series",
        ("window-not-inverted", "window-checked-after-defaults", "default-in-window-is-named"),
        _inverted_is_empty,
    ),
    Deviation(
        "strict-about-names",
        "a parameter that the document does not name is 400",
        ("undocumented-parameters-ignored",),
        _strict_names,
    ),
    Deviation(
        "lenient-times",
        "from and to take signs, spaces, fractions, exponents, hex, dates, other digits and any length",
        (
            "timestamp-is-plain-digits",
            "timestamp-fits-ten-digits",
            "milliseconds-are-named",
            "links-self-names-the-request",
        ),
        _lenient(_time),
    ),
    Deviation(
        "lenient-words",
        "granularity and aggregationType may be in any case, with spaces around",
        ("enum-exact-spelling", "links-self-names-the-request"),
        _lenient(_word),
    ),
    Deviation(
        "last-value-counts",
        "of a repeated from, to, granularity or aggregationType the last counts",
        ("scalar-parameters-once",),
        _last_counts,
    ),
)
