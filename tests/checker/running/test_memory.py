"""The memory of a check is bounded by what it judges, whatever its target sends."""

import pytest

from benchmarks.answer_sizes import SENT, rows

MOST_MIB = 500


@pytest.mark.parametrize("name", ["10 MB", "500 000 points"])
def test_large_answers_cost_a_bounded_memory(name: str) -> None:
    """Measured as the largest share of the machine's memory that the process ever had."""
    (row,) = rows((name,), (40,))

    assert row.peak_mib < MOST_MIB
    assert row.status in (1, 3)


@pytest.mark.proof
@pytest.mark.parametrize("name", SENT)
def test_the_largest_budget_costs_no_more(name: str) -> None:
    """A thousand requests of any of the sizes."""
    (row,) = rows((name,), (1000,))

    assert row.peak_mib < MOST_MIB
