"""All known faults, subject by subject: those that a checker may be developed against."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known import (
    access,
    adding,
    beside,
    buckets,
    caches,
    crashes,
    defaults,
    errors,
    filters,
    incremental,
    keys,
    labels,
    months,
    parameters,
    refusals,
    rolling,
    schema,
    state,
    sums,
    timestamps,
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
        timestamps.FAULTS,
        parameters.FAULTS,
        refusals.FAULTS,
        crashes.FAULTS,
        defaults.FAULTS,
        beside.FAULTS,
        windows.FAULTS,
        buckets.FAULTS,
        sums.FAULTS,
        incremental.FAULTS,
        rolling.FAULTS,
        months.FAULTS,
        filters.FAULTS,
        adding.FAULTS,
        keys.FAULTS,
        caches.FAULTS,
        state.FAULTS,
    )
)
