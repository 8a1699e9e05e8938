"""Which value of a setting counts when several places give one: the sources, strongest first, decide.

The marker comes before the seam fixtures, these before the command line, it before the ini file, and that
before the default. Policies are one setting each: those of a weaker source stay, unless a stronger one
names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError
from usagetwin_checker.plugin.values import READERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin.account.world import World
    from usagetwin.stage.faults import Fault

DEFAULTS: Final[Mapping[str, object]] = {
    "world": "business-week",
    "profile": "documented",
    "requests": "strict",
    "unused": "strict",
    "block_other_hosts": False,
    "longest_wait": 60,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What one test's twin is, every value read and checked. Without `now` the clock is the machine's."""

    world: "World"
    profile: str
    requests: str
    unused: str
    block_other_hosts: bool
    longest_wait: float
    guard: bool = False
    now: int | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    faults: "tuple[Fault, ...]" = ()
    allow: frozenset[str] = frozenset()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One place where settings are given: what messages call it, and its values; None is none at all.

    `place` may hold `{name}`, which stands for the setting's name. Files are looked up from `folder`.
    """

    place: str
    values: Mapping[str, object]
    folder: Path = Path()


def choose(sources: "Iterable[Source]") -> Chosen:
    """Read each setting from the strongest source that gives it. Raises SettingError and FileError."""
    chosen: dict[str, Any] = {}
    for source in (*sources, Source("the default of {name}", DEFAULTS)):
        for name, value in source.values.items():
            if name == "policies" and value is not None:
                chosen[name] = {**read(source, name, value), **chosen.get(name, {})}
            elif name not in chosen and value is not None:
                chosen[name] = read(source, name, value)
    return Chosen(**chosen)


def read(source: Source, name: str, value: object) -> Any:  # noqa: ANN401 -- each setting has a type of its own
    """Read one value. Raises SettingError, which says where it was given, and FileError."""
    try:
        return READERS[name](value, source.folder)
    except SettingError as error:
        problem = f"{source.place.format(name=name)}: {error.problem}"
        raise SettingError(problem, error.remedy) from None
