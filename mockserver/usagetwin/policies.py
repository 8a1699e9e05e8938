"""The named choices that the contract leaves open, and the profiles, which are sets of them.

Source: `SEMANTICS` 3 and 4. Rule: a policy is read here and nowhere given a default elsewhere.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError, nearest
from usagetwin.rates import Rate, rates_of

if TYPE_CHECKING:
    from collections.abc import Mapping

OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class Policy:
    """A named choice: its valid values, the default first, and what it decides.

    `counted` policies also take rates.
    """

    values: tuple[str, ...]
    about: str
    counted: bool = False

    def accepts(self, value: str) -> bool:
        """Tell whether a value is valid for this policy."""
        return value in self.values or (self.counted and rates_of(value) is not None)

    def __str__(self) -> str:
        """List the valid values."""
        return " | ".join((*self.values, "a number, or 100/60s") if self.counted else self.values)


POLICIES: Final[dict[str, Policy]] = {
    "unknown_project": Policy(("not-found", "empty"), "an unknown project key is 404, or counts nothing"),
    "projects": Policy(("total", "separate"), "several project keys give one total, or a key field each"),
    "open_day": Policy(
        ("so-far", "whole"), "the current day counts what has happened so far, or its whole count at once"
    ),
    "error_id": Policy((OFF, "on"), "error bodies also have an `id`"),
    "unknown_tokens": Policy(
        ("accept", "reject"), "a token that the world does not list is accepted, or 401"
    ),
    "beta": Policy(("ignored", "required"), "without `LD-API-Version: beta` the answer is 403"),
    "cors": Policy((OFF, "on"), "answers carry CORS headers, and a preflight request is answered"),
    "quota": Policy(
        (OFF,),
        "requests allowed to one token in 10 seconds, or to all (`route:9`); answers carry their headers",
        counted=True,
    ),
}

PROFILES: Final[dict[str, dict[str, str]]] = {
    "documented": {},
    "observed": {"beta": "required", "cors": "on", "quota": "1000"},
}


@dataclass(frozen=True, slots=True)
class Policies:
    """One value for every policy, checked."""

    unknown_project: str = "not-found"
    projects: str = "total"
    open_day: str = "so-far"
    error_id: str = OFF
    unknown_tokens: str = "accept"
    beta: str = "ignored"
    cors: str = OFF
    quota: str = OFF

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Give how much one token may ask, and all together; nothing without a quota."""
        return () if self.quota == OFF else rates_of(self.quota) or ()


def make_policies(profile: str = "documented", *overrides: "Mapping[str, str]") -> Policies:
    """Give a profile's policies, changed by each mapping in turn.

    Raises SettingError for a profile, policy or value that does not exist, and lists the valid ones.
    """
    if profile not in PROFILES:
        problem = f"there is no profile {profile!r}"
        raise SettingError(problem, nearest(profile, PROFILES), "profile")
    chosen = dict(PROFILES[profile])
    for mapping in overrides:
        for name, value in mapping.items():
            _check(name, value)
            chosen[name] = value
    return Policies(**chosen)


def parse_policy(text: str) -> tuple[str, str]:
    """Split `NAME=VALUE` and check both. Raises SettingError."""
    name, equals, value = text.partition("=")
    if not equals:
        problem = f"the policy {text!r} has no value"
        raise SettingError(problem, f"NAME=VALUE, where NAME is {nearest(name, POLICIES)}", "policies")
    _check(name, value)
    return name, value


def _check(name: str, value: str) -> None:
    if name not in POLICIES:
        problem = f"there is no policy {name!r}"
        raise SettingError(problem, nearest(name, POLICIES), "policies")
    if not POLICIES[name].accepts(value):
        problem = f"the policy {name} can't be {value!r}"
        raise SettingError(problem, f"{name}=VALUE, where VALUE is one of {POLICIES[name]}", "policies")
