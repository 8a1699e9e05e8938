"""What each held-out fault shows, in `business-week` at 2026-03-17T15:20:00Z, and what it leaves as it is."""

from typing import TYPE_CHECKING, Final

from tests.deviations.unseen_series_cases import SUMS, WINDOWS

if TYPE_CHECKING:
    from tests.deviations.unseen_showing import Case

CASES: "Final[dict[str, Case]]" = {**SUMS, **WINDOWS}
