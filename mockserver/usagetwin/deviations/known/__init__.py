"""All known faults, class by class: those that a checker may be developed against."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known import (
    access,
    buckets,
    defaults,
    errors,
    filters,
    keys,
    labels,
    parameters,
    refusals,
    rolling,
    schema,
    state,
    sums,
    windows,
)

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Deviation

FAULTS: "Final[tuple[Deviation, ...]]" = tuple(
    chain(
        schema.FAULTS,
        labels.FAULTS,
        errors.FAULTS,
        access.FAULTS,
        parameters.FAULTS,
        refusals.FAULTS,
        defaults.FAULTS,
        windows.FAULTS,
        buckets.FAULTS,
        sums.FAULTS,
        rolling.FAULTS,
        filters.FAULTS,
        keys.FAULTS,
        state.FAULTS,
    )
)
