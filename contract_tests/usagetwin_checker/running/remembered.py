"""What a run knew of its target and was told, as its own recording keeps it, to be judged alike later.

Rule: a recording may be anybody's. What it says is taken where it has the right form, and else not at all;
what the caller says comes first.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from usagetwin.days import LAST_INSTANT_S
from usagetwin.policies import POLICIES
from usagetwin_checker.knowing.knowledge import Now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.running.report import Options


def to_remember(options: "Options", *, built_in_token: bool) -> dict[str, Any]:
    """Give what a run knows, before its first request, as JSON."""
    knowledge = options.knowledge
    now = knowledge.now
    return {
        "strict": options.strict,
        "live": options.live,
        "built_in_token": built_in_token,
        "projects": sorted(knowledge.keys),
        "complete": knowledge.complete,
        "now": None if now is None else [now.earliest_s, now.latest_s],
        "settles_after": knowledge.settling_h,
        "policies": dict(knowledge.policies),
        "roles": None if knowledge.roles is None else sorted(knowledge.roles),
        "unlisted": knowledge.unlisted,
    }


def as_remembered(known: "Mapping[str, Any]", given: "Options") -> "Options":
    """Give the options of a run whose recording this is, where its caller gives no others."""
    told = given.knowledge
    policies, roles = known.get("policies"), known.get("roles")
    knowledge = replace(
        told,
        keys=told.keys or frozenset(_texts(known.get("projects"))),
        complete=told.complete or (not told.keys and known.get("complete") is True),
        now=told.now or _now(known.get("now")),
        settling_h=_hours(known.get("settles_after")) if told.settling_h is None else told.settling_h,
        policies=tuple(sorted(_policies(policies))) if isinstance(policies, dict) else (),
        roles=None if not isinstance(roles, list) else frozenset(_texts(roles)),
        unlisted=known.get("unlisted") is True,
    )
    strict, live = given.strict or known.get("strict") is True, given.live or known.get("live") is True
    return replace(given, knowledge=knowledge, strict=strict, live=live)


def _texts(values: object) -> "Iterable[str]":
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else ()


def _policies(values: "Mapping[str, Any]") -> "Iterable[tuple[str, str]]":
    return [(name, value) for name, value in values.items() if name in POLICIES and isinstance(value, str)]


def _now(value: object) -> Now | None:
    match value:
        case [int(earliest_s), int(latest_s)] if 0 <= earliest_s <= latest_s <= LAST_INSTANT_S:
            return Now(earliest_s, latest_s)
    return None


def _hours(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 24 * 366 else None
