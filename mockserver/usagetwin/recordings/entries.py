"""One exchange as some tool wrote it down, whatever its format: the one form that every reader gives.

Rule: nothing is judged or guessed here. What a tool left out is None.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSED_ON: Final = "passed_on"  # in what a run knew: others asked, and it passed their requests on


@dataclass(frozen=True, slots=True)
class Entry:
    """What was asked, what was answered, and when; header names are in lower case.

    `body` is decoded, and None where the tool did not keep it. `at_s` is None where it did not say when.
    `noted` is what a recording of ours says beside.
    """

    method: str
    url: str
    request_headers: "Mapping[str, str]"
    status: int
    headers: "Mapping[str, str]"
    body: bytes | None
    request_body: str = ""
    at_s: float | None = None
    seconds: float = 0.0
    noted: "Mapping[str, Any]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry that shows nothing, and why, in words that follow a number: "without a response"."""

    why: str


@dataclass(slots=True)
class Head:
    """What a file says of itself: who wrote it, what a run of ours knew, and whether it is cut off.

    `known` is empty where no run of ours wrote the file; `found` says that it has a place for entries.
    A run asks by itself, but for one that only passed on what others asked.
    """

    writer: str = ""
    known: "Mapping[str, Any]" = field(default_factory=dict)
    cut: bool = False
    found: bool = False

    @property
    def of_a_check(self) -> bool:
        """Tell whether a check of ours asked what is in it."""
        return is_of_a_check(self.known)


def is_of_a_check(known: "Mapping[str, Any]") -> bool:
    """Tell whether what a run knew is that of a check, which chose what it asked."""
    return bool(known) and known.get(PASSED_ON) is not True
