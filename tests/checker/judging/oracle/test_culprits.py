"""Tests of what explains a contradiction: the answers or the view to blame, and the rule that is named."""

from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.conversations import (
    COMPLETE,
    KNOWN,
    answered,
    broken,
    incremental,
    month_to_date,
    numbered,
    rolling,
)
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.oracle import sums
from usagetwin_checker.judging.oracle.culprits import explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin_checker.judging.oracle.culprits import Explained
    from usagetwin_checker.judging.oracle.facts import Answer, Fact
    from usagetwin_checker.judging.oracle.other_filters import Elsewhere

DAYS: Final = "from=2026-03-01&to=2026-03-06"
INC: Final = "aggregationType=incremental"
MARCH: Final = incremental("2026-03-01", "2026-03-05")
TWICE: Final = incremental("2026-03-01", "2026-03-05", 2)
WRONG: Final = MARCH | {"2026-03-02": 7}
TO_DATE: Final = month_to_date("2026-03-01", "2026-03-05")


def test_what_does_not_repeat_itself_is_held_against_nothing() -> None:
    """After two answers to one request, no other contradiction is named, of whatever filter."""
    found = broken(
        answered(f"{DAYS}&{INC}&granularity=daily", MARCH),
        answered(f"{DAYS}&{INC}", WRONG),
        answered(f"{DAYS}&{INC}", MARCH),
        answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
        answered(f"{DAYS}&projectKey=web", TO_DATE | {"2026-03-05": 99}),
    )

    assert found == {"past-counts-are-fixed"}


def test_an_answer_that_shows_another_filter_says_so() -> None:
    """One project's answer is that of all projects, although its other answers are not."""
    exchanges = numbered(
        answered(f"{DAYS}&{INC}", TWICE),
        answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
        answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
        answered(f"{DAYS}&{INC}&granularity=daily&projectKey=web", TWICE),
    )

    (finding,) = judge(exchanges, KNOWN).findings

    assert finding.rule_id == "filter-additive"
    assert "is 2, just as for all projects, but the other answers make it 1" in finding.message
    assert {exchange.number for exchange in finding.conversation} == {4, 1, 2}


def test_all_projects_that_are_one_project_break_the_default_of_the_filter() -> None:
    """A filter that sticks answers a query without a key as if it had one."""
    found = broken(
        answered(f"{DAYS}&{INC}", TWICE),
        answered(f"{DAYS}&projectKey=web", TO_DATE),
        answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
        answered(DAYS, TO_DATE),
        answered(f"{DAYS}&granularity=daily", {day: 2 * count for day, count in TO_DATE.items()}),
    )

    assert found == {"project-key-defaults-to-all"}


def test_what_is_written_otherwise_names_how() -> None:
    """Every answer to a key in front shows all projects, and no other one does: the order is what matters."""
    found = broken(
        answered(f"{DAYS}&{INC}", TWICE),
        answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
        answered(f"{DAYS}&{INC}&projectKey=app", MARCH),
        answered(f"{DAYS}&{INC}&granularity=daily&projectKey=web", MARCH),
        answered(f"projectKey=web&{INC}&{DAYS}", TWICE),
    )

    assert found == {"parameter-order-is-irrelevant"}


def test_of_several_differences_that_which_always_makes_one_is_named() -> None:
    """One pair differs in a repeated key and granularity, another one in a repeated key and the window."""
    one, second, third = "projectKey=web", "from=2026-03-02&to=2026-03-03", "from=2026-03-03&to=2026-03-04"
    found = broken(
        answered(f"{second}&{INC}&{one}", {"2026-03-02": MARCH["2026-03-02"]}),
        answered(f"{second}&{INC}&granularity=daily&{one}&{one}", {"2026-03-02": 7}),
        answered(f"from=2026-03-03&to=2026-03-05&{INC}&{one}", incremental("2026-03-03", "2026-03-04")),
        answered(f"{third}&{INC}&{one}&{one}", {"2026-03-03": 8}),
    )

    assert found == {"repeated-project-key-is-irrelevant"}


@pytest.mark.parametrize(
    ("second", "third", "rule"),
    [
        (99, 99, "bucket-independent-of-window"),
        (99, 0, "bucket-independent-of-window"),
        (100, 100, "filter-additive"),
        (7, 8, "filter-additive"),
    ],
)
def test_a_small_number_in_common_explains_nothing(second: int, third: int, rule: str) -> None:
    """Two filters may share one number below a hundred by chance, but not two numbers, or a large one."""
    days = "from=2026-03-02&to=2026-03-04"
    both = {"2026-03-02": second, "2026-03-03": third}

    found = broken(
        answered(f"{days}&{INC}&projectKey=app", both),
        answered(f"{DAYS}&{INC}&projectKey=web", MARCH),
        answered(f"{days}&{INC}&projectKey=web", both),
    )

    assert found == {rule}


def test_all_projects_and_all_there_are_may_be_the_same() -> None:
    """They have the same values by right, so that neither explains the other."""
    found = broken(
        answered(f"{DAYS}&{INC}", TWICE),
        answered(f"{DAYS}&{INC}&projectKey=web&projectKey=app", TWICE),
        answered(f"{DAYS}&{INC}&granularity=daily&projectKey=web&projectKey=app", MARCH),
        knowledge=COMPLETE,
    )

    assert found == {"granularity-defaults-to-daily"}


def test_a_whole_month_with_two_values_is_no_sum_of_its_days() -> None:
    """What is said of windows is said of days; a month that is whole in both windows is a wrong month."""
    month = "granularity=monthly"
    found = broken(
        answered(f"from=2026-02-01&to=2026-03-01&{month}", {"2026-02": 280}),
        answered(f"from=2026-01-01&to=2026-03-01&{month}", {"2026-01": 0, "2026-02": 560}),
    )

    assert found == {"monthly-sums"}


def test_the_rule_about_windows_comes_before_the_defaults_of_their_ends() -> None:
    """Two windows differ anyway; whether an end was given matters only where they are the same."""
    found = broken(
        answered(f"to=2026-03-06&{INC}", MARCH),
        answered(
            f"from=2026-03-02&to=2026-03-06&{INC}",
            incremental("2026-03-02", "2026-03-04") | {"2026-03-05": 1},
        ),
    )

    assert found == {"bucket-independent-of-window"}


def test_the_filter_with_most_views_tells_which_view_is_wrong() -> None:
    """All projects show that the incremental view is wrong, so that another one is right for one project."""
    days = "from=2026-02-01&to=2026-03-06"
    wrong = incremental("2026-02-01", "2026-03-05", 3)
    found = broken(
        answered(f"{days}&{INC}&projectKey=web", wrong),
        answered(f"{days}&projectKey=web", month_to_date("2026-02-01", "2026-03-05")),
        answered(f"{days}&{INC}", wrong),
        answered(days, month_to_date("2026-02-01", "2026-03-05")),
        answered(
            "from=2026-03-02&to=2026-03-06&aggregationType=rolling_30d", rolling("2026-03-02", "2026-03-05")
        ),
        answered("from=2026-02-01&to=2026-03-01&granularity=monthly", {"2026-02": 280}),
    )

    assert "incremental-counts" in found
    assert "month-to-date-sums" not in found


def test_a_view_that_is_wrong_for_a_combination_is_not_blamed_for_its_projects() -> None:
    """What the incremental view says of each project is still held against what they are together."""
    days, both = "from=2026-02-01&to=2026-03-06", "projectKey=web&projectKey=app"
    rolled = "from=2026-03-02&to=2026-03-06&aggregationType=rolling_30d"
    found = broken(
        answered(f"{days}&{INC}&projectKey=web", incremental("2026-02-01", "2026-03-05")),
        answered(f"{days}&{INC}&projectKey=app", incremental("2026-02-01", "2026-03-05")),
        answered(f"{days}&{INC}&{both}", incremental("2026-02-01", "2026-03-05", 5)),
        answered(f"{days}&{both}", thrice(month_to_date("2026-02-01", "2026-03-05"))),
        answered(f"{rolled}&{both}", thrice(rolling("2026-03-02", "2026-03-05"))),
    )

    assert found == {"incremental-counts", "filter-additive"}


def thrice(points: dict[str, int]) -> dict[str, int]:
    """Give the same points with three times their values."""
    return {day: 3 * count for day, count in points.items()}


def test_many_answers_that_disagree_in_one_way_are_told_apart_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty windows give forty values of one day: after some of them, no more is asked of each by itself."""
    looked_for: list[object] = []

    def counted(facts: "list[Fact]", answers: "Mapping[int, Answer]", elsewhere: "Elsewhere") -> "Explained":
        looked_for.append(facts)
        return explained(facts, answers, elsewhere)

    monkeypatch.setattr(sums, "explained", counted)
    windows = (f"from=2026-03-01+{number}&to=2026-03-06&{INC}" for number in range(40))
    said = (MARCH | {"2026-03-04": 100 + number} for number in range(40))

    found = broken(*map(answered, windows, said))

    assert found == {"bucket-independent-of-window"}
    assert len(looked_for) == sums.MOST_ALIKE + 1
