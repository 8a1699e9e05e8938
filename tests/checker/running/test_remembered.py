"""Tests of what a recording of ours says of its run, and of what is believed of that."""

import json
from typing import Any

import pytest

from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.running.remembered import as_remembered, to_remember
from usagetwin_checker.running.report import Options

KNOWN = Options(
    Knowledge(
        frozenset({"web", "app"}),
        complete=True,
        now=Now(5, 6),
        settling_h=7,
        policies=(("beta", "required"),),
        roles=frozenset({"revoked"}),
        unlisted=True,
    ),
    strict=True,
    live=True,
)


def test_what_a_run_knew_comes_back() -> None:
    """By way of JSON."""
    known = json.loads(json.dumps(to_remember(KNOWN, built_in_token=True)))

    assert as_remembered(known, Options()) == KNOWN
    assert known["built_in_token"] is True


def test_what_the_caller_says_comes_first() -> None:
    """Other keys are not all that there are because the run's were."""
    told = Options(Knowledge(frozenset({"web"}), now=Now(9, 9), settling_h=0))

    found = as_remembered(to_remember(KNOWN, built_in_token=False), told).knowledge

    assert found.keys == {"web"}
    assert (found.complete, found.now, found.settling_h) == (False, Now(9, 9), 0)


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"projects": "web", "complete": 1, "strict": "yes", "live": 1, "unlisted": "x"},
        {"projects": [7, None], "roles": 7, "policies": [], "settles_after": -1},
        {"now": [6, 5]},
        {"now": [5]},
        {"now": ["5", "6"]},
        {"now": [0, 10**11]},
        {"now": 7, "settles_after": "7", "policies": {"colour": "red", "beta": 7}},
    ],
)
def test_what_has_another_form_is_not_believed(known: dict[str, Any]) -> None:
    """A recording may be anybody's."""
    assert as_remembered(known, Options()) == Options()
