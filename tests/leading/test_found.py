"""What becomes of a command's runs: by outcomes that are made by hand."""

import json

import pytest

from usagetwin.errors import RemediedError
from usagetwin_checker.leading.blind_spots import Found, NothingKnownError, check, check_again
from usagetwin_checker.leading.program import NotRunError
from usagetwin_checker.leading.supervised import Outcome

PASSED = Outcome(requests=3, seconds=1.25)
NOTICED, UNNOTICED, HIDDEN, LOST = "counts-are-strings", "metadata-missing", "json-as-text", "error-is-a-page"
SLOW, HARMLESS = "descending", "sparse"
FOUND = Found(
    ("npm", "test"),
    PASSED,
    {
        NOTICED: Outcome(status=4, requests=3, deviated=True),
        UNNOTICED: Outcome(requests=3, deviated=True),
        HIDDEN: Outcome(status=1, requests=3),
        LOST: Outcome(problem="the twin failed: why", deviated=True),
        SLOW: Outcome(status=143, in_time=False, seconds=61.2, requests=1, deviated=True),
        HARMLESS: Outcome(requests=3, deviated=True),
    },
)


def test_a_run_counts_if_an_answer_was_another_one() -> None:
    """One that took too long has failed; a failure without a changed answer says nothing."""
    noticed = FOUND.noticed

    assert [*noticed.tests.values()] == [{NOTICED: True, UNNOTICED: False, SLOW: True, HARMLESS: False}]
    assert [*noticed.reasons.values()] == [
        {NOTICED: "exit status 4", SLOW: "stopped, as it had not ended after 61 s"}
    ]
    assert FOUND.problems == {LOST: "the twin failed: why"}


def test_the_document_has_every_run() -> None:
    """And the word for what became of it."""
    document = json.loads(FOUND.as_json())

    assert document["command"] == ["npm", "test"]
    assert document["honest"] == {
        "status": 0,
        "in_time": True,
        "seconds": 1.25,
        "requests": 3,
        "problem": None,
    }
    assert {each["name"]: (each["kind"], each["result"]) for each in document["deviations"]} == {
        NOTICED: ("fault", "noticed"),
        UNNOTICED: ("fault", "unnoticed"),
        HIDDEN: ("fault", "never-shown"),
        LOST: ("fault", "unknown"),
        SLOW: ("variation", "noticed"),
        HARMLESS: ("variation", "unnoticed"),
    }
    assert document["deviations"][1]["rules"] == ["answer-is-a-series-list"]
    assert document["deviations"][4]["rules"] == []


@pytest.mark.parametrize(
    ("honest", "error", "said"),
    [
        (Outcome(status=2, requests=1), NothingKnownError, "with the honest twin already: exit status 2"),
        (Outcome(in_time=False, seconds=5.0), NothingKnownError, "already: stopped, as it had not ended"),
        (Outcome(), NothingKnownError, "the command 'npm test' sent no request"),
        (Outcome(problem="the twin failed: why"), NothingKnownError, "the twin failed: why"),
        (Outcome(problem="why\n  try   this", status=126, was_run=False), NotRunError, "why\n  try   this"),
    ],
)
def test_an_honest_run_that_says_nothing_is_an_error(
    honest: Outcome, error: type[RemediedError], said: str
) -> None:
    """With what to do."""
    with pytest.raises(error) as caught:
        check(honest, ("npm", "test"), ("its last line",))

    assert said in str(caught.value)
    assert "\n  try   " in str(caught.value)


@pytest.mark.parametrize("again", [Outcome(status=1), Outcome(in_time=False), Outcome(problem="why")])
def test_a_command_that_fails_by_itself_says_nothing(again: Outcome) -> None:
    """It would seem to notice everything."""
    with pytest.raises(NothingKnownError, match="when it runs again without a fault") as caught:
        check_again(again, ("its last line",))

    assert caught.value.said == ("its last line",)


def test_a_run_that_passes_is_no_error() -> None:
    """Neither the first time nor the second."""
    check(PASSED, ("npm", "test"), ())
    check_again(Outcome(), ())
