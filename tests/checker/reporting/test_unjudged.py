"""Tests of `usagetwin_checker.reporting.unjudged`: what a run would need to judge a rule."""

import pytest

from tests.acme import MAR_3
from usagetwin.contract import rules
from usagetwin_checker.knowing.knowledge import Knowledge, Now
from usagetwin_checker.reporting.unjudged import ABOUT_KEYS, OUT_OF_SIGHT, settled_by

NOTHING = Knowledge()
KNOWN = Knowledge(frozenset({"web", "app"}), complete=True, now=Now(MAR_3, MAR_3))


@pytest.mark.parametrize("rule_id", sorted({*ABOUT_KEYS, *OUT_OF_SIGHT}))
def test_every_rule_that_is_named_exists(rule_id: str) -> None:
    """A rule that is renamed in the catalogue is renamed here too."""
    assert rule_id in rules()


@pytest.mark.parametrize("rule_id", rules())
def test_every_rule_says_what_it_needs(rule_id: str) -> None:
    """No rule is left without a way to judge it, whatever is known."""
    assert settled_by(rule_id, NOTHING)
    assert settled_by(rule_id, KNOWN)


def test_a_rule_about_filters_needs_two_projects() -> None:
    """One key, or none, shows nothing of sums over keys."""
    assert settled_by("filter-additive", NOTHING) == "--project KEY, given at least twice"
    assert settled_by("filter-additive", Knowledge(frozenset({"web"}))).startswith("--project KEY")
    assert not settled_by("filter-additive", KNOWN).startswith("--project KEY")


def test_the_default_of_the_filter_needs_to_know_that_no_project_is_missing() -> None:
    """Only `--complete` says what all projects are."""
    assert settled_by("project-key-defaults-to-all", NOTHING).startswith("--complete")
    assert not settled_by("project-key-defaults-to-all", KNOWN).startswith("--complete")


def test_a_rule_about_sums_needs_the_current_time() -> None:
    """Without it no bucket is known to be closed."""
    assert settled_by("month-to-date-sums", NOTHING) == "--now INSTANT"
    assert settled_by("month-to-date-sums", KNOWN) == "a larger --budget, or a target whose answers show it"


def test_what_no_request_can_show_is_named() -> None:
    """Some rules need something of the target, and no option helps."""
    assert settled_by("rate-limited", KNOWN) == "a throttled token"
