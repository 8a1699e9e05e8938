"""Which target each shard makes for itself, and whether that is the one which the command means.

Rule: the token is read where a shard runs. What goes there says whether there is one, and nothing of it.
"""

import platform
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin import __version__
from usagetwin.errors import SettingError
from usagetwin_checker.running.twin import twin
from usagetwin_checker.talking.targets import UrlTarget
from usagetwin_checker.talking.tokens import ANY_TOKEN, VARIABLE, access_token

if TYPE_CHECKING:
    from usagetwin_checker.talking.targets import Target

TWIN: Final = "twin"
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def machine() -> str:
    """Name this machine, as far as its loopback reaches: a container is one of its own."""
    boot = ""
    with suppress(OSError):
        boot = BOOT.read_text(encoding="ascii").strip()
    return f"{platform.node()} {boot}"


def _has_token() -> bool:
    return access_token() != ANY_TOKEN


@dataclass(frozen=True, slots=True)
class Where:
    """A target, `twin` or a base URL on this machine, as the command knows it, and its machine."""

    name: str
    now: str | None = None
    world: str | None = None
    profile: str | None = None
    cacert: str | None = None
    machine: str = field(default_factory=machine)
    token: bool = field(default_factory=_has_token)
    version: str = __version__

    def target(self) -> "Target":
        """Make it. Raises SettingError and FileError, and where it would be another one here."""
        require(self.version)
        if self.name == TWIN:
            return twin(now=self.now, world=self.world, profile=self.profile)[0]
        if machine() != self.machine:
            problem = (
                f"{self.name} is another target on the worker {platform.node()}, which is another machine"
            )
            raise SettingError(problem, "workers on the machine of the command, or the target `twin`")
        if _has_token() is not self.token:
            have, lack = ("the command", "a worker") if self.token else ("a worker", "the command")
            problem = f"{have} has a token in {VARIABLE}, and {lack} has none"
            raise SettingError(problem, f"the same {VARIABLE} in the environment of both")
        return UrlTarget(self.name, cacert=self.cacert)


def require(version: str) -> None:
    """Raise SettingError where the command is of another version than what runs here."""
    if version != __version__:
        problem = f"a worker has usagetwin {__version__}, and the command is of {version}"
        raise SettingError(problem, f"usagetwin {version} on every worker")
