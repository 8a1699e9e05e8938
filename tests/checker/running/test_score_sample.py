"""A sample of the score: known faults of several kinds are killed with a small budget."""

from typing import TYPE_CHECKING, Final

import pytest

from usagetwin.contract import rules
from usagetwin.deviations.known import FAULTS
from usagetwin_checker.findings import BINDING, Verdict
from usagetwin_checker.running.campaign import BUDGET
from usagetwin_checker.running.score import run

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Deviation

pytestmark = pytest.mark.no_cover  # whole checks: traced, they take twice as long
EVERY: Final = 67  # one fault in so many; `usagetwin score` runs all of them
BINDING_FAULTS: Final = [
    fault for fault in FAULTS if any(rules()[rule].tier in BINDING for rule in fault.rules)
]
SAMPLE: Final = BINDING_FAULTS[::EVERY]


def test_the_sample_is_spread_over_the_catalogue() -> None:
    """Its faults break different rules."""
    assert len(SAMPLE) >= 3
    assert len({fault.rules[0] for fault in SAMPLE}) == len(SAMPLE)


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_a_fault_is_killed(fault: "Deviation") -> None:
    """The verdict is fail; by which rule, `usagetwin score` says."""
    report = run(fault.name, strict=True, budget=2 * BUDGET)

    assert report.verdict is Verdict.FAIL


def test_the_honest_twin_is_no_fault() -> None:
    """The same run without a deviation passes, in strict mode too."""
    report = run(None, strict=True, budget=BUDGET)

    assert (report.verdict, report.findings) == (Verdict.PASS, ())
