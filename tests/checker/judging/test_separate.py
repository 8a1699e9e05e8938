"""Tests of `usagetwin_checker.judging.separate`: several projects with a key field each."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.checker.conversations import KNOWN, answered, broken, get, labelled, numbered, seconds
from usagetwin_checker.judging.judge import judge

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

WINDOW: Final = "from=2026-03-01&to=2026-03-03&aggregationType=incremental"
LABELLED: Final = "separate-projects-are-labelled"
EARLY: Final = "separate-project-is-zero-before-creation"
NO_KEY: Final = "separate-without-project-key-is-total"
APP_ALONE: Final = answered(f"{WINDOW}&projectKey=app", {"2026-03-02": 3})


def apart(filters: str, *values: tuple[int, int], names: tuple[str, ...] = ("web", "app")) -> "Exchange":
    """Make the answer with a key field for each of two projects, on the days from the first of March on."""
    points = [
        {"time": (seconds("2026-03-01") + day * 86_400) * 1000, "0": one, "1": other}
        for day, (one, other) in enumerate(values)
    ]
    metadata: list[dict[str, Any]] = [{"projectKey": name} for name in names]
    return labelled(get(f"{WINDOW}{filters}"), points, metadata=metadata)


BOTH: Final = "&projectKey=web&projectKey=app"
GOOD: Final = apart(BOTH, (2, 0), (2, 3))


@pytest.mark.parametrize(
    ("exchanges", "rules"),
    [
        ((GOOD, APP_ALONE), set()),
        ((apart(BOTH, (2, 0), (2, 3), names=("app", "web")),), {LABELLED}),
        ((apart("&projectKey=app&projectKey=web", (2, 0), (2, 3)),), {LABELLED}),
        ((apart(BOTH, (2, 1), (2, 3)), APP_ALONE), {EARLY}),
        ((GOOD, apart("", (2, 0), (2, 3))), {NO_KEY}),
    ],
    ids=["good", "another order", "another query", "before it began", "no key"],
)
def test_fields_are_explained_and_begin_with_their_project(
    exchanges: "tuple[Exchange, ...]", rules: set[str]
) -> None:
    """Keys in the order of the query, 0 before a project begins, and a total without a key."""
    assert broken(*exchanges) & {LABELLED, EARLY, NO_KEY} == rules


def test_each_rule_is_tested_by_the_answers_that_could_break_it() -> None:
    """And where a target gives totals, none of them is."""
    total = answered(WINDOW, {"2026-03-01": 2, "2026-03-02": 5})
    tested = judge(numbered(GOOD, APP_ALONE, total), KNOWN).tested

    assert [tested[rule_id] for rule_id in (LABELLED, EARLY, NO_KEY)] == [1, 1, 1]
    assert not {LABELLED, EARLY, NO_KEY} & judge(numbered(APP_ALONE, total), KNOWN).tested.keys()
