"""What the value of each setting may be: one reader each, which gives the form that `Chosen` holds.

Rule: a reader raises SettingError, and says nothing of where the value was given. What it needs loads with
its first use, as a run that sets a mode alone needs little of it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from usagetwin.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.account.world import World
    from usagetwin.stage.faults import Fault

MODES: Final = ("strict", "warn", "off")
LONGEST_S: Final = 86_400
FAULTS: Final = "a name, several, or a mapping of names to what `fault` takes: {'reset': {'times': 2}}"


def located(world: object, folder: Path) -> object:
    """Give a world as it was given; a file's path from `folder`, so that it is right in every folder."""
    if isinstance(world, str | PurePath) and Path(world).suffix:
        return str(folder / world)
    return world


def read_world(value: object, folder: Path) -> "World":
    """Give the account that a name, a file (looked up from `folder`), counts or a World stand for."""
    from usagetwin.stage.accounts import world_of

    meant = located(value, folder)
    if not isinstance(meant, str | PurePath):
        return world_of(meant)  # type: ignore[arg-type]  # -- which refuses what it does not know
    file = Path(meant)
    state = file.stat() if file.suffix and file.is_file() else None
    return _loaded(str(meant), state and (state.st_mtime_ns, state.st_size))


def read_now(value: object, _folder: Path) -> int:
    """Give an instant in Unix seconds."""
    from usagetwin.stage.instants import instant_s

    return instant_s(value)  # type: ignore[arg-type]  # -- which refuses what it does not know


def read_profile(value: object, _folder: Path) -> str:
    """Give the name of a profile."""
    from usagetwin.policies import PROFILES

    return _one_of(value, PROFILES, "profile")


def read_policies(value: object, _folder: Path) -> dict[str, str]:
    """Give policies by name, of a mapping or of texts NAME=VALUE."""
    from usagetwin.policies import parse_policy

    if isinstance(value, Mapping):
        return dict(parse_policy(f"{name}={choice}") for name, choice in value.items())
    return dict(map(parse_policy, _texts(value, "policies", "a mapping such as {'projects': 'separate'}")))


def read_faults(value: object, _folder: Path) -> "tuple[Fault, ...]":
    """Make the faults to show."""
    from usagetwin.stage.faults import make_fault

    if not isinstance(value, Mapping):
        return tuple(map(make_fault, _texts(value, "faults", FAULTS)))
    for name, details in value.items():
        if not isinstance(details, Mapping):
            problem = f"the fault {name!r} can't have {details!r}"
            raise SettingError(problem, f"{{{name!r}: {{'times': 2}}}}, or {{{name!r}: {{}}}}")
    return tuple(make_fault(name, **details) for name, details in value.items())


def read_requests(value: object, _folder: Path) -> str:
    """Give what becomes of a request that breaks a rule, and of what is not used."""
    return _one_of(value, MODES, "mode")


def read_allow(value: object, _folder: Path) -> frozenset[str]:
    """Give the ids of rules that requests are held to."""
    from usagetwin.stage.mistakes import checked

    return frozenset(map(checked, _texts(value, "rules", "an id of `usagetwin explain`, or several")))


def read_flag(value: object, _folder: Path) -> bool:
    """Give a choice of two."""
    if not isinstance(value, bool):
        problem = f"{value!r} is neither True nor False"
        raise SettingError(problem, "True or False")
    return value


def read_wait(value: object, _folder: Path) -> float:
    """Give a number of seconds, of a number or of the text of one."""
    try:
        seconds = (
            float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
        )
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_S:
        problem = f"{value!r} is no time that a client may wait"
        raise SettingError(problem, f"a number of seconds above 0, and at most {LONGEST_S}")
    return seconds


def read_url(value: object, _folder: Path) -> str:
    """Give the base URL of a running twin, without a slash at its end."""
    from usagetwin_checker.testing.running_twin import RunningTwin

    return RunningTwin(str(value)).url


READERS: "Final[Mapping[str, Callable[[object, Path], object]]]" = {
    "world": read_world,
    "now": read_now,
    "profile": read_profile,
    "policies": read_policies,
    "faults": read_faults,
    "requests": read_requests,
    "allow": read_allow,
    "unused": read_requests,
    "block_other_hosts": read_flag,
    "longest_wait": read_wait,
    "guard": read_flag,
    "url": read_url,
}


@lru_cache(maxsize=16)
def _loaded(world: str, _state: tuple[int, int] | None = None) -> "World":
    """Load a world; a file once for each state that it is in, as many tests have the same."""
    from usagetwin.stage.accounts import world_of

    return world_of(world)


def _texts(value: object, what: str, remedy: str) -> list[str]:
    """Give one text or several as a list."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, Iterable):
        texts = list(value)
        if all(isinstance(text, str) for text in texts):
            return texts
    problem = f"{what} can't be {value!r}"
    raise SettingError(problem, remedy)


def _one_of(value: object, names: Iterable[str], kind: str) -> str:
    if not isinstance(value, str) or value not in names:
        problem = f"there is no {kind} {value!r}"
        raise SettingError(problem, nearest(str(value), names))
    return value
