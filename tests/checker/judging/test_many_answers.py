"""Tests of what answers show together: documented requests first, and chosen rules last."""

from dataclasses import replace
from typing import Final

from tests.checker.conversations import KNOWN, answered, broken, incremental, month_to_date

DAYS: Final = "from=2026-03-01&to=2026-03-06"
INC: Final = "aggregationType=incremental"
MARCH: Final = incremental("2026-03-01", "2026-03-05")
WRONG: Final = MARCH | {"2026-03-02": 9}
STILL: Final = replace(KNOWN, still=True)


def test_what_documented_requests_show_explains_the_others() -> None:
    """A contradiction that needs no undocumented parameter is the finding, and the parameter is none."""
    documented = (answered(f"{DAYS}&{INC}", MARCH), answered(f"{DAYS}&{INC}&granularity=daily", WRONG))
    beside = answered(f"{DAYS}&{INC}&environment=x", MARCH | {"2026-03-04": 1})

    assert broken(*documented, beside) == {"granularity-defaults-to-daily"}
    assert broken(documented[0], beside) == {"undocumented-parameters-ignored"}


def test_a_chosen_rule_beside_an_undocumented_parameter_stays_what_it_is() -> None:
    """A bucket that is cut may be missing whatever stands beside the window."""
    cut = f"from=2026-03-02+1&to=2026-03-06&{INC}&environment=x"

    found = broken(answered(f"{DAYS}&{INC}", MARCH), answered(cut, incremental("2026-03-03", "2026-03-05")))

    assert found == {"bucket-cut-by-from-is-present"}


def test_what_contradicts_itself_proves_nothing_about_open_or_cut_buckets() -> None:
    """While the closed days contradict one another, no cut month is held against them."""
    february = "from=2026-02-01&to=2026-03-01"
    whole = answered(february, month_to_date("2026-02-01", "2026-02-28"))
    cut = answered("from=2026-02-01&to=2026-02-20&granularity=monthly", {"2026-02": 190})
    false = answered(f"{february}&{INC}", incremental("2026-02-01", "2026-02-28") | {"2026-02-03": 11})

    assert broken(whole, cut, knowledge=STILL) == {"cut-month-is-whole"}
    assert broken(whole, cut, false, knowledge=STILL) == {"month-to-date-sums"}
