"""More known faults that only a conversation shows: what outlives a request.

Rule: each says what it keeps. It keeps little, for each app that shows it.
"""

from collections import deque
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.known.asking import VALUE, day, get, keys, monthly, of_projects, today
from usagetwin.deviations.shape import Deviation, Remembering, Reply

if TYPE_CHECKING:
    from usagetwin.deviations.known.asking import Answering
    from usagetwin.deviations.shape import Honest, Request

UNAUTHORIZED: Final = 401
THROTTLED: Final = 429
REMEMBERED: Final = 64
REPLICAS: Final = 5
BURST: Final = 20
CREDENTIAL: Final = "authorization"


def _cache_before_credential() -> "Answering":
    """Keep the queries of the latest 200s: one of them asked again without a credential gets its answer."""
    answered: deque[str] = deque(maxlen=REMEMBERED)

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        asked = f"{request.path}?{request.query_string}"
        if answer.series is not None:
            answered.append(asked)
        elif answer.status == UNAUTHORIZED and request.header(CREDENTIAL) is None and asked in answered:
            return await get(replace(request, headers=(*request.headers, (CREDENTIAL, "cached"))), honest)
        return answer

    return reply


def _cache_of_first_keys() -> "Answering":
    """Keep the first series of several keys, for the latest windows and views, by the first key alone."""
    kept: dict[tuple[object, ...], list[dict[str, Any]]] = {}

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        points, asked = answer.series, keys(request)
        if points is None or len(asked) == 1 or not asked:
            return answer
        name = (request.now_s, *sorted(of_projects(request, asked[:1]).parameters))
        shown = kept.setdefault(name, points)
        if len(kept) > REMEMBERED:
            del kept[next(iter(kept))]
        return answer.with_series(shown)

    return reply


def _lagging_replica() -> "Answering":
    """Count the 200s: each fifth comes from a replica that lost sessions of the newest day that is over."""
    turns = count(1)

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        points = answer.series
        if points is None or next(turns) % REPLICAS:
            return answer
        over = [point for point in points if day(point) < today(request)]
        if over and not monthly(request):
            over[-1][VALUE] -= over[-1][VALUE] // 50
        return answer.with_series(points)

    return reply


def _text_for_throttled() -> "Answering":
    """Count the requests: each twentieth is throttled by a gateway that answers in plain text."""
    turns = count(1)

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        if answer.series is None or next(turns) % BURST:
            return answer
        return Reply(
            THROTTLED, b"Too many requests\n", (("content-type", "text/plain"), ("retry-after", "0"))
        )

    return reply


FAULTS: Final = (
    Deviation(
        "cache-before-credential",
        "A query that was answered once is answered again without Authorization.",
        ("no-answer-without-credential", "credential-required"),
        Remembering(_cache_before_credential),
    ),
    Deviation(
        "cache-forgets-further-keys",
        "Queries that differ only in their second and later project keys get the first one's series.",
        ("filter-additive", "project-key-repeats"),
        Remembering(_cache_of_first_keys),
    ),
    Deviation(
        "lagging-replica",
        "Each fifth daily answer shows 2 percent less for the newest day that is over.",
        ("past-counts-are-fixed", "incremental-counts"),
        Remembering(_lagging_replica),
    ),
    Deviation(
        "throttled-in-plain-text",
        "Each twentieth request is answered with 429 as text/plain.",
        ("documented-answer-is-json",),
        Remembering(_text_for_throttled),
    ),
)
