"""The known faults of what explains the counts of a 200: times, key fields, metadata and links."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import SECONDS_PER_DAY, from_date, iso, next_month, to_date
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import MS_PER_DAY, day_at, having_keys, keys_of, labels
from usagetwin.deviations.known.changes import has_content, on_document, on_each, on_points, with_fields
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.asked import Point
    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

INTEGERS: Final = ("values-are-integers",)
INT32: Final = 1 << 32
HOUR_MS: Final = 3_600_000
SUMMER: Final = range(4, 11)  # April to October


def _on_times(change: "Callable[[int], object]") -> "Answering":
    return on_each(lambda point: {**point, "time": change(point["time"])})


def _as_signed_32_bits(time_ms: int) -> int:
    return (time_ms + INT32 // 2) % INT32 - INT32 // 2


def _in_seconds_when_monthly(asked: Asked, points: "list[Point]") -> "list[Point]":
    return [{**point, "time": point["time"] // 1000} for point in points] if asked.monthly else points


def _relabelled(document: dict[str, Any], name: "Callable[[str], str]") -> dict[str, Any]:
    points = [
        {"time": point["time"], **{name(label): point[label] for label in labels(point)}}
        for point in document["series"]
    ]
    return {**document, "series": points}


def _with_links(change: "Callable[[dict[str, str]], dict[str, str]]") -> "Answering":
    return on_document(
        lambda document: {
            **document,
            "_links": {**document["_links"], "self": change(document["_links"]["self"])},
        }
    )


def _separately(
    metadata: "Callable[[tuple[str, ...]], list[dict[str, str]]]", name: "Callable[[int], str]"
) -> "Answering":
    """Give several project keys one key field each; `metadata` explains them, `name` labels a position."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        keys = keys_of(request)
        if not has_content(own) or len(keys) < 2:  # noqa: PLR2004 -- several
            return own
        columns = [_column(await honest.ask(having_keys(request, [key]))) for key in keys]
        points = [
            {
                "time": point["time"],
                **{name(place): column.get(point["time"], 0) for place, column in enumerate(columns)},
            }
            for point in own.document["series"]
        ]
        return own.with_document({**own.document, "metadata": metadata(keys), "series": points})

    return reply


def _column(reply: Reply) -> dict[int, int]:
    return {point["time"]: point["0"] for point in reply.series or []}


def _named(keys: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"projectKey": key} for key in keys]


async def _link_to_the_last_key(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    keys = keys_of(request)
    if not has_content(own) or len(keys) < 2:  # noqa: PLR2004 -- several
        return own
    document = own.document
    query = having_keys(request, keys[-1:]).query_string
    document["_links"]["self"]["href"] = f"{request.path}?{query}"
    return own.with_document(document)


def _week_years(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.monthly:
        return points
    return [{**point, "time": _in_its_week_year(day_at(point)) * MS_PER_DAY} for point in points]


def _in_its_week_year(day: int) -> int:
    date = to_date(day)
    year = date.isocalendar().year
    return from_date(date.replace(year=year)) if year > date.year else day


def _at_month_end(asked: Asked, points: "list[Point]") -> "list[Point]":
    if not asked.monthly:
        return points
    return [{**point, "time": (next_month(day_at(point)) - 1) * MS_PER_DAY} for point in points]


def _summer_time(asked: Asked, points: "list[Point]") -> "list[Point]":
    if asked.monthly:
        return points
    summer = [to_date(day_at(point)).month in SUMMER for point in points]
    return [
        {**point, "time": point["time"] - HOUR_MS * early}
        for point, early in zip(points, summer, strict=True)
    ]


FAULTS: Final = (
    Deviation(
        "time-is-a-date",
        "Times are ISO 8601 text.",
        INTEGERS,
        _on_times(lambda time_ms: iso(time_ms // 1000)),
    ),
    Deviation(
        "time-missing",
        "Data points have no `time`.",
        ("slice-has-time",),
        on_each(lambda point: {label: point[label] for label in labels(point)}),
    ),
    Deviation(
        "time-wraps-at-32-bits",
        "Times are cut to 32 bits with a sign: some are negative, none is right.",
        ("time-not-negative", "time-is-milliseconds"),
        _on_times(_as_signed_32_bits),
    ),
    Deviation(
        "time-in-seconds-in-monthly",
        "Only with granularity=monthly: times are in seconds.",
        ("time-is-milliseconds", "series-starts-at-from"),
        on_points(_in_seconds_when_monthly),
    ),
    Deviation(
        "time-is-bucket-noon",
        "Times are the noon of the bucket's first day.",
        ("time-is-bucket-start",),
        _on_times(lambda time_ms: time_ms + MS_PER_DAY // 2),
    ),
    Deviation(
        "time-in-a-local-zone",
        "Times are the midnights of a zone five hours west of UTC.",
        ("days-are-utc", "time-is-bucket-start"),
        _on_times(lambda time_ms: time_ms + 5 * SECONDS_PER_DAY // 24 * 1000),
    ),
    Deviation(
        "key-field-is-called-count",
        'The one key field is called "count".',
        ("single-key-field-is-zero",),
        on_document(lambda document: _relabelled(document, lambda _label: "count")),
    ),
    Deviation(
        "key-fields-without-metadata",
        "Several project keys have one key field each, and `metadata` is empty.",
        ("metadata-explains-key-fields",),
        _separately(lambda _keys: [], str),
    ),
    Deviation(
        "key-fields-count-from-one",
        'Several project keys have one key field each, labelled from "1".',
        ("key-fields-are-labelled-in-order",),
        _separately(_named, lambda place: str(place + 1)),
    ),
    Deviation(
        "no-metadata-for-a-total",
        "`metadata` is an empty list, although there is one key field.",
        ("single-key-field-has-metadata",),
        with_fields(metadata=[]),
    ),
    Deviation(
        "total-names-itself",
        "The metadata of a total has a name.",
        ("metadata-of-a-total-is-empty",),
        with_fields(metadata=[{"name": "total"}]),
    ),
    Deviation(
        "self-link-forgets-the-query",
        "`_links.self` leaves out the query.",
        ("links-self-names-the-request",),
        _with_links(lambda link: {**link, "href": link["href"].partition("?")[0]}),
    ),
    Deviation(
        "self-link-is-html",
        "`_links.self` has the type text/html.",
        ("links-self-is-json",),
        _with_links(lambda link: {**link, "type": "text/html"}),
    ),
    Deviation(
        "metadata-in-another-order",
        "Several project keys have key fields of their own, and metadata has them in alphabetical order.",
        ("metadata-explains-key-fields", "separate-projects-are-labelled", "filter-additive"),
        _separately(lambda keys: _named(tuple(sorted(keys))), str),
    ),
    Deviation(
        "link-to-the-last-key",
        "Of several project keys the href of `_links.self` has only the last.",
        ("links-self-names-the-request",),
        _link_to_the_last_key,
    ),
    Deviation(
        "week-year-dates",
        "The last days of December that belong to week 1 are dated a year ahead, as 29 December 2025 is.",
        ("series-ends-at-to", "no-bucket-after-now", "series-ascends", "time-is-bucket-start"),
        on_points(_week_years),
    ),
    Deviation(
        "months-dated-at-their-end",
        "A monthly bucket has the time of its last day.",
        ("time-is-bucket-start",),
        on_points(_at_month_end),
    ),
    Deviation(
        "summer-time-labels",
        "From April to October a daily bucket has the time 23:00 UTC of the day before.",
        ("days-are-utc", "time-is-bucket-start"),
        on_points(_summer_time),
    ),
)
