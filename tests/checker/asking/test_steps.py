"""Tests of how a row of a covering array becomes a request."""

import os
import subprocess
import sys
from datetime import date
from typing import Final

from usagetwin.days import from_date
from usagetwin_checker.asking.factors import factors
from usagetwin_checker.asking.steps import Steps, in_words
from usagetwin_checker.exchanges import Credential
from usagetwin_checker.knowing.knowledge import Now

TODAY: Final = from_date(date(2026, 3, 17))
NOW: Final = Now.within(TODAY, TODAY)
KEYS: Final = ("app", "shop", "web")
ROW: Final = {
    "window": "one day",
    "projectKey": "two projects",
    "granularity": "left out",
    "aggregationType": "rolling_30d",
    "order": "reversed",
}
SHOW: Final = """
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.knowing.knowledge import Now
for step in Plan(Now.within(20000, 20000), ("app", "web")).steps():
    print(step.about, step.ask)
"""


def made() -> Steps:
    """Make requests for an account of three projects."""
    return Steps(factors(NOW, KEYS), NOW, KEYS)


def test_a_row_becomes_a_request_in_words_and_on_the_wire() -> None:
    """What is left out is not worth a word."""
    step = made().ordinary(ROW)

    assert step.about == "one day, two projects, rolling_30d, reversed"
    assert step.ask.query_string == (
        "aggregationType=rolling_30d&projectKey=app&projectKey=web&to=1773705600&from=1773619200"
    )
    assert in_words(dict.fromkeys(ROW, "left out")) == "nothing given"


def test_a_request_covers_rules_and_levels_and_what_meets() -> None:
    """The rules by which it is answered, those that its levels name, each level, and every two of them."""
    covers = made().ordinary(ROW).covers

    assert {"project-key-repeats", "parameter-order-is-irrelevant", "granularity-defaults-to-daily"} <= covers
    assert ("window", "one day") in covers
    assert frozenset((("window", "one day"), ("projectKey", "two projects"))) in covers
    assert "from-is-unix-seconds" not in covers


def test_each_project_can_be_asked_for_alone() -> None:
    """Of several projects the array has the first and the last one, and a row may have any other."""
    filters = ("a project", "a second project", "another project")

    asked = [made().ordinary({**ROW, "projectKey": name}).ask.values("projectKey") for name in filters]

    assert asked == [("app",), ("shop",), ("web",)]


def test_what_is_unusual_covers_nothing_of_what_is_beside_it() -> None:
    """A refusal says nothing of the window that was asked for; the window's own pairs stay open."""
    unusual = [step for step in made().all() if "unusual" in step.row]

    for step in unusual:
        title = ("unusual", step.row["unusual"])
        assert title in step.covers
        assert all(title in each for each in step.covers if isinstance(each, frozenset))
        assert [each for each in step.covers if isinstance(each, tuple)] == [title]


def test_rules_of_tier_observed_and_chosen_are_worth_less() -> None:
    """A missing credential is refused by the document, a blank one by our own choice."""
    worth = {step.row["unusual"]: step.worth for step in made().all() if "unusual" in step.row}

    assert worth["credential: none"] == 1
    assert worth["credential: blank"] < 1


def test_each_thing_that_is_unusual_is_near_once() -> None:
    """Once beside what all is compared with, and otherwise beside something else."""
    unusual = [step for step in made().all() if "unusual" in step.row]
    near = [step.row["unusual"] for step in unusual if step.near]

    assert sorted(near) == sorted({step.row["unusual"] for step in unusual})
    assert all(step.row["window"] == "whole days" for step in unusual if step.near)


def test_a_stranger_asks_for_what_was_answered_and_for_what_was_not() -> None:
    """Some of the requests without a credential follow the same one with it."""
    strangers = [step for step in made().all() if step.ask.credential is Credential.NONE]

    assert {step.before is None for step in strangers} == {True, False}
    assert all(step.before.ask.credential is Credential.TOKEN for step in strangers if step.before)


def test_the_plan_is_the_same_in_every_process() -> None:
    """It hangs on no order of a set, so that a report can be made again."""
    shown = {
        subprocess.run(
            [sys.executable, "-c", SHOW],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(shown) == 1
