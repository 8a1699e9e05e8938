"""Tests of `usagetwin_checker.judging.oracle.arithmetic`: what a value should be, and what it misses."""

from datetime import date
from typing import Final

import pytest

from tests.checker.scripted import exchange
from usagetwin.days import from_date
from usagetwin_checker.judging.oracle.arithmetic import by_filters, by_sums, still_named
from usagetwin_checker.judging.oracle.facts import Fact, span_of

SENT: Final = exchange()
ALL: Final[frozenset[str]] = frozenset()


def fact(view: str, day: str, value: int, *keys: str) -> Fact:
    """Make the fact that one value is."""
    bucket = from_date(date.fromisoformat(day))
    which = frozenset(keys)
    return Fact(which, view, bucket, *span_of(view, bucket), value, SENT, closed=True, whole=True)


ROLLING: Final = fact("rolling_30d", "2025-11-29", 56686)
TO_30: Final = fact("month_to_date", "2025-11-30", 63088)
TO_29: Final = fact("month_to_date", "2025-11-29", 60941)
STEPS: Final = [(ROLLING, 1), (TO_29, -1), (TO_30, 1)]
BEFORE: Final = fact("incremental", "2025-10-31", 2220)
WRONG: Final = "rolling_30d of 2025-11-30 should be 56686 + (63088 - 60941) = 58833, and is"


@pytest.mark.parametrize(
    ("value", "agreeing", "text"),
    [
        (61053, [BEFORE], f"{WRONG} 61053: 2220 too many, the count of 2025-10-31"),
        (61053, [], f"{WRONG} 61053: 2220 too many"),
        (61054, [BEFORE], f"{WRONG} 61054: 2221 too many"),
        (
            58800,
            [fact("incremental", "2025-11-30", 33)],
            f"{WRONG} 58800: 33 too few, the count of 2025-11-30",
        ),
        (
            58840,
            [fact("incremental", "2025-10-30", 3), fact("incremental", "2025-10-31", 4)],
            f"{WRONG} 58840: 7 too many, the count from 2025-10-30 to 2025-10-31",
        ),
    ],
)
def test_a_sum_is_written_with_its_terms_and_what_it_misses(
    value: int, agreeing: list[Fact], text: str
) -> None:
    """What is taken away stands beside its own view; days beside or in the sum are named when they fit."""
    assert by_sums(fact("rolling_30d", "2025-11-30", value), STEPS, agreeing) == text


@pytest.mark.parametrize(
    ("wrong", "steps", "text"),
    [
        (
            fact("monthly", "2026-02-01", 280, "web"),
            [(fact("month_to_date", "2026-02-28", 281, "web"), 1)],
            "month of 2026-02 for web should be 281, the month_to_date of 2026-02-28, and is 280: 1 too few",
        ),
        (
            fact("incremental", "2026-03-15", 298932),
            [
                (fact("month_to_date", "2026-03-14", 294592), -1),
                (fact("month_to_date", "2026-03-15", 298932), 1),
            ],
            "incremental of 2026-03-15 should be 298932 - 294592 = 4340, and is 298932: 294592 too many",
        ),
        (
            fact("month_to_date", "2026-03-02", 9),
            [(fact("incremental", "2026-03-01", 3), 1), (fact("incremental", "2026-03-02", 4), 1)],
            "month_to_date of 2026-03-02 should be 3 + 4 = 7, and is 9: 2 too many",
        ),
        (
            fact("month_to_date", "2026-03-09", 46),
            [(fact("incremental", f"2026-03-0{day}", day), 1) for day in range(1, 10)],
            (
                "month_to_date of 2026-03-09 should be "
                "1 + 2 + 3 + 4 + ... 4 more ... + 9 = 45, and is 46: 1 too many"
            ),
        ),
    ],
    ids=["monthly", "difference", "sum", "long"],
)
def test_each_kind_of_sum_is_written_out(wrong: Fact, steps: "list[tuple[Fact, int]]", text: str) -> None:
    """A month by its last month to date, a day by two of them, a sum by its days."""
    assert by_sums(wrong, steps) == text


def test_a_filter_is_the_sum_of_its_projects() -> None:
    """Each with its count; what is missing is named when it is one of them."""
    wrong = fact("incremental", "2026-03-02", 305, "app", "web")
    parts = {frozenset({"app"}): 305, frozenset({"web"}): 2094}

    assert by_filters(wrong, parts, whole=True) == (
        "incremental of 2026-03-02 for app + web should be 305 (app) + 2094 (web) = 2399, "
        "and is 305: 2094 too few, the count of web"
    )
    assert by_filters(wrong, {frozenset({"web"}): 2094}, whole=False) == (
        "incremental of 2026-03-02 for app + web should be at least 2094 (web), and is 305: 1789 too few"
    )


def test_asked_again_in_narrow_windows_the_days_stay_named() -> None:
    """The same value misses as much: which days those are is known from before."""
    again = "rolling_30d of 2025-11-30 should be 58833, the month of 2025-11, and is 61053: 2220 too many"

    assert still_named(again, f"{WRONG} 61053: 2220 too many, the count of 2025-10-31") == (
        f"{again}, the count of 2025-10-31"
    )
    assert still_named(again, f"{WRONG} 61053: 2221 too many, the count of 2025-10-31") == again
    assert still_named(again.replace("11-30", "11-29"), f"{WRONG} 61053: 2220 too many, the count of x") == (
        again.replace("11-30", "11-29")
    )
