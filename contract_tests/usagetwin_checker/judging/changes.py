"""What makes another request of a request: parameters left out, given, or read in another way.

Rule: from an `Ask` to an `Ask`; what a change leaves alone stays in its place.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import REPEATABLE
from usagetwin.days import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from usagetwin_checker.exchanges import Ask

    Change = Callable[[Ask], Ask]
    Concerns = Callable[[Ask], bool]

WIDTHS: Final = (31, 90, 92, 180, 365)  # days that a limit on windows may have


def where(concerns: "Concerns", change: "Change") -> "Change":
    """Make a change of those requests alone that it concerns."""
    return lambda ask: change(ask) if concerns(ask) else ask


def given(name: str) -> "Concerns":
    """Concern the requests that have a parameter."""
    return lambda ask: bool(ask.values(name))


def stands_before(name: str, other: str) -> "Concerns":
    """Concern the requests in which a parameter stands before another one."""

    def concerns(ask: "Ask") -> bool:
        names = [each for each, _ in ask.parameters]
        return name in names and other in names and names.index(name) < names.index(other)

    return concerns


def width_days(ask: "Ask") -> int | None:
    """Give the days of a window, where both its ends are given in digits."""
    from_s, to_s = ask.instant("from"), ask.instant("to")
    return None if from_s is None or to_s is None else (to_s - from_s) // SECONDS_PER_DAY


def having(ask: "Ask", name: str, values: "Iterable[str]") -> "Ask":
    """Give a request with other values of a parameter, in the place of the first one."""
    pairs = []
    place = next((at for at, pair in enumerate(ask.parameters) if pair[0] == name), len(ask.parameters))
    for at, pair in enumerate((*ask.parameters, (name, ""))):
        if at == place:
            pairs += [(name, value) for value in values]
        if pair[0] != name:
            pairs.append(pair)
    return replace(ask, parameters=tuple(pairs))


def without(*names: str) -> "Change":
    """Leave parameters out."""
    return lambda ask: replace(ask, parameters=tuple(pair for pair in ask.parameters if pair[0] not in names))


def with_default(name: str, value: str, ask: "Ask") -> "Ask":
    """Give a parameter a value where it has none."""
    return ask if ask.values(name) else having(ask, name, [value])


def with_value(name: str, value: str, ask: "Ask") -> "Ask":
    """Give a parameter a value, whatever it has."""
    return having(ask, name, [value])


def with_keys(change: "Callable[[list[str]], Iterable[str]]", ask: "Ask") -> "Ask":
    """Change the project keys of a request that has some."""
    keys = ask.values(REPEATABLE)
    return having(ask, REPEATABLE, change(list(keys))) if keys else ask


def by_case(known: "Sequence[str]", keys: "Sequence[str]") -> list[str]:
    """Take a key for the known one that differs in case alone."""
    folded = {key.casefold(): key for key in known}
    return [key if key in known else folded.get(key.casefold(), key) for key in keys]


def by_part(known: "Sequence[str]", keys: "Sequence[str]") -> list[str]:
    """Take a key for the known one that it contains."""
    return [key if key in known else next((part for part in known if part in key), key) for key in keys]


def split(keys: "Sequence[str]") -> list[str]:
    """Take a key with commas for several."""
    return [part for key in keys for part in key.split(",") if part]


def trimmed(keys: "Sequence[str]") -> list[str]:
    """Take the white space around a key for nothing."""
    return [key.strip() for key in keys]
