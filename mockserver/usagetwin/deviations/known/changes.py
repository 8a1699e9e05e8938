"""How the known faults change an honest answer: a few kinds of change, each made once.

Rule: a change that does not apply leaves the honest reply as it is, byte for byte; so does every change
for a HEAD, whose reply has no body, and for an answer that is refused.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin.days import LAST_INSTANT_S, start_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import Bucket, Point, day_at, labels
from usagetwin.deviations.shape import OK, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from usagetwin.deviations.known.asked import Counts
    from usagetwin.deviations.shape import Honest

    Answering = Callable[[Request, Honest], Awaitable[Reply]]

JSON_TYPE: Final = (("content-type", "application/json"),)


def error(status: int, code: str, message: str) -> Reply:
    """Make an error of the documented shape."""
    return Reply(status, json.dumps({"code": code, "message": message}).encode(), JSON_TYPE)


def has_content(reply: Reply) -> bool:
    """Tell whether a reply is a 200 with a body."""
    return reply.status == OK and bool(reply.body)


def on_content(change: "Callable[[Reply], Reply]") -> "Answering":
    """Change the replies that are 200."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        return change(own) if has_content(own) else own

    return reply


def on_document(change: "Callable[[dict[str, Any]], object]") -> "Answering":
    """Change the document of a 200."""
    return on_content(lambda own: own.with_document(change(own.document)))


def on_points(change: "Callable[[Asked, list[Point]], list[Point]]") -> "Answering":
    """Change the points of a 200."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own):
            return own
        points = own.document["series"]
        changed = change(Asked.of(request), own.document["series"])
        return own if changed == points else own.with_series(changed)

    return reply


def on_each(change: "Callable[[Point], Point]") -> "Answering":
    """Change each point of a 200."""
    return on_points(lambda _asked, points: [change(point) for point in points])


def with_fields(**fields: object) -> "Answering":
    """Give a 200 other fields."""
    return on_document(lambda document: {**document, **fields})


def keeping(kept: "Callable[[Asked, int], bool]") -> "Answering":
    """Leave out the buckets whose first day is not `kept`."""
    return on_points(lambda asked, points: [point for point in points if kept(asked, day_at(point))])


def on_buckets(
    change: "Callable[[Bucket], int]", *, view: str | None = None, monthly: bool | None = None
) -> "Answering":
    """Change the values, from the counts of the days; in all views and granularities by default."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own):
            return own
        asked, points = Asked.of(request), own.document["series"]
        applies = view in {None, asked.view} and monthly in {None, asked.monthly}
        if not applies or not points:
            return own
        counts = await _counts(request, honest, day_at(points[0]), asked.last_day(day_at(points[-1])))
        changed = [_changed(point, asked, day_at(points[0]), counts, change) for point in points]
        return own if changed == points else own.with_series(changed)

    return reply


def only(when: "Callable[[Request, Asked], bool]", change: "Answering") -> "Answering":
    """Let a change apply to some valid requests alone."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        applies = has_content(own) and when(request, Asked.of(request))
        return await change(request, honest) if applies else own

    return reply


def asking(change: "Callable[[Request, Asked], Request]") -> "Answering":
    """Answer a valid request as if it had asked something else, unless that is refused."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own):
            return own
        other = change(request, Asked.of(request))
        return own if other == request else _instead(await honest.ask(other), own, request)

    return reply


def accepting(change: "Callable[[Request], Request]", *statuses: int) -> "Answering":
    """Answer a refused request (400 by default) as if it had asked something else, unless that is refused."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if own.status not in (statuses or (400,)):
            return own
        other = change(request)
        return own if other == request else _instead(await honest.ask(other), own, request)

    return reply


def reading(change: "Callable[[str], str | None]", *names: str) -> "Answering":
    """Take values of refused requests as others; None takes them as absent."""

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


def refusing(when: "Callable[[Request, Asked], bool]", refusal: Reply) -> "Answering":
    """Refuse a valid request."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        return refusal if has_content(own) and when(request, Asked.of(request)) else own

    return reply


def on_status(change: "Callable[[Reply, Request], Reply]", *statuses: int) -> "Answering":
    """Change the replies of some statuses; without any, all errors."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        changes = own.status in statuses if statuses else own.status != OK
        return change(own, request) if changes and own.body else own

    return reply


def _instead(other: Reply, own: Reply, request: Request) -> Reply:
    """Give the content of another reply as the reply to `request`: the link to itself stays right."""
    if not has_content(other):
        return own
    if has_content(own):
        return own.with_document({**other.document, "_links": own.document["_links"]})
    href = f"{request.path}?{request.query_string}"
    return other.with_document(
        {**other.document, "_links": {"self": {"href": href, "type": "application/json"}}}
    )


async def _counts(request: Request, honest: "Honest", first: int, last: int) -> "Counts":
    """Give the sessions by label and day: from a month before `first` and more to the day after `last`."""
    window = {"from_": str(max(0, start_of(first - 62))), "to": str(min(LAST_INSTANT_S, start_of(last + 2)))}
    daily = request.without("granularity").having(aggregationType="incremental", **window)
    points = (await honest.ask(daily)).series or []
    return {(label, day_at(point)): point[label] for point in points for label in labels(point)}


def _changed(
    point: Point, asked: Asked, first: int, counts: "Counts", change: "Callable[[Bucket], int]"
) -> Point:
    day = day_at(point)
    changed = {
        label: change(Bucket(asked, day, point[label], first, label, counts)) for label in labels(point)
    }
    return {"time": point["time"], **changed}
