"""Tests of the requests that cover every pair of parameter classes."""

from datetime import date
from itertools import combinations
from typing import Final

import pytest

from usagetwin.days import from_date
from usagetwin_checker.asking.pairs import Step, pairs
from usagetwin_checker.judging.expectation import broken_rules

TODAY: Final = from_date(date(2026, 3, 17))
KEYS: Final = ("app", "shop", "web")


def _classes(step: Step) -> tuple[str, ...]:
    """Tell the class of each parameter from a request of the pairwise part, by what it sends."""
    ask = step.ask
    names = [name for name, _ in ask.parameters]
    reversed_ = names.index("to") < names.index("from")
    keys = ask.values("projectKey")[:: -1 if reversed_ else 1]
    return (
        " ".join(ask.values("from") + ask.values("to")),
        " ".join(keys),
        " ".join(ask.values("granularity") + ask.values("aggregationType")),
        "reversed" if reversed_ else "as documented",
    )


def test_the_pairwise_part_covers_every_pair() -> None:
    """Every two classes of two parameters meet in some request; the view has every way to ask for it."""
    rows = [_classes(step) for step in pairs(TODAY, KEYS)]
    classes = [sorted({row[index] for row in rows}) for index in range(4)]

    assert [len(each) for each in classes[:2] + classes[3:]] == [13, 5, 2]
    assert set(classes[2]) == {
        *("", "daily", "monthly", "month_to_date", "incremental", "rolling_30d"),
        *("daily month_to_date", "daily incremental", "daily rolling_30d", "monthly month_to_date"),
    }
    for one, other in combinations(range(4), 2):
        met = {(row[one], row[other]) for row in rows}
        assert len(met) == len(classes[one]) * len(classes[other]), (one, other)


@pytest.mark.parametrize("keys", [(), ("web",), KEYS])
def test_the_pairwise_part_is_valid(keys: tuple[str, ...]) -> None:
    """No request of it breaks a rule about parameters, however many projects are known."""
    steps = list(pairs(TODAY, keys))

    assert steps
    assert not [step for step in steps if broken_rules(step.ask)]
