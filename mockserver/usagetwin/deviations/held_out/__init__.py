"""The held-out faults, which measure the checker and must not tune it: none of them is here at present.

Rule: written from the semantics alone, by someone who has not read the checker.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Deviation

FAULTS: "Final[tuple[Deviation, ...]]" = ()
