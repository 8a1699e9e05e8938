"""The held-out half of the faults, which measures the checker and must not tune it.

Rule: written from the semantics alone, by someone who has not read the checker.
"""

from typing import Final

from usagetwin.deviations import (
    held_out_access,
    held_out_days,
    held_out_filters,
    held_out_queries,
    held_out_shapes,
    held_out_states,
    held_out_sums,
    held_out_windows,
)

FAULTS: Final = (
    *held_out_sums.FAULTS,
    *held_out_days.FAULTS,
    *held_out_windows.FAULTS,
    *held_out_filters.FAULTS,
    *held_out_queries.FAULTS,
    *held_out_shapes.FAULTS,
    *held_out_access.FAULTS,
    *held_out_states.FAULTS,
)
