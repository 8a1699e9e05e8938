"""What one twin is started with, from options or from the environment."""

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from usagetwin.clock import frozen_clock, parse_instant, real_clock
from usagetwin.policies import parse_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_WORLD: Final = "business-week"
DEFAULT_PROFILE: Final = "documented"
MEMORY: Final = "memory://"
DEMO_TOKEN: Final = "api-00000000-0000-4000-8000-000000000000"  # noqa: S105 -- invented; the twin takes any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A twin's settings: a plain value that can be sent to a worker process.

    `world` is a name or a file; `now` is an instant to freeze the clock at, in Unix seconds or ISO
    8601, or None for the machine's clock; `policies` change the profile's, by
    name; `deviation` is the name of a fault or variation to show.
    """

    world: str = DEFAULT_WORLD
    now: str | None = None
    profile: str = DEFAULT_PROFILE
    policies: "Mapping[str, str]" = field(default_factory=dict)
    deviation: str | None = None
    quota_store: str = MEMORY
    reply_cache: bool = True
    access_log: bool = False

    @property
    def clock(self) -> "Callable[[], int]":
        """Give the clock. Raises SettingError for an instant that can't be read."""
        return real_clock if self.now is None else frozen_clock(parse_instant(self.now))

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read `USAGETWIN_WORLD`, `_NOW`, `_PROFILE`, `_POLICY` (NAME=VALUE, spaces between), `_QUOTA_STORE`.

        Raises SettingError.
        """
        policies = dict(map(parse_policy, os.environ.get("USAGETWIN_POLICY", "").split()))
        return cls(
            world=os.environ.get("USAGETWIN_WORLD") or DEFAULT_WORLD,
            now=os.environ.get("USAGETWIN_NOW") or None,
            profile=os.environ.get("USAGETWIN_PROFILE") or DEFAULT_PROFILE,
            policies=policies,
            quota_store=os.environ.get("USAGETWIN_QUOTA_STORE") or MEMORY,
        )
