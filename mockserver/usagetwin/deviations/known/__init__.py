"""All known faults, class by class: those that a checker may be developed against."""

from itertools import chain
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known import (
    access,
    adding,
    answers,
    buckets,
    caches,
    defaults,
    edges,
    errors,
    fields,
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
        months.FAULTS,
        incremental.FAULTS,
        edges.FAULTS,
        adding.FAULTS,
        timestamps.FAULTS,
        fields.FAULTS,
        answers.FAULTS,
        caches.FAULTS,
    )
)
