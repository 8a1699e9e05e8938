"""What one twin is started with, from options or from the environment."""

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from usagetwin.clock import frozen_clock, parse_instant, real_clock
from usagetwin.errors import FileError, SettingError
from usagetwin.policies import make_policies, parse_policy
from usagetwin.profiles import profile_of
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.policies import Policies

DEFAULT_WORLD: Final = "business-week"
DEFAULT_PROFILE: Final = "documented"
DEMO_TOKEN: Final = "api-00000000-0000-4000-8000-000000000000"  # noqa: S105 -- invented; the twin takes any
CONTROL_VARIABLE: Final = "USAGETWIN_CONTROL_TOKEN"  # what the control API wants to see, and its clients send
VARIABLES: Final = {  # by what they set: fields of `Settings`, where a server listens, and its authority
    "host": "USAGETWIN_HOST",
    "port": "USAGETWIN_PORT",
    "world": "USAGETWIN_WORLD",
    "now": "USAGETWIN_NOW",
    "profile": "USAGETWIN_PROFILE",
    "policies": "USAGETWIN_POLICY",
    "store": "USAGETWIN_STORE",
    "ca_dir": "USAGETWIN_CA_DIR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A twin's settings: a plain value that can be sent to a worker process.

    `world` is a name or a file; `now` is an instant to freeze the clock at, in Unix seconds or ISO
    8601, or None for the machine's clock; `profile` is the name of one, or its file; `policies` change the
    profile's, by name; `deviation` is the name of a fault or variation to show.
    """

    world: str = DEFAULT_WORLD
    now: str | None = None
    profile: str = DEFAULT_PROFILE
    policies: "Mapping[str, str]" = field(default_factory=dict)
    deviation: str | None = None
    store: str = MEMORY
    reply_cache: bool = True
    access_log: bool = False

    @property
    def clock(self) -> "Callable[[], int]":
        """Give the clock. Raises SettingError for an instant that can't be read."""
        return real_clock if self.now is None else frozen_clock(parse_instant(self.now))

    @property
    def variations(self) -> tuple[str, ...]:
        """Give the legal variations that the profile has. Raises SettingError."""
        return profile_of(self.profile).variations

    def policies_over(self, account: "Mapping[str, str]") -> "Policies":
        """Give one value for every policy; those of an account change the profile's. Raises SettingError."""
        return make_policies(DEFAULT_PROFILE, profile_of(self.profile).policies, account, self.policies)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read `USAGETWIN_WORLD`, `_NOW`, `_PROFILE`, `_POLICY` (NAME=VALUE, spaces between), `_STORE`.

        Raises SettingError.
        """
        try:
            policies = dict(map(parse_policy, os.environ.get(VARIABLES["policies"], "").split()))
        except SettingError as error:
            raise named(error) from None
        return cls(
            world=os.environ.get(VARIABLES["world"]) or DEFAULT_WORLD,
            now=os.environ.get(VARIABLES["now"]) or None,
            profile=os.environ.get(VARIABLES["profile"]) or DEFAULT_PROFILE,
            policies=policies,
            store=os.environ.get(VARIABLES["store"]) or MEMORY,
        )


def named(error: "SettingError | FileError") -> "SettingError | FileError":
    """Give an error about a setting that came from the environment, with the variable that it came from."""
    if isinstance(error, FileError):
        return replace(error, file=f"{VARIABLES['world']}: {error.file}")
    return replace(error, where=VARIABLES.get(error.setting, ""))
