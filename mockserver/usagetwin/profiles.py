"""What a profile is: a named set of policies, or a file of policies and legal variations.

Rule: a file says what differs from the profile `documented`, and nothing else.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.policies import PROFILES, make_policies

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Profile:
    """Policies by name, those at their default left out, and the names of legal variations."""

    name: str
    policies: "Mapping[str, str]" = field(default_factory=dict)
    variations: tuple[str, ...] = ()


def is_file(name: str) -> bool:
    """Tell whether a profile's name is that of a file."""
    return Path(name).suffix.lower() in SUFFIXES


@cache
def profile_of(name: str) -> Profile:
    """Give a profile by its name, or read the file that it names, once.

    Raises SettingError for a name that none has, and for a file that is no profile.
    """
    if not is_file(name):
        make_policies(name)
        return Profile(name, PROFILES[name])
    from usagetwin.profile_reader import read  # YAML is slow to import, and few need it

    policies, variations = read(name)
    return Profile(name, policies, variations)


def written(profile: Profile, notes: "tuple[str, ...]" = ()) -> str:
    """Write a profile as the file that `profile_of` reads; `notes` are lines of comment above it."""
    lines = [f"# {note}".rstrip() for note in notes]
    lines += ["policies:" if profile.policies else "policies: {}"]
    lines += [f'  {name}: "{value}"' for name, value in profile.policies.items()]
    lines += ["variations:" if profile.variations else "variations: []"]
    lines += [f"  - {name}" for name in profile.variations]
    return "\n".join(lines) + "\n"
