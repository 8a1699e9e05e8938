"""What the held-out faults are made of: another request that is answered, or a change of the answer."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.operation import DAILY, INCREMENTAL, METHODS, PATH
from usagetwin.days import SECONDS_PER_DAY, day_of, start_of
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.shape import OK, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.deviations.shape import Answering, Honest, Request

    Points = list[dict[str, Any]]

KEY: Final = "projectKey"
SECONDS: Final = re.compile(r"[0-9]{1,10}")
BAD_REQUEST: Final = 400
NOT_FOUND: Final = 404
CRASH: Final = (500, "internal_error", "Something went wrong.")


def error(status: int, code: str, message: str) -> Reply:
    """Make the answer of a refusal."""
    return Reply(status, b"").with_document({"code": code, "message": message})


def is_read(request: "Request", reply: Reply) -> bool:
    """Tell whether a request got as far as its query: its path, method and credential were good."""
    return (
        request.path.endswith(PATH)
        and request.method in METHODS
        and reply.status in (OK, BAD_REQUEST, NOT_FOUND)
    )


def without_credential(request: "Request") -> bool:
    """Tell whether a request has no token at all."""
    return not (request.header("authorization") or "").strip()


def instant(request: "Request", name: str) -> int | None:
    """Give `from` or `to` where it is given once and well written."""
    values = request.values(name)
    return int(values[0]) if len(values) == 1 and SECONDS.fullmatch(values[0]) else None


async def answered_as(request: "Request", other: "Request", honest: "Honest") -> Reply:
    """Answer as another request is answered, with the link to this one."""
    reply = await honest.ask(other)
    if reply.series is None or other == request:
        return reply
    own = await honest.ask(request)
    document = reply.document
    if own.series is not None:
        return reply.with_document({**document, "_links": own.document["_links"]})
    query = request.query_string
    document["_links"]["self"]["href"] = f"{request.path}?{query}" if query else request.path
    return reply.with_document(document)


async def counts(request: "Request", honest: "Honest", first: int, last: int) -> dict[int, int]:
    """Give the sessions of each day of a span that has a bucket, for the filter of a request."""
    span = {"from": str(start_of(max(first, 0))), "to": str(start_of(last + 1))}
    reply = await honest.ask(request.having(**span, aggregationType=INCREMENTAL, granularity=DAILY))
    return {day_of(point["time"] // 1000): point["0"] for point in reply.series or []}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One honest bucket: its first day, its value, what was asked, and the days that it may look at."""

    day: int
    value: int
    asked: Asked
    counts: "Mapping[int, int]"

    def sum(self, first: int, last: int) -> int:
        """Add the sessions of a span of days."""
        return sum(self.counts.get(day, 0) for day in range(first, last + 1))

    @property
    def is_open(self) -> bool:
        """Tell whether the bucket contains the current time."""
        return self.asked.end_s(start_of(self.day)) > self.asked.now_s


def instead(change: "Callable[[Request], Request]") -> "Answering":
    """Answer another request."""

    async def reply(request: "Request", honest: "Honest") -> Reply:
        return await answered_as(request, change(request), honest)

    return reply


def refused_when(
    odd: "Callable[[Request], bool]", status: int, code: str, message: str, *, only_good: bool = False
) -> "Answering":
    """Refuse the odd ones among the requests that got as far as their query, or among the good ones alone."""

    async def reply(request: "Request", honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        read = answer.status == OK if only_good else is_read(request, answer)
        return error(status, code, message) if read and odd(request) else answer

    return reply


def on_points(
    change: "Callable[[Points, Asked], Points]", *, view: str | None = None, monthly: bool | None = None
) -> "Answering":
    """Change the points of an answer, in one view and granularity or in all."""

    async def reply(request: "Request", honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        points = _points(answer)
        if not points or not _is_asked(Asked.of(request), view, monthly):
            return answer
        return answer.with_series(change(points, Asked.of(request)))

    return reply


def on_buckets(
    change: "Callable[[Bucket], int]", *, view: str | None = None, monthly: bool = False, back: int = 0
) -> "Answering":
    """Change the values of an answer; a bucket may look `back` some days before the answer's first."""

    async def reply(request: "Request", honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        points = _points(answer)
        if not points or not _is_asked(Asked.of(request), view, monthly):
            return answer
        asked = Asked.of(request)
        days = await counts(request, honest, day_of(points[0]["time"] // 1000) - back, asked.today)
        for point in points:
            point["0"] = change(Bucket(day_of(point["time"] // 1000), point["0"], asked, days))
        return answer.with_series(points)

    return reply


def on_document(change: "Callable[[dict[str, Any]], object]") -> "Answering":
    """Change the body of each 200."""

    async def reply(request: "Request", honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        return answer if answer.series is None else answer.with_document(change(answer.document))

    return reply


def with_keys(request: "Request", keys: "tuple[str, ...]") -> "Request":
    """Give the same request with another filter."""
    kept = request.without(KEY)
    return replace(kept, parameters=(*kept.parameters, *((KEY, key) for key in keys)))


def is_open_day(point: "Mapping[str, int]", asked: Asked) -> bool:
    """Tell whether a daily point is that of the current day."""
    return point["time"] == asked.today_s * 1000


def is_longer_than(days: int, asked: Asked) -> bool:
    """Tell whether a window has more than some days."""
    return asked.to_s - asked.from_s > days * SECONDS_PER_DAY


def _points(answer: Reply) -> "Points":
    points = answer.series or []
    return [] if any(point.keys() != {"time", "0"} for point in points) else points


def _is_asked(asked: Asked, view: str | None, monthly: bool | None) -> bool:  # noqa: FBT001 -- as on_points has it
    return view in (None, asked.view) and monthly in (None, asked.monthly)
