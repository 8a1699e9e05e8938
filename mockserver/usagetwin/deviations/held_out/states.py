"""Held-out faults of what a server remembers, keeps in copies, or does now and then."""

from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import MONTH_TO_DATE, MONTHLY
from usagetwin.deviations.asked import Asked
from usagetwin.deviations.held_out.changing import (
    BAD_REQUEST,
    KEY,
    NOT_FOUND,
    answered_as,
    error,
    is_read,
    with_keys,
)
from usagetwin.deviations.shape import OK, Deviation, Remembering

if TYPE_CHECKING:
    from typing import Any

    from usagetwin.deviations.shape import Answering, Honest, Reply, Request

EACH_FOURTH: Final = 4
EACH_FIFTEENTH: Final = 15


def _cache_without_view() -> "Answering":
    kept: dict[object, list[dict[str, Any]]] = {}

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await honest.ask(request)
        if answer.series is None or Asked.of(request).monthly:
            return answer
        place = request.without("aggregationType").parameters
        return answer.with_series(kept.setdefault(place, answer.series))

    return reply


def _sticky_months() -> "Answering":
    last = ""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        nonlocal last
        answer = await honest.ask(request)
        if answer.status != OK:
            return answer
        if request.values("granularity"):
            last = request.value("granularity") or ""
        elif last == MONTHLY and Asked.of(request).view == MONTH_TO_DATE:
            return await answered_as(request, request.having(granularity=MONTHLY), honest)
        return answer

    return reply


def _refusal_again() -> "Answering":
    pending: list[Reply] = []

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await honest.ask(request)
        if answer.status == OK and pending:
            return pending.pop()
        pending[:] = [answer] if answer.status == BAD_REQUEST else []
        return answer

    return reply


def _replica_without_the_last_key() -> "Answering":
    answered = 0

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        nonlocal answered
        answer = await honest.ask(request)
        keys = tuple(dict.fromkeys(request.values(KEY)))
        if answer.status != OK or len(keys) <= 1:
            return answer
        answered += 1
        if answered % EACH_FOURTH:
            return answer
        return await answered_as(request, with_keys(request, keys[:-1]), honest)

    return reply


def _empty_at_first() -> "Answering":
    warm: set[tuple[str, bool]] = set()

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await honest.ask(request)
        if answer.status != OK:
            return answer
        asked = Asked.of(request)
        cold = (asked.view, asked.monthly) not in warm
        warm.add((asked.view, asked.monthly))
        return answer.with_series([]) if cold else answer

    return reply


def _limited_with_200() -> "Answering":
    answered = 0

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        nonlocal answered
        answer = await honest.ask(request)
        answered += answer.status == OK
        if answer.status != OK or answered % EACH_FIFTEENTH:
            return answer
        return error(OK, "rate_limited", "You've exceeded the API rate limit. Try again later.")

    return reply


def _known_when_asked_again() -> "Answering":
    asked_for: set[str] = set()

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await honest.ask(request)
        keys = request.values(KEY)
        if answer.status != NOT_FOUND or not is_read(request, answer) or len(set(keys)) > 1:
            return answer
        if keys[0] not in asked_for:
            asked_for.add(keys[0])
            return answer
        known = await answered_as(request, request.without(KEY), honest)
        return known.with_series([]) if known.status == OK else known

    return reply


FAULTS: Final = (
    Deviation(
        "cache-forgets-the-view",
        "Daily queries that differ only in their aggregationType get the series of the first one asked.",
        ("incremental-counts", "month-to-date-sums", "rolling-30d-sums"),
        Remembering(_cache_without_view),
    ),
    Deviation(
        "monthly-sticks",
        "After granularity=monthly, month_to_date without granularity is monthly until daily is asked for.",
        ("granularity-defaults-to-daily",),
        Remembering(_sticky_months),
    ),
    Deviation(
        "refusal-comes-again",
        "The good request that comes right after a 400 is answered with that 400 again.",
        ("documented-query-is-answered",),
        Remembering(_refusal_again),
    ),
    Deviation(
        "replica-lacks-the-last-project",
        "Each fourth answer to several project keys leaves out the last of them.",
        ("past-counts-are-fixed", "filter-additive"),
        Remembering(_replica_without_the_last_key),
    ),
    Deviation(
        "first-answer-is-empty",
        "The first answer in each view and granularity has no buckets; all later ones have.",
        ("known-bucket-is-present",),
        Remembering(_empty_at_first),
    ),
    Deviation(
        "limited-with-200",
        "Each fifteenth good request is answered with the body of a 429, and status 200.",
        ("answer-is-a-series-list",),
        Remembering(_limited_with_200),
    ),
    Deviation(
        "unknown-project-known-when-asked-again",
        "A lone unknown project key is answered with 404 at first, and with an empty series after that.",
        ("unknown-project-not-found",),
        Remembering(_known_when_asked_again),
    ),
)
