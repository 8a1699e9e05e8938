"""The known faults of the project filter: keys that are ignored, or added up wrongly."""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import day_at, having_keys, keys_of, labels
from usagetwin.deviations.known.changes import accepting, asking, has_content
from usagetwin.deviations.shape import OK, Deviation, Remembering, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

KEY: Final = "projectKey"
TWO: Final = 2
NOT_FOUND: Final = 404
REMEMBERED: Final = 64


def _by_key(change: "Callable[[list[int]], int]", when: "Callable[[Request], bool]") -> "Answering":
    """Make each value from the values that the given keys have one by one, repeated keys repeated."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own) or not when(request):
            return own
        keys = request.values(KEY)
        singles = [await _values(having_keys(request, [key]), honest) for key in keys]
        points = own.document["series"]
        changed = [
            {**point, "0": change([single.get(day_at(point), 0) for single in singles])} for point in points
        ]
        return own if changed == points else own.with_series(changed)

    return reply


async def _values(request: Request, honest: "Honest") -> dict[int, int]:
    points = (await honest.ask(request)).series or []
    return {day_at(point): point["0"] for point in points}


def _several(request: Request) -> bool:
    return len(keys_of(request)) >= TWO


def _exactly_two(request: Request) -> bool:
    return len(keys_of(request)) == len(request.values(KEY)) == TWO


def _unsorted_loses_the_last(request: Request, _asked: Asked) -> Request:
    keys = keys_of(request)
    return request if list(keys) == sorted(keys) else having_keys(request, keys[:-1])


async def _all_without_default(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    if not has_content(own) or keys_of(request):
        return own
    default = await _values(having_keys(request, ["default"]), honest)
    points = own.document["series"]
    return own.with_series(
        [
            {
                "time": point["time"],
                **{key: point[key] - default.get(day_at(point), 0) for key in labels(point)},
            }
            for point in points
        ]
    )


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


FAULTS: Final = (
    Deviation(
        "project-key-ignored",
        "Every projectKey, an unknown one included, is answered with all projects.",
        ("filter-additive", "unknown-project-never-widens", "all-projects-at-least-the-named"),
        accepting(lambda request: request.without(KEY), OK, NOT_FOUND),
    ),
    Deviation(
        "project-key-ignored-in-monthly",
        "Only with granularity=monthly: every projectKey is answered with all projects.",
        ("filter-additive", "monthly-sums"),
        asking(lambda request, asked: request.without(KEY) if asked.monthly else request),
    ),
    Deviation(
        "project-key-ignored-in-rolling",
        "Only in the rolling_30d view: every projectKey is answered with all projects.",
        ("filter-additive", "rolling-30d-sums"),
        asking(lambda request, asked: request.without(KEY) if asked.view == "rolling_30d" else request),
    ),
    Deviation(
        "first-project-key-alone",
        "Of several project keys the first one alone counts.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, keys_of(request)[:1])),
    ),
    Deviation(
        "last-project-key-alone",
        "Of several project keys the last one alone counts.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, request.values(KEY)[-1:])),
    ),
    Deviation(
        "third-project-key-ignored",
        "Project keys beyond the second do not count.",
        ("project-key-repeats", "filter-additive", "project-key-order-is-irrelevant"),
        asking(lambda request, _asked: having_keys(request, keys_of(request)[:2])),
    ),
    Deviation(
        "repeated-project-key-counts-twice",
        "A projectKey that is given twice counts twice.",
        ("repeated-project-key-is-irrelevant",),
        _by_key(sum, lambda request: len(keys_of(request)) < len(request.values(KEY))),
    ),
    Deviation(
        "several-projects-are-averaged",
        "Several project keys are answered with the average of their counts.",
        ("filter-additive", "filter-monotone"),
        _by_key(lambda values: sum(values) // len(values), _several),
    ),
    Deviation(
        "several-projects-intersect",
        "Several project keys are answered with the smallest of their counts, not the sum.",
        ("filter-monotone", "filter-additive"),
        _by_key(min, _several),
    ),
    Deviation(
        "two-projects-count-as-the-larger",
        "Only when exactly two project keys are given: the larger count of both instead of the sum.",
        ("filter-additive",),
        _by_key(max, _exactly_two),
    ),
    Deviation(
        "project-key-order-matters",
        "Project keys that are not in alphabetical order lose the last one.",
        ("project-key-order-is-irrelevant", "filter-additive"),
        asking(_unsorted_loses_the_last),
    ),
    Deviation(
        "all-projects-misses-default",
        "Without a projectKey everything counts but the project `default`.",
        ("all-projects-at-least-the-named", "project-key-defaults-to-all"),
        _all_without_default,
    ),
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
)
