"""The known faults of looking project keys up: unknown ones that are found, known ones that are not.

Some single out the projects of the world `business-week` by name; without them nothing differs.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.deviations.asked import Asked
from usagetwin.deviations.known.asked import having_keys, keys_of
from usagetwin.deviations.known.changes import accepting, error, has_content, on_status, refusing
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

KEY: Final = "projectKey"
NOT_FOUND: Final = 404
KEY_LENGTH: Final = 8
PART: Final = 3  # characters, at least
PROJECTS: Final = ("default", "mobile", "checkout", "internal-tools")


def _spelled(change: "Callable[[str], list[str]]") -> "Answering":
    """Answer unknown keys as if they had been spelled otherwise."""

    def respelled(request: Request) -> Request:
        return having_keys(request, [other for key in request.values(KEY) for other in change(key)])

    return accepting(respelled, NOT_FOUND)


async def _longest_known_prefix(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    keys = keys_of(request)
    if own.status != NOT_FOUND or len(keys) != 1:
        return own
    for length in range(min(len(keys[0]), 100), 0, -1):
        other = await honest.ask(having_keys(request, [keys[0][:length]]))
        if has_content(other):
            return other
    return own


def _all_beside_a_known_key(request: Request) -> Request:
    keys = keys_of(request)
    return request.without(KEY) if len(keys) > 1 and all(keys) else request


def _finding_by_eight(key: str) -> list[str]:
    known = {key[:KEY_LENGTH]: key for key in PROJECTS if len(key) >= KEY_LENGTH}
    return [known.get(key[:KEY_LENGTH], key)]


async def _unborn_not_found(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    if own.series != [] or not keys_of(request):
        return own
    asked = Asked.of(request)
    if asked.from_s == asked.to_s or asked.from_s > asked.now_s:
        return own
    return error(NOT_FOUND, "not_found", "Invalid resource identifier: projectKey")


async def _shorter_known_suffix(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    keys = keys_of(request)
    if own.status != NOT_FOUND or len(keys) != 1:
        return own
    for start in range(1, min(len(keys[0]), 100)):
        other = await honest.ask(having_keys(request, [keys[0][start:]]))
        if has_content(other):
            return other
    return own


def _having_the_part(key: str) -> list[str]:
    found = [known for known in PROJECTS if len(key) >= PART and key in known]
    return found or [key]


def _completed(key: str) -> list[str]:
    found = [known for known in PROJECTS if len(key) >= PART and known.startswith(key)]
    return found[:1] or [key]


async def _empty_in_rolling(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    if own.status != NOT_FOUND or request.value("aggregationType") != "rolling_30d":
        return own
    other = await honest.ask(request.without(KEY))
    return other.with_series([]) if has_content(other) else own


FAULTS: Final = (
    Deviation(
        "unknown-project-is-all",
        "An unknown projectKey is dropped: alone, it is answered with all projects.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        accepting(lambda request: request.without(KEY), NOT_FOUND),
    ),
    Deviation(
        "longer-key-finds-shorter-project",
        "A lone unknown projectKey that begins with a project's key is answered with that project.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _longest_known_prefix,
    ),
    Deviation(
        "unknown-project-is-400",
        "An unknown projectKey is answered with 400.",
        ("unknown-project-not-found",),
        on_status(
            lambda _own, _request: error(400, "invalid_request", "projectKey is not a project"), NOT_FOUND
        ),
    ),
    Deviation(
        "project-key-in-any-case",
        "A projectKey with capital letters is answered as if it were in lower case.",
        ("project-key-is-exact", "unknown-project-not-found"),
        _spelled(lambda key: [key.lower()]),
    ),
    Deviation(
        "project-key-is-trimmed",
        "Space around a projectKey is ignored.",
        ("project-key-is-exact", "unknown-project-not-found"),
        _spelled(lambda key: [key.strip()]),
    ),
    Deviation(
        "project-keys-joined-by-commas",
        "A projectKey of several keys with commas between them is answered with their sum.",
        ("project-key-is-exact", "unknown-project-not-found"),
        _spelled(lambda key: key.split(",")),
    ),
    Deviation(
        "project-unknown-in-monthly",
        "With granularity=monthly every projectKey is answered with 404.",
        ("project-key-known-everywhere", "documented-query-is-answered"),
        refusing(
            lambda request, asked: asked.monthly and bool(keys_of(request)),
            error(NOT_FOUND, "not_found", "Invalid resource identifier"),
        ),
    ),
    Deviation(
        "keys-cut-at-eight",
        "Project keys count to their eighth character: an unknown checkout-old is checkout.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _spelled(_finding_by_eight),
    ),
    Deviation(
        "unknown-beside-known-is-all",
        "An unknown project key beside another key brings back all projects.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        accepting(_all_beside_a_known_key, NOT_FOUND),
    ),
    Deviation(
        "unborn-project-not-found",
        "A project key is not found in a window that ends before the project's creation.",
        ("project-key-known-everywhere", "documented-query-is-answered"),
        _unborn_not_found,
    ),
    Deviation(
        "longer-key-finds-the-project-that-it-ends-with",
        "A lone unknown projectKey that ends with a project's key is answered with that project.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _shorter_known_suffix,
    ),
    Deviation(
        "part-of-a-key-finds-projects",
        "Three characters or more of a project's key, such as `tool`, find that project.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _spelled(_having_the_part),
    ),
    Deviation(
        "beginning-of-a-key-finds-a-project",
        "A projectKey that a project's key begins with, such as `check`, is answered with that project.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _spelled(_completed),
    ),
    Deviation(
        "first-letter-of-a-key-in-any-case",
        "A projectKey with a capital first letter, and no other, is answered as if it were in lower case.",
        ("project-key-is-exact", "unknown-project-not-found"),
        _spelled(lambda key: [key[:1].lower() + key[1:]]),
    ),
    Deviation(
        "underscores-in-a-key-are-hyphens",
        "A projectKey with `_` in the place of `-` is answered with that project: `internal_tools`.",
        ("unknown-project-never-widens", "unknown-project-not-found"),
        _spelled(lambda key: [key.replace("_", "-")]),
    ),
    Deviation(
        "unknown-project-is-empty-in-rolling",
        "Only in the rolling_30d view: an unknown projectKey is answered with an empty series.",
        ("unknown-project-not-found",),
        _empty_in_rolling,
    ),
)
