"""The known faults of the shape of a 200: fields that are missing, of another type, or unreadable."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import PATH
from usagetwin.deviations.known.asked import TOTAL, day_at, keys_of, labels
from usagetwin.deviations.known.changes import (
    on_content,
    on_document,
    on_each,
    on_points,
    only,
    with_fields,
)
from usagetwin.deviations.shape import Deviation, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.asked import Asked
    from usagetwin.deviations.known.asked import Point
    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Request

BUFFER: Final = 16_384
HALF_A_MILLION: Final = 500_000
WHOLE: Final = ("answer-is-a-series-list",)
INTEGERS: Final = ("values-are-integers",)
METADATA: Final = ("metadata-is-a-list-of-objects",)


def _on_counts(change: "Callable[[int], object]") -> "Answering":
    return on_each(
        lambda point: {"time": point["time"], **{label: change(point[label]) for label in labels(point)}}
    )


def _without(name: str) -> "Answering":
    return on_document(lambda document: {key: value for key, value in document.items() if key != name})


def _bare_when_zero(point: "Point") -> "Point":
    return point if any(point[label] for label in labels(point)) else {"time": point["time"]}


def _by_time(document: dict[str, Any]) -> dict[str, Any]:
    series = {
        str(point["time"]): {label: point[label] for label in labels(point)} for point in document["series"]
    }
    return {**document, "series": series}


def _null_when_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "series": document["series"] or None}


def _fractional(own: Reply) -> Reply:
    points = own.document["series"]
    for point in points:
        point.update({label: float(point[label]) for label in labels(point)})
    return own.with_series(points)


def _typed(content_type: str) -> "Answering":
    return on_content(lambda own: replace(own, headers=(("content-type", content_type),)))


def _today_in_fractions(asked: "Asked", points: "list[Point]") -> "list[Point]":
    today = None if asked.monthly else asked.today
    return [{**one, TOTAL: one[TOTAL] + 0.5} if day_at(one) == today else one for one in points]


def _grouped(value: int) -> object:
    return f"{value:,}" if value >= HALF_A_MILLION else value


def _stamped(asked: "Asked", points: "list[Point]") -> "list[Point]":
    if not asked.monthly:
        return points
    return [
        {"timestamp": point["time"], **{label: point[label] for label in labels(point)}} for point in points
    ]


def _monthly(_request: "Request", asked: "Asked") -> bool:
    return asked.monthly


FAULTS: Final = (
    Deviation("metadata-missing", "A 200 has no `metadata`.", WHOLE, _without("metadata")),
    Deviation("links-missing", "A 200 has no `_links`.", WHOLE, _without("_links")),
    Deviation(
        "body-is-a-bare-list",
        "The body of a 200 is the series alone, a list.",
        WHOLE,
        on_document(lambda document: document["series"]),
    ),
    Deviation(
        "links-is-a-string",
        "`_links` is a string.",
        ("links-is-an-object",),
        with_fields(_links=PATH),
    ),
    Deviation("metadata-is-null", "`metadata` is null.", METADATA, with_fields(metadata=None)),
    Deviation(
        "metadata-holds-null", "`metadata` is a list of one null.", METADATA, with_fields(metadata=[None])
    ),
    Deviation(
        "series-is-keyed-by-time",
        "`series` is an object with one field for each time.",
        ("series-is-a-list-of-objects",),
        on_document(_by_time),
    ),
    Deviation(
        "empty-series-is-null",
        "`series` is null where no bucket is in the window, as with from = to.",
        ("series-is-a-list-of-objects",),
        on_document(_null_when_empty),
    ),
    Deviation("counts-are-strings", 'Counts are strings: "11".', INTEGERS, _on_counts(str)),
    Deviation(
        "counts-are-fractions",
        "Counts are halved, so that many have a fraction.",
        INTEGERS,
        _on_counts(lambda value: value / 2),
    ),
    Deviation(
        "zero-is-null",
        "A bucket without sessions has null, as at weekends of projects that rest then.",
        INTEGERS,
        _on_counts(lambda value: value or None),
    ),
    Deviation(
        "counts-are-written-as-floats",
        "Counts are written with a fraction of zero: 11.0.",
        ("integers-have-no-fraction",),
        on_content(_fractional),
    ),
    Deviation(
        "zero-is-minus-one",
        "A bucket without sessions has -1, as at weekends of projects that rest then.",
        ("values-not-negative",),
        _on_counts(lambda value: value or -1),
    ),
    Deviation(
        "no-key-field-without-sessions",
        "A bucket without sessions has a time alone, as at weekends of projects that rest then.",
        ("slice-has-key-fields",),
        on_each(_bare_when_zero),
    ),
    Deviation(
        "answer-has-a-count",
        "A 200 has a field `totalCount` as well.",
        ("answer-has-nothing-else",),
        on_document(lambda document: {**document, "totalCount": len(document["series"])}),
    ),
    Deviation(
        "json-as-text",
        "A 200 is sent as text/plain.",
        ("documented-answer-is-json",),
        _typed("text/plain; charset=utf-8"),
    ),
    Deviation(
        "json-is-cut-short",
        "The body of a 200 lacks its last character, so that it is no JSON.",
        ("documented-answer-is-json", "answer-is-a-series-list"),
        on_content(lambda own: replace(own, body=own.body[:-1])),
    ),
    Deviation(
        "json-in-utf-16",
        "The body of a 200 is encoded in UTF-16.",
        ("documented-answer-is-json", "answer-is-a-series-list"),
        on_content(lambda own: replace(own, body=json.dumps(own.document).encode("utf-16"))),
    ),
    Deviation(
        "today-in-fractions",
        "The value of the current day is no integer, in every daily view.",
        INTEGERS,
        on_points(_today_in_fractions),
    ),
    Deviation(
        "large-values-grouped",
        'A value of half a million or more is text with thousands separators, as "512,345".',
        INTEGERS,
        _on_counts(_grouped),
    ),
    Deviation(
        "rolling-written-as-floats",
        "Values of rolling_30d are written with a fraction of zero, as 11.0.",
        ("integers-have-no-fraction",),
        only(lambda _request, asked: asked.view == "rolling_30d", on_content(_fractional)),
    ),
    Deviation(
        "monthly-timestamp",
        "A monthly point has `timestamp` where `time` is documented.",
        ("slice-has-time",),
        on_points(_stamped),
    ),
    Deviation(
        "links-null-without-a-query",
        "Without any parameter `_links` is null.",
        ("links-is-an-object",),
        only(lambda request, _asked: not request.parameters, with_fields(_links=None)),
    ),
    Deviation(
        "links-missing-by-month",
        "A monthly answer has no `_links`.",
        WHOLE,
        only(_monthly, _without("_links")),
    ),
    Deviation(
        "metadata-of-one-is-no-list",
        "With exactly one project key, metadata is an object and not a list.",
        METADATA,
        only(
            lambda request, _asked: len(keys_of(request)) == 1,
            on_document(lambda document: {**document, "metadata": document["metadata"][0]}),
        ),
    ),
    Deviation(
        "vendor-type-for-months",
        "A monthly answer has a vendor's media type.",
        ("documented-answer-is-json",),
        only(_monthly, _typed("application/vnd.launchdarkly+json")),
    ),
    Deviation(
        "body-cut-at-16-kib",
        "An answer of more than 16 KiB, such as 470 days, breaks off there.",
        ("documented-answer-is-json",),
        on_content(lambda own: replace(own, body=own.body[:BUFFER])),
    ),
)
