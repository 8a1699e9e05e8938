"""What `make check` tries of a long table; `make proof` tries all of it."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def sampled(rows: "Iterable[Any]", sample: "Collection[Any]") -> list[Any]:
    """Mark the rows that are not of the sample as proof; those of several values are tuples.

    Each row of the sample must be one of the table's, so that a name that changes is noticed.
    """
    rows = list(rows)
    assert [row for row in sample if row not in rows] == []
    return [
        row
        if row in sample
        else pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=pytest.mark.proof)
        for row in rows
    ]
