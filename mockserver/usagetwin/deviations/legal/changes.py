"""How a legal variation is made of an honest answer: the makers of reply functions.

Rule: a change sees an answer that the honest twin gave with 200; whatever it refuses stays refused.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.asked import Asked
from usagetwin.deviations.shape import OK, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from usagetwin.deviations.shape import Honest, Request

    Points = list[dict[str, Any]]
    ReplyTo = Callable[[Request, Honest], Awaitable[Reply]]
    Change = Callable[[Points, Asked], Points]

TIME: Final = "time"


def start_s(point: "dict[str, Any]") -> int:
    """Give the first instant of an honest point's bucket, in Unix seconds."""
    milliseconds: int = point[TIME]
    return milliseconds // 1000


def is_open(point: "dict[str, Any]", asked: Asked) -> bool:
    """Tell whether a point is the bucket that contains the current time."""
    return start_s(point) <= asked.now_s < asked.end_s(start_s(point))


def with_values(point: "dict[str, Any]", change: "Callable[[int], int]") -> "dict[str, Any]":
    """Give a point with each key field's value changed."""
    return {name: value if name == TIME else change(value) for name, value in point.items()}


def points_changed(*changes: "Change") -> "ReplyTo":
    """Make a reply function that changes the points of every 200, one change after the other."""

    async def reply(request: "Request", twin: "Honest") -> Reply:
        honest = await twin.ask(request)
        points = honest.series
        if points is None:
            return honest
        for change in changes:
            points = change(points, Asked.of(request))
        return honest.with_series(points)

    return reply


def document_changed(change: "Callable[[dict[str, Any]], dict[str, Any]]") -> "ReplyTo":
    """Make a reply function that changes the body of every 200."""

    async def reply(request: "Request", twin: "Honest") -> Reply:
        honest = await twin.ask(request)
        return honest.with_document(change(honest.document)) if honest.status == OK else honest

    return reply


def refused(status: int, code: str, message: str) -> Reply:
    """Make a refusal of the documented shape."""
    return Reply(status, json.dumps({"code": code, "message": message}).encode())


async def asked_otherwise(request: "Request", twin: "Honest", other: "Request") -> Reply:
    """Answer `request` as the twin answers `other`; the link still names what was asked."""
    reply = await twin.ask(other)
    if reply.status != OK:
        return reply
    query = request.query_string
    link = {"href": f"{request.path}?{query}" if query else request.path, "type": "application/json"}
    return reply.with_document({**reply.document, "_links": {"self": link}})


async def at_instant(request: "Request", twin: "Honest", instant_s: int) -> Reply:
    """Answer with the buckets of the request's own instant, and their values at another of the same day."""
    honest = await twin.ask(request)
    if honest.status != OK:
        return honest
    asked = Asked.of(request)
    then = await twin.ask(request.having(from_=str(asked.from_s), to=str(asked.to_s)), now_s=instant_s)
    return then if then.series is None else honest.with_series(then.series)
