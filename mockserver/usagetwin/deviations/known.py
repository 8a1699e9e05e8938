"""All known faults, class by class: those that a checker may be developed against."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.deviations import (
    known_access,
    known_buckets,
    known_defaults,
    known_errors,
    known_filters,
    known_keys,
    known_labels,
    known_parameters,
    known_refusals,
    known_rolling,
    known_schema,
    known_state,
    known_sums,
    known_windows,
)

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Deviation

FAULTS: "Final[tuple[Deviation, ...]]" = tuple(
    chain(
        known_schema.FAULTS,
        known_labels.FAULTS,
        known_errors.FAULTS,
        known_access.FAULTS,
        known_parameters.FAULTS,
        known_refusals.FAULTS,
        known_defaults.FAULTS,
        known_windows.FAULTS,
        known_buckets.FAULTS,
        known_sums.FAULTS,
        known_rolling.FAULTS,
        known_filters.FAULTS,
        known_keys.FAULTS,
        known_state.FAULTS,
    )
)
