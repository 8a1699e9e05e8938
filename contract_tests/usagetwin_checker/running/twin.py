"""The twin in this process, as a target of which everything is known."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from usagetwin.account.world import Role, load_world
from usagetwin.app import create_app
from usagetwin.clock import parse_instant
from usagetwin.contract.operation import SESSIONS, Operation
from usagetwin.settings import DEFAULT_PROFILE, DEFAULT_WORLD, Settings
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.talking.targets import AppTarget
from usagetwin_checker.talking.tokens import ANY_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping


def twin(  # noqa: PLR0913 -- one argument for each thing that a twin is told
    *,
    now: str | None = None,
    world: str | None = None,
    profile: str | None = None,
    policies: "Mapping[str, str] | None" = None,
    deviation: str | None = None,
    operation: Operation = SESSIONS,
) -> tuple[AppTarget, Knowledge]:
    """Make the twin, and say what is known of it: all its keys, and its clock where that is frozen.

    Raises SettingError and FileError.
    """
    settings = Settings(
        world=world or DEFAULT_WORLD,
        now=now,
        profile=profile or DEFAULT_PROFILE,
        policies=policies or {},
        deviation=deviation,
        operations=(operation,),
    )
    account = load_world(settings.world)
    keys = frozenset(project.key for project in account.projects)
    now = settings.at(account.now).now
    instant = None if now is None else Now(parse_instant(now), parse_instant(now))
    chosen = asdict(settings.policies_over(account.policies))
    tokens = {role.value: token for token, role in account.tokens.items()}
    if chosen["unknown_tokens"] == "reject":
        tokens[""] = tokens.get(Role.FULL.value, ANY_TOKEN)
    known = Knowledge(
        keys,
        complete=True,
        now=instant,
        policies=tuple(sorted(chosen.items())),
        roles=frozenset(tokens) - {"", Role.FULL.value},
        unlisted="" not in tokens and ANY_TOKEN not in account.tokens,
    )
    return AppTarget(create_app(settings), tokens), known
