"""How the faults of some modules ask: other questions to the honest twin, and answers made of what it says.

A HEAD is asked as a GET, so that every answer has a body to change; the wire drops it again.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import SECONDS_PER_DAY, day_of, start_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from usagetwin.deviations.shape import Honest, Reply, Request

    Points = list[dict[str, Any]]
    Answering = Callable[[Request, Honest], Awaitable[Reply]]
    When = Callable[[Request], bool]

MS_PER_DAY: Final = SECONDS_PER_DAY * 1000
VALUE: Final = "0"  # the key field of a total


def view(request: "Request") -> str:
    """Give the view that a request asks for."""
    return request.value("aggregationType") or "month_to_date"


def monthly(request: "Request") -> bool:
    """Tell whether a request asks for months."""
    return request.value("granularity") == "monthly"


def daily(*views: str) -> "When":
    """Make a test for days in one of some views; in any view when none is named."""
    return lambda request: not monthly(request) and (not views or view(request) in views)


def keys(request: "Request") -> tuple[str, ...]:
    """Give the distinct project keys, in order of first appearance."""
    return tuple(dict.fromkeys(request.values("projectKey")))


def of_projects(request: "Request", wanted: "Iterable[str]") -> "Request":
    """Give the same request for other projects."""
    others = request.without("projectKey").parameters
    return replace(request, parameters=(*others, *(("projectKey", key) for key in wanted)))


def instant(request: "Request", name: str) -> int | None:
    """Give `from` or `to` of a valid request, or None where it is left out."""
    value = request.value(name)
    return None if value is None else int(value)


def day(point: dict[str, Any]) -> int:
    """Give the first day of a point's bucket."""
    return int(point["time"]) // MS_PER_DAY


def today(request: "Request") -> int:
    """Give the day that a request is answered on."""
    return day_of(request.now_s)


async def get(request: "Request", honest: "Honest") -> "Reply":
    """Ask the honest twin, a HEAD as a GET."""
    return await honest.ask(replace(request, method="GET") if request.method == "HEAD" else request)


async def values(request: "Request", honest: "Honest") -> dict[int, int]:
    """Give the honest values by `time`; none when the honest twin refuses."""
    points = (await get(request, honest)).series
    return {point["time"]: point[VALUE] for point in points or ()}


async def counts(request: "Request", honest: "Honest", first: int, last: int) -> dict[int, int]:
    """Give the honest count of each day from `first` to `last` that the request's filter has."""
    asked = request.without("granularity").having(
        from_=str(start_of(first)), to=str(start_of(last + 1)), aggregationType="incremental"
    )
    return {time // MS_PER_DAY: value for time, value in (await values(asked, honest)).items()}


def total(of: dict[int, int], first: int, last: int) -> int:
    """Add up the counts of the days `first` to `last`; a day that has none counts zero."""
    return sum(of.get(one, 0) for one in range(first, last + 1))


def edited(edit: "Callable[[Request, Points], Points]", when: "When") -> "Answering":
    """Make a fault that changes the points of a 200, where `when` holds."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        points = answer.series
        if points is None or not when(request):
            return answer
        return answer.with_series(edit(request, points))

    return reply


def revalued(
    value: "Callable[[Request, int, int, dict[int, int]], int]",
    when: "When",
    *,
    before: int = 0,
    after: int = 0,
) -> "Answering":
    """Make a fault that gives other values: `value` takes request, day, honest value, and daily counts.

    The counts reach from `before` days before the first bucket to `after` days after the last one's first.
    """

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        points = answer.series
        if not points or not when(request):
            return answer
        known = await counts(request, honest, day(points[0]) - before, day(points[-1]) + after)
        return answer.with_series(
            [{**point, VALUE: value(request, day(point), point[VALUE], known)} for point in points]
        )

    return reply


def reshaped(edit: "Callable[[Request, dict[str, Any]], object]", when: "When") -> "Answering":
    """Make a fault that changes the document of a 200, where `when` holds."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        if answer.series is None or not when(request):
            return answer
        return answer.with_document(edit(request, answer.document))

    return reply


def instead(change: "Callable[[Request], Request]", when: "When") -> "Answering":
    """Make a fault that shows the series of another query, where both queries are valid."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        if answer.series is None or not when(request):
            return answer
        points = (await get(change(request), honest)).series
        return answer if points is None else answer.with_series(points)

    return reply


def accepted(change: "Callable[[Request], Request]", when: "When") -> "Answering":
    """Make a fault that takes a refused request for a valid one."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        if answer.series is not None or not when(request):
            return answer
        taken = await get(change(request), honest)
        return answer if taken.series is None else _linked(taken, request)

    return reply


def _linked(answer: "Reply", request: "Request") -> "Reply":
    document = answer.document
    query = request.query_string
    document["_links"]["self"]["href"] = f"{request.path}?{query}" if query else request.path
    return answer.with_document(document)
