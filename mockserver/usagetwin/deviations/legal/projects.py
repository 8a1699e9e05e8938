"""Legal variations of project keys: what an unknown key gets, and which spellings stand for a known one.

Source: `SEMANTICS` 3: an unknown key never brings back other projects' sessions.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.legal.changes import asked_otherwise, refused, with_values
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from usagetwin.deviations.legal.changes import ReplyTo
    from usagetwin.deviations.shape import Honest, Reply, Request

NOT_FOUND: Final = 404
_PARAMETER: Final = "projectKey"
_OTHER_SPELLING: Final = ("project-key-is-exact", "unknown-project-not-found", "links-self-names-the-request")


async def _has_unknown_key(request: "Request", twin: "Honest", reply: "Reply") -> bool:
    """Tell whether a reply is the 404 for a project, not for a path."""
    return reply.status == NOT_FOUND and (await twin.ask(request.without(_PARAMETER))).status == OK


async def _known(request: "Request", twin: "Honest", keys: "Iterable[str]") -> list[str]:
    """Give the keys that the twin knows, each once."""
    distinct = list(dict.fromkeys(keys))
    return [key for key in distinct if (await twin.ask(_keyed(request, [key]))).status != NOT_FOUND]


def _keyed(request: "Request", keys: list[str]) -> "Request":
    others = request.without(_PARAMETER).parameters
    return replace(request, parameters=(*others, *((_PARAMETER, key) for key in keys)))


def _refused_with(status: int, code: str) -> "ReplyTo":
    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        if await _has_unknown_key(request, twin, honest):
            return refused(status, code, "There is no such project.")
        return honest

    return reply


def _counted_nothing(*, shows_zeros: bool) -> "ReplyTo":
    """Make a reply function in which an unknown key adds nothing to its filter."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        if not await _has_unknown_key(request, twin, honest):
            return honest
        if known := await _known(request, twin, request.values(_PARAMETER)):
            return await asked_otherwise(request, twin, _keyed(request, known))
        every = await asked_otherwise(request, twin, request.without(_PARAMETER))
        points = every.series
        if points is None:
            return every
        return every.with_series([with_values(point, lambda _value: 0) for point in points if shows_zeros])

    return reply


def _spelled(split: "Callable[[str], list[str]]") -> "ReplyTo":
    """Make a reply function in which an unknown key may be another spelling of known ones."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        if not await _has_unknown_key(request, twin, honest):
            return honest
        keys = list(dict.fromkeys(part for key in request.values(_PARAMETER) for part in split(key)))
        if not all(keys):
            return honest
        respelled = await asked_otherwise(request, twin, _keyed(request, keys))
        return respelled if respelled.status == OK else honest

    return reply


PROJECTS: Final = (
    Deviation(
        "unknown-project-is-empty",
        "an unknown project counts nothing; alone it has no buckets",
        ("unknown-project-not-found",),
        _counted_nothing(shows_zeros=False),
    ),
    Deviation(
        "unknown-project-is-zero",
        "an unknown project counts nothing; alone it has buckets of zero",
        ("unknown-project-not-found",),
        _counted_nothing(shows_zeros=True),
    ),
    Deviation(
        "unknown-project-is-invalid",
        "an unknown project is 400",
        ("unknown-project-not-found",),
        _refused_with(400, "invalid_request"),
    ),
    Deviation(
        "unknown-project-is-forbidden",
        "an unknown project is 403, so that nobody learns which exist",
        ("unknown-project-not-found",),
        _refused_with(403, "forbidden"),
    ),
    Deviation(
        "keys-in-any-case",
        "a project key may be in upper case, with spaces around",
        _OTHER_SPELLING,
        _spelled(lambda key: [key.strip().lower()]),
    ),
    Deviation(
        "keys-joined-by-commas",
        "one projectKey may hold several keys with commas between",
        _OTHER_SPELLING,
        _spelled(lambda key: key.split(",")),
    ),
)
