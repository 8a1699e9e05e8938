"""The held-out faults, which measure the checker and must not tune it.

Rule: written from the semantics alone, by someone who has not read the checker.
"""

from typing import Final

from usagetwin.deviations.held_out import access, filters, queries, shapes, states, sums, windows

FAULTS: Final = (
    *sums.FAULTS,
    *windows.FAULTS,
    *filters.FAULTS,
    *queries.FAULTS,
    *access.FAULTS,
    *shapes.FAULTS,
    *states.FAULTS,
)
