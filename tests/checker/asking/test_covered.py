"""Tests of `usagetwin_checker.asking.covered`: how often each class was asked for, and what met."""

from datetime import date
from typing import Final

from usagetwin.days import from_date
from usagetwin_checker.asking.covered import covered
from usagetwin_checker.asking.covering import UNUSUAL
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
PLAN: Final = Plan(Now.within(TODAY, TODAY), ("app", "web"))
YEAR: Final = {"window": "a year", "projectKey": "two projects"}
DAYS: Final = {"granularity": "daily", "aggregationType": "incremental", "order": "reversed"}
ORDINARY: Final = next(step for step in PLAN.made() if step.row == {**YEAR, **DAYS})


def counts(*asks: Ask) -> dict[tuple[str, str], int]:
    """Give the classes that requests had, and how many had each."""
    return {(each.factor, each.level): each.requests for each in covered(PLAN, asks).classes if each.requests}


def test_a_request_has_a_class_of_each_factor() -> None:
    """A year of two projects in single days: five classes, every two of which meet."""
    found = covered(PLAN, [ORDINARY.ask])

    assert counts(ORDINARY.ask) == dict.fromkeys(ORDINARY.row.items(), 1)
    assert len(ORDINARY.row) == 5
    assert [met for _, met, _ in found.pairs] == [10, 0]


def test_a_request_counts_as_often_as_it_was_sent() -> None:
    """Two of the same are two of each class, and no more pairs than one."""
    assert set(counts(ORDINARY.ask, ORDINARY.ask).values()) == {2}
    assert covered(PLAN, [ORDINARY.ask] * 2).pairs == covered(PLAN, [ORDINARY.ask]).pairs


def test_beside_something_unusual_only_that_is_counted() -> None:
    """The other factors of such a request have a kind, which stands for several classes."""
    step = next(step for step in PLAN.made() if UNUSUAL in step.row)

    (found,) = counts(step.ask)
    assert ": ".join(found) == step.row[UNUSUAL]


def test_what_is_no_request_of_the_plan_covers_nothing() -> None:
    """Conversations that are drawn, and the narrow windows of confirming, are no rows of the table."""
    assert counts(Ask((("projectKey", "nobody"), ("from", "17")))) == {}


def test_the_whole_plan_leaves_no_class_out() -> None:
    """All that may meet does, and each class of the table is among it."""
    whole = covered(PLAN, [step.ask for step in PLAN.steps()])

    assert all(met == allowed for _, met, allowed in whole.pairs)
    assert all(each.requests for each in whole.classes)
    assert whole.pairs == PLAN.coverage
