"""Deliberate deviations of the twin: faults, which break a rule, and variations, which break none.

Each is one function from a request to a reply, written against the answers of the honest twin.
"""

from functools import cache
from typing import TYPE_CHECKING

from usagetwin.errors import SettingError, nearby

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.deviations.shape import Deviation

__all__ = ["deviation", "faults", "variations"]


@cache
def faults() -> "Mapping[str, Deviation]":
    """Give every fault by name, the held-out ones last."""
    from usagetwin.deviations.held_out import FAULTS as HELD_OUT
    from usagetwin.deviations.known import FAULTS as KNOWN

    return _by_name((*KNOWN, *HELD_OUT))


@cache
def variations() -> "Mapping[str, Deviation]":
    """Give every legal variation by name."""
    from usagetwin.deviations.legal import VARIATIONS

    return _by_name(VARIATIONS)


def deviation(name: str) -> "Deviation":
    """Give one fault or variation. Raises SettingError with the nearby name when there is none."""
    known = {**faults(), **variations()}
    if name not in known:
        problem = f"there is no fault or variation {name!r}"
        raise SettingError(problem, nearby(name, known))
    return known[name]


def _by_name(listed: "tuple[Deviation, ...]") -> "Mapping[str, Deviation]":
    found = {item.name: item for item in listed}
    if len(found) < len(listed):
        message = "two deviations have one name"
        raise AssertionError(message)
    return found
