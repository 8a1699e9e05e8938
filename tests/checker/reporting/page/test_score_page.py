"""Tests of `usagetwin_checker.reporting.page.score_page`: a score as a page."""

from typing import Final

from tests.checker.reporting.page.reading import Page
from tests.checker.reporting.test_scores import CHOSEN, LATE, MISSED, WIDE
from usagetwin.deviations import deviation
from usagetwin_checker.reporting.page.score_page import score_page
from usagetwin_checker.reporting.scores import summary
from usagetwin_checker.running.score import BUDGETS, Outcome, Run

BY_ANOTHER: Final = Outcome(
    deviation("metadata-missing"),
    held_out=False,
    strict={1000: Run(killed=True, found=("other",), requests=9)},
    default={60: Run(killed=True, found=("other",), requests=9)},
)
LOST: Final = Outcome(
    deviation("links-missing"),
    held_out=True,
    strict={1000: Run(killed=False, found=(), requests=1000)},
    default={60: Run(killed=False, found=(), requests=60)},
)
ALL: Final = [WIDE, LATE, CHOSEN, MISSED]


def test_it_says_what_the_terminal_says() -> None:
    """The lines that count, and each fault's row."""
    page = Page(score_page(ALL))

    assert "The checker kills 4 of 4 faults" in page.words
    assert [line for line in summary(ALL) if line not in page.words] == []
    assert "time-missing held out killed" in page.words


def test_missed_faults_come_before_the_table_with_what_they_do() -> None:
    """And with the command that shows one."""
    page = Page(score_page([BY_ANOTHER, LOST]))

    assert "missed links-missing A 200 has no `_links`." in page.words
    assert "usagetwin serve --fault links-missing" in page.words
    assert page.words.index("missed links-missing") < page.words.rindex("All faults")


def test_kills_are_drawn_by_set_and_by_whether_the_rule_is_named() -> None:
    """A bar of each kind, in each set that has faults."""
    traces = {
        trace["name"]: trace for trace in Page(score_page([BY_ANOTHER, LOST])).charts["kills"]["traces"]
    }

    assert traces["killed by a rule that it names"]["x"] == [0, 0]
    assert traces["killed by another rule"]["x"] == [1, 0]
    assert traces["missed"]["x"] == [0, 1]
    assert traces["missed"]["y"] == ["known", "held out"]


def test_several_budgets_are_drawn_as_lines() -> None:
    """Of a hundred, so that sets of different sizes can be compared."""
    charts = Page(score_page(ALL)).charts
    lines = {trace["name"]: trace for trace in charts["budgets"]["traces"]}

    assert lines["known, strict mode"]["x"] == list(BUDGETS)
    assert lines["known, strict mode"]["y"] == [33.3, 66.7, 66.7, 100.0, 100.0, 100.0]
    assert lines["known, default mode"]["y"] == [50.0, 50.0, 50.0, 50.0, 100.0, 100.0]
    assert lines["held out, strict mode"]["y"] == [0, 0, 0, 0, 0, 100.0]
    assert "budgets" not in Page(score_page([BY_ANOTHER])).charts
    (line,) = Page(score_page([CHOSEN])).charts["budgets"]["traces"]
    assert line["name"] == "known, strict mode"


def test_runs_that_were_ended_say_so() -> None:
    """Even before the first fault was through; then there is nothing to draw."""
    page = Page(score_page([], ["interrupted after 0 faults (SIGINT): this is the table until then"]))

    assert "interrupted after 0 faults (SIGINT)" in page.words
    assert len(page.executed) == 1
