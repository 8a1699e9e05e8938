"""Tests of `usagetwin_checker.reporting.scores`: what is said of each set of faults, and at which budgets."""

import pytest

from usagetwin.deviations import deviation
from usagetwin_checker.reporting.scores import as_markdown, rows, summary
from usagetwin_checker.running.score import BUDGETS, Outcome, Run, outcomes


def _outcome(name: str, strict: str, default: str, *, held_out: bool = False) -> Outcome:
    """Make an outcome; of each mode, x for each budget from the smallest on that killed."""

    def runs(kills: str) -> dict[int, Run]:
        rule = deviation(name).rules[0]
        return {
            budget: Run(killed=kill == "x", found=(rule,) if kill == "x" else (), requests=budget)
            for budget, kill in zip(BUDGETS, kills, strict=True)
        }

    return Outcome(deviation(name), held_out, runs(strict), runs(default) if default else {})


WIDE = _outcome("metadata-missing", "xxxxxx", "xxxxxx")
LATE = _outcome("series-is-cut-at-100", "...xxx", "....xx")
CHOSEN = _outcome("answer-has-a-count", ".xxxxx", "")
MISSED = _outcome("time-missing", ".....x", "......", held_out=True)


def test_kills_are_counted_by_budget_and_mode() -> None:
    """Default mode has those of tier schema or prose alone: it fails on no other."""
    lines = list(summary([WIDE, LATE, CHOSEN]))

    assert lines == [
        (
            "known: 3 of 3 killed in strict mode, 3 by a rule that the fault names; "
            "1 of 2 of tier schema or prose killed by 60 requests in default mode"
        ),
        (
            "known, strict mode: of 3 killed 1 by 20 requests, 2 by 40 requests, 2 by 60 requests, "
            "3 by 120 requests, 3 by 250 requests, 3 by 1000 requests"
        ),
        (
            "known, of tier schema or prose in default mode: of 2 killed 1 by 20 requests, 1 by 40 requests, "
            "1 by 60 requests, 1 by 120 requests, 2 by 250 requests, 2 by 1000 requests"
        ),
    ]


def test_each_set_has_lines_of_its_own() -> None:
    """The held-out faults are not added to the known ones."""
    lines = list(summary([WIDE, MISSED]))

    assert [line.partition(":")[0].partition(",")[0] for line in lines] == ["known"] * 3 + ["held out"] * 3
    assert "held out: 1 of 1 killed in strict mode" in lines[3]
    assert "0 of 1 of tier schema or prose" in lines[3]


def test_a_fault_of_no_binding_tier_has_no_score_in_default_mode() -> None:
    """Its cell is a dash, and the others say killed or missed."""
    assert [row[-1] for row in rows([WIDE, LATE, CHOSEN])] == ["killed", "missed", "-"]


def test_the_markdown_ends_with_a_paragraph_for_each_line() -> None:
    """Lines that follow one another would be one paragraph."""
    text = as_markdown([WIDE])

    assert text.startswith("| fault | set |")
    assert text.endswith("\n")
    assert text.count("\n\n") == len(list(summary([WIDE])))


@pytest.mark.parametrize("name", ["metadata-missing", "answer-has-a-count"])
def test_each_budget_is_a_run_of_its_own(name: str) -> None:
    """No run sends more than its budget; without a rule of tier schema or prose there is none by default."""
    (outcome,) = outcomes([(deviation(name), False)], lambda _name: None, budgets=(20, 40))

    assert sorted(outcome.strict) == [20, 40, 1000]
    assert sorted(outcome.default) == ([20, 40, 60] if outcome.binding else [])
    for budget, run in [*outcome.strict.items(), *outcome.default.items()]:
        assert 0 < run.requests <= budget
    assert outcome.strict[20].requests < outcome.strict[40].requests
    assert outcome.killed
