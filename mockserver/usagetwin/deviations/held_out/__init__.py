"""The held-out half of the faults, which measures the checker and must not tune it.

Rule: written from the semantics alone, by someone who has not read the checker.
"""

from typing import Final

from usagetwin.deviations.held_out import access, days, filters, queries, shapes, states, sums, windows

FAULTS: Final = (
    *sums.FAULTS,
    *days.FAULTS,
    *windows.FAULTS,
    *filters.FAULTS,
    *queries.FAULTS,
    *shapes.FAULTS,
    *access.FAULTS,
    *states.FAULTS,
)
