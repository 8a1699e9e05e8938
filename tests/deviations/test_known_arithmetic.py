"""The known faults that add up wrongly: what they make of an account that can be added up by hand."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FEB_27, MAR_1, MAR_2, MONTH_TO_DATE, NOW_S
from tests.deviations.probes import DAY_S, INCREMENTAL, ROLLING, window
from tests.inprocess import ask

if TYPE_CHECKING:
    from tests.conftest import MakeApp

MONTHLY: Final = "granularity=monthly"
ALL_OF_ACME: Final = window(FEB_27, NOW_S)
BOTH: Final = "projectKey=web&projectKey=app"


@pytest.mark.parametrize(
    ("name", "query", "values"),
    [
        ("month-to-date-restarts-at-from", window(MAR_2, NOW_S), [42, 69]),
        ("month-to-date-never-resets", ALL_OF_ACME, [10, 30, 61, 103, 130]),
        ("month-to-date-resets-a-day-late", "", [61, 73, 100]),
        ("month-to-date-lags-a-day", "", [0, 31, 73]),
        ("incremental-is-cumulative", INCREMENTAL, [31, 73, 100]),
        ("today-is-missing-in-incremental", INCREMENTAL, [31, 42, 0]),
        ("rolling-starts-at-from", window(MAR_2, NOW_S, ROLLING), [42, 69]),
        ("rolling-is-an-average", ROLLING, [2, 3, 4]),
        ("aggregation-type-ignored", ROLLING, [31, 73, 100]),
        ("aggregation-type-defaults-to-incremental", "", [31, 42, 27]),
        ("monthly-has-its-last-day-alone", f"{ALL_OF_ACME}&{MONTHLY}", [20, 27]),
        ("monthly-misses-the-last-day", f"{ALL_OF_ACME}&{MONTHLY}", [10, 100]),
        ("monthly-runs-from-the-second", f"{ALL_OF_ACME}&{MONTHLY}", [61, 100]),
        ("monthly-is-cut-by-the-window", window(MAR_1 - DAY_S, MAR_2, MONTHLY), [20, 31]),
        ("two-projects-count-as-the-larger", BOTH, [30, 70, 95]),
        ("several-projects-are-averaged", BOTH, [15, 36, 50]),
        ("several-projects-intersect", BOTH, [1, 3, 5]),
        ("repeated-project-key-counts-twice", "projectKey=web&projectKey=web", [60, 140, 190]),
        ("first-project-key-alone", BOTH, [30, 70, 95]),
        ("last-project-key-alone", BOTH, [1, 3, 5]),
        ("project-keys-joined-by-commas", "projectKey=web,app", [31, 73, 100]),
        ("longer-key-finds-shorter-project", "projectKey=application", [1, 3, 5]),
        ("all-projects-misses-default", "", MONTH_TO_DATE),  # the account has no project of that name
    ],
)
def test_a_fault_adds_up_as_it_says(make_app: "MakeApp", name: str, query: str, values: list[int]) -> None:
    """Worked out by hand from the small account's table."""
    assert ask(make_app(deviation=name), query).values == values
