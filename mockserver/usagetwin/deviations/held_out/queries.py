"""Held-out faults of how a query is read: names, times, views, and what the document does not name."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import DAILY, INCREMENTAL, MONTH_TO_DATE, MONTHLY, PARAMETERS, ROLLING_30D
from usagetwin.days import day_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import KEY, answered_as, counts, instead, refused_when, with_keys
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.shape import Honest, Reply, Request

ROLLING: Final = re.compile(r"rolling_([1-9][0-9]{0,2})d")
DURATION: Final = re.compile(r"([0-9]{1,4})([hdw])")
NEGATIVE: Final = re.compile(r"-([0-9]{1,9})")
UNIT_S: Final = {"h": 3600, "d": 86_400, "w": 604_800}
CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$.]*")
LIMIT: Final = re.compile(r"[0-9]{1,6}")
BY_LOWER_CASE: Final = {name.lower(): name for name in PARAMETERS}


def _renamed(rename: "Callable[[str], str]") -> "Callable[[Request], Request]":
    def change(request: "Request") -> "Request":
        pairs = tuple((rename(name), value) for name, value in request.parameters)
        return replace(request, parameters=pairs)

    return change


def _ago(read: "Callable[[str], int | None]") -> "Callable[[Request], Request]":
    def change(request: "Request") -> "Request":
        def absolute(name: str, value: str) -> str:
            ago_s = read(value) if name in ("from", "to") else None
            return value if ago_s is None else str(max(request.now_s - ago_s, 0))

        pairs = tuple((name, absolute(name, value)) for name, value in request.parameters)
        return replace(request, parameters=pairs)

    return change


def _duration_s(value: str) -> int | None:
    read = DURATION.fullmatch(value)
    return int(read[1]) * UNIT_S[read[2]] if read else None


def _negative_s(value: str) -> int | None:
    read = NEGATIVE.fullmatch(value)
    return int(read[1]) if read else None


def _without_empty_times(request: "Request") -> "Request":
    kept = tuple(pair for pair in request.parameters if pair not in (("from", ""), ("to", "")))
    return replace(request, parameters=kept)


def _first_of_each(request: "Request") -> "Request":
    kept: list[tuple[str, str]] = []
    for name, value in request.parameters:
        if name in PARAMETERS and name != KEY and name in dict(kept):
            continue
        kept.append((name, value))
    return replace(request, parameters=tuple(kept))


def _with_underscores(request: "Request") -> "Request":
    view = request.value("aggregationType") or ""
    return request.having(aggregationType=view.replace("-", "_")) if "-" in view else request


def _months_for_one_project(request: "Request") -> "Request":
    views = request.values("aggregationType")
    if request.value("granularity") != MONTHLY or len(request.values(KEY)) != 1:
        return request
    return (
        request.having(aggregationType=MONTH_TO_DATE)
        if views in ((INCREMENTAL,), (ROLLING_30D,))
        else request
    )


def _is_daily_rolling(request: "Request") -> bool:
    return request.value("granularity") == DAILY and request.value("aggregationType") == ROLLING_30D


def _one_project_when_daily(request: "Request") -> "Request":
    keys = request.values(KEY)
    return (
        with_keys(request, keys[:1])
        if len(keys) > 1 and request.values("granularity") == (DAILY,)
        else request
    )


async def _any_rolling(request: "Request", honest: "Honest") -> "Reply":
    named = ROLLING.fullmatch(request.value("aggregationType") or "")
    if named is None or named[1] == "30" or len(request.values("aggregationType")) > 1:
        return await honest.ask(request)
    as_thirty = request.having(aggregationType=ROLLING_30D)
    answer = await answered_as(request, as_thirty, honest)
    points = answer.series
    if not points:
        return answer
    length = int(named[1])
    first = day_of(points[0]["time"] // 1000) - length
    days = await counts(as_thirty, honest, first, Asked.of(as_thirty).today)
    for point in points:
        last = day_of(point["time"] // 1000)
        point["0"] = sum(days.get(day, 0) for day in range(last - length + 1, last + 1))
    return answer.with_series(points)


async def _limited(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    limit = request.value("limit") or ""
    if answer.series is None or not LIMIT.fullmatch(limit):
        return answer
    return answer.with_series(answer.series[: int(limit)])


async def _jsonp(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    name = request.value("callback") or ""
    if answer.status != OK or not CALLBACK.fullmatch(name):
        return answer
    headers = (("content-type", "application/javascript"),)
    return replace(answer, body=name.encode() + b"(" + answer.body + b");", headers=headers)


FAULTS: Final = (
    Deviation(
        "callback-is-jsonp",
        "A parameter `callback` makes the answer a call of that function, in application/javascript.",
        ("documented-answer-is-json", "undocumented-parameters-ignored"),
        _jsonp,
    ),
    Deviation(
        "hyphens-for-underscores",
        "aggregationType=month-to-date and rolling-30d are answered.",
        ("aggregation-type-is-documented",),
        instead(_with_underscores),
    ),
    Deviation(
        "rolling-of-any-length",
        "aggregationType=rolling_7d, rolling_90d and so on are answered with sums of so many days.",
        ("aggregation-type-is-documented",),
        _any_rolling,
    ),
    Deviation(
        "months-in-any-view-for-one-project",
        "With exactly one projectKey, granularity=monthly is answered with any aggregationType.",
        ("monthly-needs-month-to-date",),
        instead(_months_for_one_project),
    ),
    Deviation(
        "rolling-refuses-explicit-daily",
        "aggregationType=rolling_30d is answered with 400 when granularity=daily is given beside it.",
        ("explicit-default-changes-nothing", "documented-query-is-answered"),
        refused_when(
            _is_daily_rolling,
            400,
            "invalid_request",
            "granularity='daily' is not valid beside aggregationType='rolling_30d'; leave it out.",
            only_good=True,
        ),
    ),
    Deviation(
        "explicit-daily-keeps-one-project",
        "Of several project keys the first alone counts when granularity=daily is given.",
        ("explicit-default-changes-nothing", "project-key-repeats"),
        instead(_one_project_when_daily),
    ),
    Deviation(
        "durations-are-taken",
        "A `from` or `to` such as 24h, 7d or 4w is answered, as so long ago.",
        ("from-is-unix-seconds", "to-is-unix-seconds"),
        instead(_ago(_duration_s)),
    ),
    Deviation(
        "negative-times-are-ago",
        "A `from` or `to` such as -604800 is answered, as so many seconds ago.",
        ("timestamp-is-plain-digits",),
        instead(_ago(_negative_s)),
    ),
    Deviation(
        "empty-times-are-left-out",
        "An empty `from` or `to` counts as left out.",
        ("timestamp-is-plain-digits",),
        instead(_without_empty_times),
    ),
    Deviation(
        "first-of-repeated-scalars",
        "Of a `from`, `to`, granularity or aggregationType that is given twice the first value counts.",
        ("scalar-parameters-once",),
        instead(_first_of_each),
    ),
    Deviation(
        "names-in-any-case",
        "The names of parameters count in any case: FROM, projectkey, Granularity.",
        ("undocumented-parameters-ignored",),
        instead(_renamed(lambda name: BY_LOWER_CASE.get(name.lower(), name))),
    ),
    Deviation(
        "bracketed-project-keys",
        "A parameter projectKey[] is read as projectKey, as frameworks for PHP and Ruby do.",
        ("undocumented-parameters-ignored",),
        instead(_renamed(lambda name: KEY if name == f"{KEY}[]" else name)),
    ),
    Deviation(
        "limit-is-honoured",
        "A parameter limit=N cuts the series after N buckets.",
        ("undocumented-parameters-ignored",),
        _limited,
    ),
)
