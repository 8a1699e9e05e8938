"""Legal variations of how a 200 is written: key fields, metadata, links, extra fields, numbers, spacing.

Source: `SEMANTICS` 4; several key fields are labelled "0", "1" and so on, and metadata explains them.
"""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.legal.changes import TIME, document_changed
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin.deviations.legal.changes import ReplyTo
    from usagetwin.deviations.shape import Honest, Reply, Request

_SEPARATE: Final = ("total-by-default", "metadata-of-a-total-is-empty", "separate-projects-are-labelled")


def _separate(
    explained: "Callable[[str], dict[str, Any]]", order: "Callable[[Iterable[str]], list[str]]" = list
) -> "ReplyTo":
    """Make a reply function with one key field for each project key, explained in metadata."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        keys = order(dict.fromkeys(request.values("projectKey")))
        if honest.status != OK or not keys:
            return honest
        columns = [await _column(request, twin, key) for key in keys]
        series = [
            {TIME: point[TIME]}
            | {str(place): column.get(point[TIME], 0) for place, column in enumerate(columns)}
            for point in honest.series or []
        ]
        return honest.with_document(
            {**honest.document, "metadata": [explained(key) for key in keys], "series": series}
        )

    return reply


async def _column(request: "Request", twin: "Honest", key: str) -> dict[int, int]:
    reply = await twin.ask(request.having(projectKey=key))
    return {point[TIME]: point["0"] for point in reply.series or []}


def _only_field_is_sessions(document: dict[str, Any]) -> dict[str, Any]:
    if len(document["metadata"]) > 1:
        return document
    series = [{TIME: point[TIME], "sessions": point["0"]} for point in document["series"]]
    return {**document, "series": series}


def _with_extra_fields(document: dict[str, Any]) -> dict[str, Any]:
    count = len(document["series"])
    metadata = [{**each, "unit": "sessions", "tags": ["usage", None]} for each in document["metadata"]]
    return {**document, "metadata": metadata, "totalCount": count, "site": {"name": "main"}}


def _with_other_links(document: dict[str, Any]) -> dict[str, Any]:
    href = "https://usage.example" + document["_links"]["self"]["href"]
    return {**document, "_links": {"self": {"href": href}, "parent": {"href": "/api/v2/usage"}, "site": None}}


async def _with_point_zero(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    if honest.status != OK:
        return honest
    points = [
        "{" + ",".join(f'"{name}":{value}.0' for name, value in point.items()) + "}"
        for point in honest.series or []
    ]
    others = {name: value for name, value in honest.document.items() if name != "series"}
    head = honest.with_document({**others, "series": []}).body.removesuffix(b"]}")
    return replace(honest, body=head + ",".join(points).encode() + b"]}")


async def _spaced(request: "Request", twin: "Honest") -> "Reply":
    honest = await twin.ask(request)
    return replace(honest, body=json.dumps(honest.document, indent=4, sort_keys=True).encode() + b"\r\n")


SHAPES: Final = (
    Deviation(
        "separate-by-name",
        'each project key has its own key field, with metadata {"name": key}',
        _SEPARATE,
        _separate(lambda key: {"name": key}),
    ),
    Deviation(
        "separate-with-project-name",
        "each project key has its own key field; metadata has the project's key and a name for people",
        _SEPARATE[:2],
        _separate(lambda key: {"projectKey": key, "projectName": key.replace("-", " ").title()}),
    ),
    Deviation(
        "separate-in-key-order",
        "each project key has its own key field, in alphabetical order, with nested metadata",
        _SEPARATE,
        _separate(lambda key: {"project": {"key": key}}, sorted),
    ),
    Deviation(
        "key-field-is-sessions",
        'the only key field is labelled "sessions"',
        ("single-key-field-is-zero",),
        document_changed(_only_field_is_sessions),
    ),
    Deviation(
        "total-without-metadata",
        "metadata is empty beside a total",
        ("single-key-field-has-metadata", "metadata-of-a-total-is-empty"),
        document_changed(
            lambda document: {**document, "metadata": [each for each in document["metadata"] if each]}
        ),
    ),
    Deviation(
        "extra-fields",
        "an answer and its metadata have fields that the document does not name",
        ("answer-has-nothing-else", "metadata-of-a-total-is-empty"),
        document_changed(_with_extra_fields),
    ),
    Deviation(
        "empty-links",
        "_links is an empty object",
        ("links-self-names-the-request", "links-self-is-json"),
        document_changed(lambda document: {**document, "_links": {}}),
    ),
    Deviation(
        "other-links",
        "_links has an absolute self without a type, and more",
        ("links-self-names-the-request", "links-self-is-json"),
        document_changed(_with_other_links),
    ),
    Deviation(
        "integers-with-point-zero",
        "integers are written as 11.0",
        ("integers-have-no-fraction",),
        _with_point_zero,
    ),
    Deviation("spaced-json", "bodies are indented, with their fields in alphabetical order", (), _spaced),
)
