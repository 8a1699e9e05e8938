"""Tests of what the sums of one project leave possible, against all counts that there are."""

from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usagetwin_checker.judging.oracle.graph import Potentials
from usagetwin_checker.recovering.known import Span
from usagetwin_checker.recovering.sums import ImpossibleError, Sums

DAYS: Final = 4
MOST: Final = 4
SPANS: Final = st.builds(
    lambda start, length, value: Span(start, start + length, value),
    st.integers(0, DAYS - 1),
    st.integers(1, DAYS),
    st.integers(0, MOST),
).filter(lambda span: span.end <= DAYS)


def possible(known: list[Span], most: list[Span]) -> list[tuple[int, ...]]:
    """Give all counts of four days, of at most so many each, that have these sums."""
    return [
        counts
        for counts in product(range(MOST + 1), repeat=DAYS)
        if all(sum(counts[span.start : span.end]) == span.value for span in known)
        and all(sum(counts[span.start : span.end]) <= span.value for span in most)
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(SPANS, max_size=4), st.lists(SPANS, max_size=3), st.integers(0, 9))
def test_bounds_are_those_of_all_possible_counts(known: list[Span], most: list[Span], at: int) -> None:
    """And where there are no counts, that is said. Each day has at most four, so that there is an end."""
    most = [*most, *(Span(day, day + 1, MOST) for day in range(DAYS))]
    start, end = [(one, other) for one in range(DAYS) for other in range(one + 1, DAYS + 1)][at]
    all_counts = possible(known, most)
    potentials = Potentials()
    if not all(potentials.add(span) for span in known):
        assert not all_counts
        return
    if not all_counts:
        with pytest.raises(ImpossibleError):
            Sums(range(DAYS + 1), potentials, most)
        return

    least, highest = Sums(range(DAYS + 1), potentials, most).bounds(start, end)

    totals = {sum(counts[start:end]) for counts in all_counts}
    assert (least, highest) == (min(totals), max(totals))


def test_what_is_fixed_is_known() -> None:
    """Of two days that have 5 together, one gets 2."""
    potentials = Potentials()
    potentials.add(Span(0, 2, 5))
    sums = Sums(range(3), potentials)

    sums.fix(Span(0, 1, 2))

    assert sums.bounds(1, 2) == (3, 3)
    assert sums.covering(1) == Span(1, 2, 3)
