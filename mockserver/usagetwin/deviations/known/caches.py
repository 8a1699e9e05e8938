"""The known faults of caches: what was asked before answers what is asked now.

Rule: each says what it keeps. It keeps little, for each app that shows it.
"""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.known.asked import having_keys, keys_of
from usagetwin.deviations.known.changes import has_content
from usagetwin.deviations.shape import Deviation, Remembering, Reply, Request

if TYPE_CHECKING:
    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

KEY: Final = "projectKey"
UNAUTHORIZED: Final = 401
REMEMBERED: Final = 64
CREDENTIAL: Final = "authorization"


def _remembering() -> "Answering":
    """Make a cache of answers whose key lacks the project keys; of 64 queries at most."""
    first: dict[object, tuple[str, ...]] = {}

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own):
            return own
        if len(first) > REMEMBERED:
            first.clear()
        asked = (request.now_s, tuple(sorted(request.without(KEY).parameters)))
        other = await honest.ask(having_keys(request, first.setdefault(asked, keys_of(request))))
        return own.with_series(other.series or []) if has_content(other) else own

    return reply


def _sticky() -> "Answering":
    """Make a filter that stays: a request without a key is given the last one's."""
    last: list[tuple[str, ...]] = [()]

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own):
            return own
        keys, last[0] = last[0], keys_of(request)
        other = await honest.ask(having_keys(request, keys))
        return own if last[0] or not has_content(other) else own.with_series(other.series or [])

    return reply


def _cache_before_credential() -> "Answering":
    """Keep the queries of the latest 200s: one of them asked again without a credential gets its answer."""
    answered: deque[str] = deque(maxlen=REMEMBERED)

    async def reply(request: Request, honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        asked = f"{request.path}?{request.query_string}"
        if answer.series is not None:
            answered.append(asked)
        elif answer.status == UNAUTHORIZED and request.header(CREDENTIAL) is None and asked in answered:
            return await honest.ask(replace(request, headers=(*request.headers, (CREDENTIAL, "cached"))))
        return answer

    return reply


def _cache_of_first_keys() -> "Answering":
    """Keep the first series of several keys, for the latest windows and views, by the first key alone."""
    kept: dict[tuple[object, ...], list[dict[str, Any]]] = {}

    async def reply(request: Request, honest: "Honest") -> Reply:
        answer = await honest.ask(request)
        points, asked = answer.series, keys_of(request)
        if points is None or len(asked) == 1 or not asked:
            return answer
        name = (request.now_s, *sorted(having_keys(request, asked[:1]).parameters))
        shown = kept.setdefault(name, points)
        if len(kept) > REMEMBERED:
            del kept[next(iter(kept))]
        return answer.with_series(shown)

    return reply


FAULTS: Final = (
    Deviation(
        "reply-cache-forgets-project-key",
        "A query that differs from an earlier one in its project keys alone gets the earlier one's series.",
        ("filter-additive", "all-projects-at-least-the-named"),
        Remembering(_remembering),
    ),
    Deviation(
        "project-key-sticks",
        "A request without projectKey is filtered by the keys of the request before it.",
        ("project-key-defaults-to-all", "all-projects-at-least-the-named", "past-counts-are-fixed"),
        Remembering(_sticky),
    ),
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
)
