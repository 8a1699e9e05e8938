"""What of a setup a running twin is told, as the control API takes it."""

from math import floor
from typing import TYPE_CHECKING, Any, Final

from usagetwin.account.world.written import written
from usagetwin.control.front import LARGEST_BODY
from usagetwin.data import world_names
from usagetwin.errors import SettingError, quoted
from usagetwin.stage.accounts import built_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.account.world import World
    from usagetwin.stage.setup import Setup

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

LARGEST_WORLD: Final = LARGEST_BODY // 2  # its text is escaped once more, and other parts may be told with it


def told(setup: "Setup", before: "Setup | None" = None) -> dict[str, Any]:
    """Give the parts of a setup that are otherwise than before, or all of them.

    A play keeps the deviation that its twin was started with, where the setup has none.
    Raises SettingError for a world that can't be sent.
    """
    parts = {
        name: as_told(value(setup))
        for name, (value, as_told) in PARTS.items()
        if before is None or value(setup) != value(before)
    }
    if before is None and setup.settings.deviation is None:
        del parts["deviation"]
    return parts


def _world(world: "World") -> dict[str, str]:
    if world.name in world_names() and world == built_in(world.name):
        return {"name": world.name}
    text = written(world)
    if len(text.encode("utf-8", "replace")) > LARGEST_WORLD:
        problem = (
            f"the world {quoted(world.name)} is larger than the {LARGEST_WORLD >> 20} MiB that can be sent"
        )
        raise SettingError(problem, "a world of fewer days or projects; or no --usage-twin-url")
    return {"yaml": text}


PARTS: "Final[Mapping[str, tuple[Callable[[Setup], Any], Callable[[Any], Any]]]]" = {
    "now": (lambda setup: setup.frozen_s, lambda frozen_s: None if frozen_s is None else floor(frozen_s)),
    "world": (lambda setup: setup.world, _world),
    "profile": (lambda setup: setup.settings.profile, str),
    "policies": (lambda setup: setup.settings.policies, dict),
    "tokens": (
        lambda setup: setup.tokens,
        lambda tokens: {token: role.value for token, role in tokens.items()},
    ),
    "allow": (lambda setup: setup.allowed, sorted),
    "deviation": (lambda setup: setup.settings.deviation, lambda name: name),
}
