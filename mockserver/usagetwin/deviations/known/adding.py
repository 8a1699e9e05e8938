"""More known faults of the filter: whose sessions are counted.

Some single out the projects of the world `business-week` by name; without them nothing differs.
"""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.known.asking import (
    VALUE,
    accepted,
    daily,
    get,
    instant,
    instead,
    keys,
    monthly,
    of_projects,
    values,
)
from usagetwin.deviations.shape import Deviation, Reply

if TYPE_CHECKING:
    from usagetwin.deviations.known.asking import Answering
    from usagetwin.deviations.shape import Honest, Request

TWO: Final = 2
KEY_LENGTH: Final = 8
NOT_FOUND: Final = 404


def _several(request: "Request") -> bool:
    return len(keys(request)) >= TWO


def _keys_after_from(request: "Request") -> "Request":
    """Forget the project keys that stand before `from`."""
    names = [name for name, _ in request.parameters]
    later = request.parameters[names.index("from") :]
    return of_projects(request, (value for name, value in later if name == "projectKey"))


def _cut_keys(request: "Request") -> "Request":
    known = {key[:KEY_LENGTH]: key for key in ("checkout", "internal-tools")}
    return of_projects(request, (known.get(key[:KEY_LENGTH], key) for key in keys(request)))


def _with_more_of(project: str, sign: int) -> "Answering":
    """Count one project once more, or not at all, where no project key is given."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        points = answer.series
        if points is None or keys(request):
            return answer
        its = await values(of_projects(request, [project]), honest)
        return answer.with_series(
            [{**one, VALUE: one[VALUE] + sign * its.get(one["time"], 0)} for one in points]
        )

    return reply


async def _neighbours_alone_joined(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    points = answer.series
    given = request.values("projectKey")
    runs = [key for at, key in enumerate(given) if at == 0 or given[at - 1] != key]
    if points is None or len(runs) == len(set(runs)):
        return answer
    columns = [await values(of_projects(request, [key]), honest) for key in runs]
    return answer.with_series([_added(one, columns) for one in points])


def _added(point: dict[str, Any], columns: list[dict[int, int]]) -> dict[str, Any]:
    return {**point, VALUE: sum(column.get(point["time"], 0) for column in columns)}


async def _added_by_position(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    points = answer.series
    if points is None or not _several(request):
        return answer
    for point in points:
        point[VALUE] = 0
    for key in keys(request):
        column = await values(of_projects(request, [key]), honest)
        for point, value in zip(points, column.values(), strict=False):
            point[VALUE] += value
    return answer.with_series(points)


async def _joined_inside(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    points = answer.series
    if points is None or not (_several(request) and daily("incremental")(request)):
        return answer
    columns = [await values(of_projects(request, [key]), honest) for key in keys(request)]
    for point in points:
        if not all(column.get(point["time"]) for column in columns):
            point[VALUE] = 0
    return answer.with_series(points)


async def _unborn_not_found(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    if answer.series != [] or not keys(request):
        return answer
    from_s = instant(request, "from")
    if from_s == instant(request, "to") or (from_s or 0) > request.now_s:
        return answer
    unborn = {"code": "not_found", "message": "Invalid resource identifier: projectKey"}
    return Reply(NOT_FOUND, b"").with_document(unborn)


FAULTS: Final = (
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
        _joined_inside,
    ),
    Deviation(
        "checkout-months-are-mobiles",
        "The monthly series of projectKey=checkout alone is that of mobile.",
        ("monthly-sums", "filter-additive"),
        instead(
            lambda request: of_projects(request, ["mobile"]),
            lambda request: monthly(request) and keys(request) == ("checkout",),
        ),
    ),
    Deviation(
        "keys-before-from-forgotten",
        "A projectKey that stands before `from` in the query does not count.",
        ("parameter-order-is-irrelevant", "filter-monotone"),
        instead(_keys_after_from, lambda request: request.value("from") is not None),
    ),
    Deviation(
        "all-projects-and-mobile",
        "Without a project key, mobile counts twice; shown where all projects are known to be named.",
        ("project-key-defaults-to-all",),
        _with_more_of("mobile", 1),
    ),
    Deviation(
        "keys-cut-at-eight",
        "Project keys count to their eighth character: an unknown checkout-old is checkout.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        accepted(_cut_keys, lambda request: bool(keys(request))),
    ),
    Deviation(
        "unknown-beside-known-is-all",
        "An unknown project key beside another key brings back all projects.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        accepted(
            lambda request: request.without("projectKey"),
            lambda request: _several(request) and all(keys(request)),
        ),
    ),
    Deviation(
        "unborn-project-not-found",
        "A project key is not found in a window that ends before the project's creation.",
        ("project-key-known-everywhere", "documented-query-is-answered"),
        _unborn_not_found,
    ),
)
