"""Tests of which buckets an answer has, where other answers or other views tell more."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import DAY_S, KNOWN, NOON_S, answered, broken, incremental, numbered
from usagetwin.contract import rules
from usagetwin.days import day_of
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.knowing.knowledge import Now

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

INC: Final = "aggregationType=incremental"
STILL: Final = replace(KNOWN, still=True)
LEADING: Final = incremental("2025-12-20", "2026-03-05")  # nothing is counted before February


def test_buckets_before_the_first_count_are_in_all_answers_or_in_none() -> None:
    """One view begins with its window, another one with the first month that counts: it can't be both."""
    days = answered(f"from=2025-12-20&to=2026-03-06&{INC}", LEADING)
    months = answered("from=2025-12-01&to=2026-03-01&granularity=monthly", {"2026-02": 280})

    assert broken(days, months) == {"buckets-start-at-creation"}
    assert rules()["buckets-start-at-creation"].tier.value == "chosen"


def test_a_narrower_window_does_not_begin_before_a_wider_one() -> None:
    """The wider one says when the project begins, the narrower one shows zeros before that."""
    wide = answered(f"from=2025-12-20&to=2026-03-06&{INC}", incremental("2026-02-01", "2026-03-05"))
    narrow = answered(f"from=2026-01-20&to=2026-02-03&{INC}", incremental("2026-01-20", "2026-02-02"))

    assert broken(wide, narrow) == {"buckets-start-at-creation"}


def test_a_zero_after_the_first_count_is_missing_as_any_other() -> None:
    """What begins has begun: from then on a bucket without sessions is in the answer."""
    days = f"from=2026-03-01&to=2026-03-06&{INC}"
    shown = incremental("2026-03-01", "2026-03-05") | {"2026-03-03": 0}
    sparse = {day: count for day, count in shown.items() if count}

    assert broken(answered(days, shown), answered(f"{days}&granularity=daily", sparse)) == {
        "zero-buckets-are-present"
    }


def test_a_project_that_never_counted_anything_has_no_first_count() -> None:
    """Where nothing is ever counted, a zero is a zero."""
    days = f"from=2026-03-01&to=2026-03-04&{INC}"
    zeros = dict.fromkeys(incremental("2026-03-01", "2026-03-03"), 0)
    less = {"2026-03-03": 0}

    assert broken(answered(days, zeros), answered(f"{days}&granularity=daily", less)) == {
        "zero-buckets-are-present"
    }


def _today(*, given: bool, shown: bool) -> "Exchange":
    """Make an answer about this month, with the current time as a given `to` or by default."""
    query = f"from=2026-03-16{f'&to={NOON_S}' if given else ''}&{INC}"
    return answered(query, {"2026-03-16": 16} | ({"2026-03-17": 3} if shown else {}))


def test_the_current_time_that_is_given_is_the_default() -> None:
    """A `to` of exactly now shows what the default of `to` shows, while nothing moves."""
    assert broken(_today(given=False, shown=True), _today(given=True, shown=False), knowledge=STILL) == {
        "explicit-default-changes-nothing"
    }


@pytest.mark.parametrize(
    "uncertain",
    [
        KNOWN,
        replace(STILL, now=Now(NOON_S - 60, NOON_S + 60)),
        replace(STILL, now=Now(NOON_S + DAY_S // 4, NOON_S + DAY_S // 4)),
        replace(STILL, loopback=False),
    ],
)
def test_another_instant_is_not_the_default(uncertain: object) -> None:
    """Where the current time is another one, or may be, a bucket that `to` cuts may be left out."""
    conversation = (_today(given=False, shown=True), _today(given=True, shown=False))

    found = broken(*conversation, knowledge=uncertain)  # type: ignore[arg-type]  # -- Knowledge, as parametrized

    assert found <= {"bucket-cut-by-to-is-present"}


def test_only_a_window_that_reaches_before_the_first_bucket_tests_where_it_begins() -> None:
    """A window after the creation says nothing of it."""
    days = incremental("2026-03-01", "2026-03-05")
    before = answered(f"from=2026-02-20&to=2026-03-06&{INC}", days)
    after = answered(f"from=2026-03-01&to=2026-03-06&{INC}", days)

    tested = [judge(numbered(exchange), KNOWN).tested for exchange in (before, after)]

    assert ["buckets-start-at-creation" in each for each in tested] == [True, False]


@pytest.mark.parametrize(("last", "found"), [(1, set()), (0, {"every-bucket-is-kept"})])
def test_a_day_that_began_meanwhile_is_missing_from_no_earlier_answer(last: int, found: set[str]) -> None:
    """Where the target's clock may have passed midnight, its newest day had perhaps not begun before."""
    days = "from=2026-03-15&to=2026-03-20&aggregationType=incremental"
    before = answered(days, incremental("2026-03-15", "2026-03-17"))
    after = answered(
        days + "&granularity=daily", {**incremental("2026-03-15", "2026-03-17"), "2026-03-18": 1}
    )
    today = day_of(NOON_S)

    turned = replace(KNOWN, now=Now.within(today + 1 - last, today + 1))

    assert broken(before, after, knowledge=turned) == found
