"""What a run comes to, its recording comes to, whatever the target does; all of it in the long version."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.recorded import recorded_run
from tests.checker.running.test_recorded import judged, what_counts
from tests.sampling import sampled
from usagetwin.deviations import faults, variations

if TYPE_CHECKING:
    from pathlib import Path

NOW: Final = "2026-03-17T15:20:00Z"
DRAWN: Final = 20


@pytest.mark.no_cover
@pytest.mark.parametrize("name", sampled(sorted({**faults(), **variations()}), ("monthly-sticks",)))
def test_a_recording_of_any_run_comes_to_what_the_run_came_to(name: str, tmp_path: "Path") -> None:
    """Each fault and each legal variation, with drawn conversations, in strict mode."""
    file = tmp_path / "run.har"

    live = recorded_run(file, now=NOW, deviation=name, drawn=DRAWN)

    assert what_counts(judged(file)) == what_counts(live)
