"""Held-out faults of what an answer looks like: its fields, its points, its times and its errors."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import INCREMENTAL
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import (
    BAD_REQUEST,
    KEY,
    NOT_FOUND,
    is_open_day,
    is_read,
    on_document,
    on_points,
    with_keys,
)
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.held_out.changing import Points
    from usagetwin.deviations.shape import Honest, Reply, Request

LARGE: Final = re.compile(rb'("0":)([1-9][0-9]{5,})')  # 100000 and more
TO_NAMED: Final = re.compile(r"\bto(?==| takes)")


async def _not_found_without_message(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != NOT_FOUND or not is_read(request, answer):
        return answer
    return answer.with_document({"code": answer.document["code"]})


async def _inverted_without_code(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != BAD_REQUEST or b"window-not-inverted" not in answer.body:
        return answer
    return answer.with_document({**answer.document, "code": None})


async def _to_called_from(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != BAD_REQUEST or not answer.document["message"].startswith("to="):
        return answer
    message = TO_NAMED.sub("from", answer.document["message"])
    return answer.with_document({**answer.document, "message": message})


def _empty_objects_as_lists(document: dict[str, Any]) -> object:
    return {**document, "metadata": [item or [] for item in document["metadata"]]}


def _without_series(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "series"}


def _today_null(points: "Points", asked: Asked) -> "Points":
    return [{**point, "0": None} if is_open_day(point, asked) else point for point in points]


def _today_dated_now(points: "Points", asked: Asked) -> "Points":
    return [{**point, "time": asked.now_s * 1000} if is_open_day(point, asked) else point for point in points]


def _total_row(points: "Points", _asked: Asked) -> "Points":
    return [*points, {"time": 0, "0": sum(point["0"] for point in points)}]


async def _fields_named_by_project(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    keys = tuple(dict.fromkeys(request.values(KEY)))
    if answer.series is None or len(keys) == 1 or not keys:
        return answer
    points = [{"time": point["time"], **dict.fromkeys(keys, 0)} for point in answer.series]
    by_time = {point["time"]: point for point in points}
    for key in keys:
        for point in (await honest.ask(with_keys(request, (key,)))).series or []:
            by_time[point["time"]][key] = point["0"]
    metadata = [{"projectKey": key} for key in keys]
    return answer.with_document({**answer.document, "metadata": metadata, "series": points})


def _exponent(digits: bytes) -> bytes:
    shortest = digits[1:].rstrip(b"0")
    return digits[:1] + (b"." + shortest if shortest else b"") + b"e+%02d" % (len(digits) - 1)


async def _large_with_exponent(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.series is None:
        return answer
    body = LARGE.sub(lambda found: found[1] + _exponent(found[2]), answer.body)
    return replace(answer, body=body)


FAULTS: Final = (
    Deviation(
        "unknown-project-without-message",
        "The 404 of an unknown project has a code alone.",
        ("error-has-code-and-message",),
        _not_found_without_message,
    ),
    Deviation(
        "inverted-window-without-code",
        "The code of the 400 for a `from` after `to` is null.",
        ("error-fields-are-strings",),
        _inverted_without_code,
    ),
    Deviation(
        "empty-objects-are-lists",
        "An empty object is written as an empty list, as PHP does: the metadata of a total is [[]].",
        ("metadata-is-a-list-of-objects",),
        on_document(_empty_objects_as_lists),
    ),
    Deviation(
        "no-series-without-buckets",
        "A window without buckets has no field `series`.",
        ("answer-is-a-series-list",),
        on_document(lambda it: it if it["series"] else _without_series(it)),
    ),
    Deviation(
        "today-is-null",
        "The value of the current day is null until the day is over, in every daily view.",
        ("values-are-integers",),
        on_points(_today_null, monthly=False),
    ),
    Deviation(
        "total-row-at-the-end",
        "An incremental series ends with a row of time 0 that has the sum of all others.",
        ("series-starts-at-from", "incremental-counts"),
        on_points(_total_row, view=INCREMENTAL),
    ),
    Deviation(
        "key-fields-named-by-project",
        "Several project keys have a key field each, which is called as the project is.",
        ("key-fields-are-labelled-in-order",),
        _fields_named_by_project,
    ),
    Deviation(
        "today-is-dated-now",
        "The bucket of the current day has the current time, in daily views; all others their midnight.",
        ("time-is-bucket-start",),
        on_points(_today_dated_now, monthly=False),
    ),
    Deviation(
        "large-values-with-exponent",
        "A value of 100000 or more is written as 1.23456e+05.",
        ("integers-have-no-fraction",),
        _large_with_exponent,
    ),
    Deviation(
        "to-is-called-from-in-errors",
        "The 400 for an invalid `to` says that `from` is wrong.",
        ("invalid-request-names-parameter",),
        _to_called_from,
    ),
)
