"""The checker's speed, worked out from its reports."""

from typing import Any

from benchmarks.checking import lines


def report(cases: int, seconds: float) -> dict[str, Any]:
    """Make what the lines read of a report."""
    return {"cases": cases, "seconds": seconds, "requests": 1000}


def test_the_rate_and_the_time_are_medians_of_the_runs() -> None:
    """8 000 cases in 10, 5 and 4 s are 800, 1 600 and 2 000 a second."""
    within = [(report(8000, 10), 16.0), (report(8000, 5), 10.0), (report(8000, 4), 8.0)]
    served = [(report(1900, 9), 5.0), (report(1900, 16), 6.0), (report(1900, 12), 7.0)]

    rate, whole = lines(within, served)

    assert (rate.value, rate.kept) == (1600, True)
    assert "800 to 2,000 in 3 runs of 8,000 cases; 800 for each second of processor time" in rate.note
    assert (whole.value, whole.kept) == (12, True)
    assert "9.0 to 16.0 s in 3 runs of 1,000 requests, 1,900 cases; 6.0 s of its own" in whole.note


def test_a_slow_checker_misses_both_bars() -> None:
    """999 cases a second are too few, and 16 seconds too many."""
    rate, whole = lines([(report(999, 1), 1.0)], [(report(10, 16), 1.0)])

    assert (rate.kept, whole.kept) == (False, False)
