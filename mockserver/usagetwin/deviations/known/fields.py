"""More known faults of the shape of 200: fields, types, labels, metadata, links."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.known.asking import (
    VALUE,
    daily,
    day,
    edited,
    get,
    keys,
    monthly,
    of_projects,
    reshaped,
    today,
    values,
)
from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.asking import Answering, Points
    from usagetwin.deviations.shape import Honest, Reply, Request

    Document = dict[str, Any]


HALF_A_MILLION: Final = 500_000


def _always(_request: "Request") -> bool:
    return True


def _today_in_fractions(request: "Request", points: "Points") -> "Points":
    return [
        {**point, VALUE: point[VALUE] + 0.5} if day(point) == today(request) else point for point in points
    ]


def _grouped(_request: "Request", points: "Points") -> "Points":
    return [
        {**point, VALUE: f"{point[VALUE]:,}" if point[VALUE] >= HALF_A_MILLION else point[VALUE]}
        for point in points
    ]


def _stamped(_request: "Request", points: "Points") -> "Points":
    return [{"timestamp": point["time"], VALUE: point[VALUE]} for point in points]


def _last_key_alone(request: "Request", document: "Document") -> object:
    last = keys(request)[-1]
    document["_links"]["self"]["href"] = f"{request.path}?{of_projects(request, [last]).query_string}"
    return document


def _separate(
    label: "Callable[[int], str]", metadata: "Callable[[tuple[str, ...]], list[dict[str, str]]]"
) -> "Answering":
    """Make a fault that gives several project keys one key field each, under its own labels and metadata."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        asked = keys(request)
        if answer.series is None or len(asked) == 1 or not asked:
            return answer
        columns = [await values(of_projects(request, [key]), honest) for key in asked]
        points = [
            {"time": point["time"]}
            | {label(at): column.get(point["time"], 0) for at, column in enumerate(columns)}
            for point in answer.series
        ]
        document = {**answer.document, "metadata": metadata(asked), "series": points}
        return answer.with_document(document)

    return reply


def _named(asked: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"projectKey": key} for key in asked]


FAULTS: Final = (
    Deviation(
        "today-in-fractions",
        "The value of the current day is no integer, in every daily view.",
        ("values-are-integers",),
        edited(_today_in_fractions, daily()),
    ),
    Deviation(
        "large-values-grouped",
        'A value of half a million or more is text with thousands separators, as "512,345".',
        ("values-are-integers",),
        edited(_grouped, _always),
    ),
    Deviation(
        "rolling-written-as-floats",
        "Values of rolling_30d are written with a fraction of zero, as 11.0.",
        ("integers-have-no-fraction",),
        edited(lambda _, points: [{**one, VALUE: float(one[VALUE])} for one in points], daily("rolling_30d")),
    ),
    Deviation(
        "monthly-timestamp",
        "A monthly point has `timestamp` where `time` is documented.",
        ("slice-has-time",),
        edited(_stamped, monthly),
    ),
    Deviation(
        "links-null-without-a-query",
        "Without any parameter `_links` is null.",
        ("links-is-an-object",),
        reshaped(lambda _, document: {**document, "_links": None}, lambda request: not request.parameters),
    ),
    Deviation(
        "links-missing-by-month",
        "A monthly answer has no `_links`.",
        ("answer-is-a-series-list",),
        reshaped(
            lambda _, document: {name: field for name, field in document.items() if name != "_links"}, monthly
        ),
    ),
    Deviation(
        "link-to-the-last-key",
        "Of several project keys the href of `_links.self` has only the last.",
        ("links-self-names-the-request",),
        reshaped(_last_key_alone, lambda request: len(keys(request)) > 1),
    ),
    Deviation(
        "metadata-of-one-is-no-list",
        "With exactly one project key, metadata is an object and not a list.",
        ("metadata-is-a-list-of-objects",),
        reshaped(
            lambda _, document: {**document, "metadata": document["metadata"][0]},
            lambda request: len(keys(request)) == 1,
        ),
    ),
    Deviation(
        "metadata-in-another-order",
        "Several project keys have key fields of their own, and metadata has them in alphabetical order.",
        ("metadata-explains-key-fields", "separate-projects-are-labelled", "filter-additive"),
        _separate(str, lambda asked: _named(tuple(sorted(asked)))),
    ),
)
