"""A project whose tests run again under deviations, and what is told of it.

The account has 30, 40 and 50 sessions on the first three days of March 2026, and the clock stands at noon
of the third, so that incremental is 30, 40, 25 and the month to date 30, 70, 95.
"""

from typing import Final

import pytest

OPTION: Final = "--usage-twin-variations"
FAIL: Final = "--usage-twin-fail-on-blind-spots"
HTML: Final = "--usage-twin-blind-spots-html"
MARK: Final = """
COUNTS = {"2026-03-01": 30, "2026-03-02": 40, "2026-03-03": 50}
pytestmark = pytest.mark.usage_twin(now="2026-03-03T12:00:00Z")

@pytest.fixture
def usage_twin_world():
    return {"web": COUNTS}
"""
SUM_AND_LAST: Final = (
    MARK
    + """
def test_the_sum():
    assert client.total() == 95

def test_the_last():
    assert client.ask().json()["series"][-1]["0"] == 95
"""
)


def told(result: pytest.RunResult) -> list[str]:
    """Give the lines about blind spots, up to the next section or the last line."""
    lines = str(result.stdout).splitlines()
    first = next(at for at, line in enumerate(lines) if "usage twin: blind spots" in line) + 1
    last = next(at for at, line in enumerate(lines) if at > first and (" passed" in line or "===" in line))
    return lines[first:last]
