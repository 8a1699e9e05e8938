"""Tests of how often each rule was put to the test."""

from tests.checker.scripted import exchange
from usagetwin_checker.judging.tally import Tally


def test_an_exchange_counts_once_for_a_rule() -> None:
    """However often it is noted, one by one or together."""
    tally = Tally()

    tally.add("filter-additive", exchange(number=1))
    tally.add_all("filter-additive", [1, 2, 2])
    tally.add("filter-monotone", exchange(number=1))
    tally.add_all("answers-repeat", [])

    assert tally.counts() == {"filter-additive": 2, "filter-monotone": 1}
