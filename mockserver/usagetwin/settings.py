"""What one twin is started with, from options or from the environment."""

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from usagetwin.clock import frozen_clock, parse_instant, real_clock
from usagetwin.contract.operation import ONLY_SESSIONS, Operation
from usagetwin.days import iso
from usagetwin.errors import ContractError, FileError, SettingError
from usagetwin.policies import make_policies, parse_policy
from usagetwin.profiles import profile_of
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
    "document": "USAGETWIN_DOCUMENT",
    "operations": "USAGETWIN_OPERATION",
    "ca_dir": "USAGETWIN_CA_DIR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A twin's settings: a plain value that can be sent to a worker process.

    `world` is a name or a file; `now` is an instant to freeze the clock at, in Unix seconds or ISO
    8601, or None for the machine's clock; `profile` is the name of one, or its file; `policies` change the
    profile's, by name; `deviation` is the name of a fault or variation to show; `operations` are those
    that are served.
    """

    world: str = DEFAULT_WORLD
    now: str | None = None
    profile: str = DEFAULT_PROFILE
    policies: "Mapping[str, str]" = field(default_factory=dict)
    deviation: str | None = None
    store: str = MEMORY
    reply_cache: bool = True
    access_log: bool = False
    operations: tuple[Operation, ...] = ONLY_SESSIONS

    @property
    def clock(self) -> "Callable[[], int]":
        """Give the clock. Raises SettingError for an instant that can't be read."""
        return real_clock if self.now is None else frozen_clock(parse_instant(self.now))

    def at(self, now_s: int | None) -> "Settings":
        """Give the same, frozen at an instant in Unix seconds where it is not frozen at another one."""
        return self if now_s is None or self.now is not None else replace(self, now=iso(now_s))

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

        And the operations of `USAGETWIN_DOCUMENT`, or of them those of `_OPERATION` (spaces between). Raises
        SettingError, and ContractError.
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
            operations=operations_of(
                os.environ.get(VARIABLES["document"]) or None,
                os.environ.get(VARIABLES["operations"], "").split(),
            ),
        )


def operations_of(document: str | None, named: "Sequence[str]") -> tuple[Operation, ...]:
    """Give what `--document` and `--operation` choose. Raises SettingError and ContractError."""
    if document is None and not named:
        return ONLY_SESSIONS
    from usagetwin.contract.siblings import chosen  # which reads the contract, as few starts have to

    return chosen(document, named)


def named(error: "SettingError | FileError | ContractError") -> "SettingError | FileError | ContractError":
    """Give an error about a setting that came from the environment, with the variable that it came from."""
    if isinstance(error, ContractError):
        return replace(error, where=f"{VARIABLES['document']}: {error.where}")
    if isinstance(error, FileError):
        return replace(error, file=f"{VARIABLES['world']}: {error.file}")
    return replace(error, where=VARIABLES.get(error.setting, ""))
