"""Tests of how many requests notice a fault: by a real fault, and the line that counts many."""

from benchmarks.budgets import BEFORE, CHOSEN, fewest, lines_of, orders
from benchmarks.remembering import Remembered
from benchmarks.report import placed
from tests.project.checkout import text
from usagetwin.deviations import faults
from usagetwin_checker.asking.recipes import best
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.running.score import NOW, WORLD
from usagetwin_checker.running.twin import twin


def test_a_fault_is_noticed_as_soon_as_what_shows_it_is_asked() -> None:
    """By five requests where it comes first, of which four are the probes."""
    shows = next(recipe for recipe in best() if recipe.unusual.startswith("credential: none"))

    found = fewest(faults()["no-credential-is-403"], {CHOSEN: (shows,), BEFORE: ()})

    assert found[CHOSEN] == 5
    assert found[BEFORE] != 5


def test_a_target_that_remembers_numbers_its_answers_anew() -> None:
    """In each run, and asks what stands behind it once."""
    target, _ = twin(now=NOW, world=WORLD)
    answers: dict[Ask, Exchange] = {}

    first = [Remembered(target, answers).send(Ask()) for _ in range(2)]
    run = Remembered(target, answers)
    again = [run.send(Ask()), run.send(Ask())]
    target.close()

    assert [exchange.number for exchange in (*first, *again)] == [1, 1, 1, 2]
    assert {exchange.body for exchange in (*first, *again)} == {first[0].body}
    assert len(answers) == 1


def test_by_chance_is_the_whole_plan_in_another_order() -> None:
    """The same for the same seed."""
    drawn = orders(2)

    assert set(drawn) == {CHOSEN, BEFORE, "0", "1"}
    assert drawn["0"] != drawn["1"]
    assert set(best()) <= set(drawn["0"]) == set(drawn["1"])
    assert orders(1)["0"] == drawn["0"]


def test_a_line_counts_the_faults_that_a_budget_or_a_smaller_one_notices() -> None:
    """In the chosen order, in the one before, and on average by chance."""
    least = {
        "a": {CHOSEN: 5, BEFORE: 20, "0": 5, "1": None},
        "b": {CHOSEN: 20, BEFORE: None, "0": 20, "1": 20},
        "c": {CHOSEN: None, BEFORE: None, "0": 20, "1": None},
    }

    lines = lines_of("known", least)

    assert [(line.value, line.unit, line.at_least) for line in lines[:3]] == [
        (1, "of 3", 0),
        (1, "of 3", 0),
        (2, "of 3", 1),
    ]
    assert lines[2].note == "in the plan's own order 1; by chance 2.0 (1 to 3)"
    assert lines_of("held-out", least)[0].at_least is None


def test_the_page_has_a_place_for_the_table() -> None:
    """Which the row writes."""
    page = text("docs/live.md")

    assert placed(page, "budgets", "") != page
