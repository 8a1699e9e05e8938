"""The known faults of the project filter's sums: projects that are added up wrongly.

Some single out the projects of the world `business-week` by name; without them nothing differs.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import TOTAL, day_at, having_keys, keys_of
from usagetwin.deviations.known.changes import asking, has_content
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

KEY: Final = "projectKey"
TWO: Final = 2


def _by_key(
    change: "Callable[[list[int]], int]", when: "Callable[[Request], bool]", *, distinct: bool = False
) -> "Answering":
    """Make each value from those that the keys have one by one, repeated keys repeated unless `distinct`."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own) or not when(request):
            return own
        keys = keys_of(request) if distinct else request.values(KEY)
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


def _runs(request: Request) -> list[str]:
    """Give the keys, those left out that stand beside themselves."""
    given = request.values(KEY)
    return [key for at, key in enumerate(given) if at == 0 or given[at - 1] != key]


async def _neighbours_alone_joined(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    runs = _runs(request)
    if not has_content(own) or len(runs) == len(set(runs)):
        return own
    columns = [await _values(having_keys(request, [key]), honest) for key in runs]
    points = own.document["series"]
    return own.with_series(
        [{**point, TOTAL: sum(column.get(day_at(point), 0) for column in columns)} for point in points]
    )


def with_more_of(project: str, sign: int) -> "Answering":
    """Count one project once more, or not at all, where no project key is given."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        if not has_content(own) or keys_of(request):
            return own
        its = await _values(having_keys(request, [project]), honest)
        points = own.document["series"]
        return own.with_series(
            [{**point, TOTAL: point[TOTAL] + sign * its.get(day_at(point), 0)} for point in points]
        )

    return reply


async def _added_by_position(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    if not has_content(own) or not _several(request):
        return own
    points = [{**point, TOTAL: 0} for point in own.document["series"]]
    for key in keys_of(request):
        column = await _values(having_keys(request, [key]), honest)
        for point, value in zip(points, column.values(), strict=False):
            point[TOTAL] += value
    return own.with_series(points)


def _joined_inside(values: list[int]) -> int:
    return sum(values) if all(values) else 0


def _several_by_day(request: Request) -> bool:
    return _several(request) and request.value("aggregationType") == "incremental"


def _mobile_for_checkout(request: Request, asked: Asked) -> Request:
    taken = asked.monthly and keys_of(request) == ("checkout",)
    return having_keys(request, ["mobile"]) if taken else request


def _keys_after_from(request: Request, _asked: Asked) -> Request:
    """Forget the project keys that stand before `from`."""
    names = [name for name, _ in request.parameters]
    if "from" not in names:
        return request
    later = request.parameters[names.index("from") :]
    return having_keys(request, [value for name, value in later if name == KEY])


FAULTS: Final = (
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
        "all-projects-misses-default",
        "Without a projectKey everything counts but the project `default`.",
        ("all-projects-at-least-the-named", "project-key-defaults-to-all"),
        with_more_of("default", -1),
    ),
    Deviation(
        "all-projects-and-mobile",
        "Without a project key, mobile counts twice; shown where all projects are known to be named.",
        ("project-key-defaults-to-all",),
        with_more_of("mobile", 1),
    ),
    Deviation(
        "only-neighbours-deduplicated",
        "A project key that comes again after another one counts twice: a, b, a.",
        ("repeated-project-key-is-irrelevant", "filter-additive"),
        _neighbours_alone_joined,
    ),
    Deviation(
        "projects-added-by-position",
        "Over several keys, a project born within the window is added from the first bucket on, not its own.",
        ("filter-additive", "bucket-independent-of-window"),
        _added_by_position,
    ),
    Deviation(
        "projects-joined-inside",
        "In incremental, a day on which any one of several keys has no sessions shows 0 for all.",
        ("filter-additive", "filter-monotone", "incremental-counts"),
        _by_key(_joined_inside, _several_by_day, distinct=True),
    ),
    Deviation(
        "checkout-months-are-mobiles",
        "The monthly series of projectKey=checkout alone is that of mobile.",
        ("monthly-sums", "filter-additive"),
        asking(_mobile_for_checkout),
    ),
    Deviation(
        "keys-before-from-forgotten",
        "A projectKey that stands before `from` in the query does not count.",
        ("parameter-order-is-irrelevant", "filter-monotone"),
        asking(_keys_after_from),
    ),
)
