"""What a play can be told, and what comes of it."""

from datetime import date
from typing import Final

import pytest

from tests.acme import FULL, NOW_S
from tests.stage.records import COUNTS, acme
from usagetwin.account.world import Role
from usagetwin.errors import SettingError
from usagetwin.stage import changes
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup

SETUP: Final = Setup(world=acme(), frozen_s=NOW_S)


def test_the_clock_is_frozen_advanced_and_released() -> None:
    """Advancing adds up; released, it is the machine's."""
    assert changes.frozen(date(1970, 1, 2))(SETUP).now_s == 86400
    assert changes.advanced(0.5)(changes.advanced(1.5)(SETUP)).now_s == NOW_S + 2
    assert changes.released()(SETUP).frozen_s is None


def test_an_account_is_a_name_or_counts() -> None:
    """Tokens and policies that were said stay."""
    revoked = changes.listing(FULL, "revoked")(SETUP)

    assert changes.of_world("idle")(revoked).world.name == "idle"
    assert [project.key for project in changes.of_world(COUNTS)(SETUP).world.projects] == ["web", "app"]
    assert changes.of_world("idle")(revoked).tokens == {FULL: Role.REVOKED}


def test_policies_are_decided_beside_those_that_are_decided() -> None:
    """And above the profile, whichever comes first."""
    over = [
        changes.decided({"quota": 7}),
        changes.of_profile("observed"),
        changes.decided({"beta": "ignored"}),
    ]
    setup = SETUP
    for each in over:
        setup = each(setup)

    assert (setup.policies.quota, setup.policies.beta) == ("7", "ignored")
    assert setup.settings.profile == "observed"


def test_rules_are_allowed_beside_those_that_are_allowed() -> None:
    """By their ids."""
    setup = changes.allowing(["method-not-allowed"])(changes.allowing(["credential-required"])(SETUP))

    assert setup.allowed == {"method-not-allowed", "credential-required"}


def test_what_is_replaced_whole_is_all_that_holds() -> None:
    """Of policies, tokens and rules."""
    said = changes.all_of(
        [
            changes.decided({"quota": 7}),
            changes.listing(FULL, "revoked"),
            changes.allowing(["to-is-unix-seconds"]),
        ]
    )(SETUP)

    only = changes.all_of(
        [
            changes.deciding_only({"error_id": "on"}),
            changes.listing_only({"api-other": "forbidden"}),
            changes.allowing_only(["from-is-unix-seconds"]),
        ]
    )(said)

    assert only.settings.policies == {"error_id": "on"}
    assert only.tokens == {"api-other": Role.FORBIDDEN}
    assert only.allowed == {"from-is-unix-seconds"}


@pytest.mark.parametrize(
    ("say", "nearest"),
    [
        (lambda: changes.of_world("idel"), "idle"),
        (lambda: changes.listing(FULL, "revokd"), "revoked"),
        (lambda: changes.allowing(["method-not-alowed"]), "method-not-allowed"),
        (lambda: changes.frozen("2026-13-01"), "2026-03-17"),
    ],
)
def test_what_can_not_be_is_refused_when_it_is_said(say: object, nearest: str) -> None:
    """With the nearest that can."""
    assert callable(say)
    with pytest.raises(SettingError, match=nearest):
        say()


@pytest.mark.parametrize("over", [changes.of_profile("observd"), changes.decided({"quotas": 1})])
def test_what_makes_no_setup_is_refused_by_the_play(over: changes.Over) -> None:
    """And changes nothing."""
    play = Play(SETUP)

    with pytest.raises(SettingError):
        play.alter(over)

    assert play.setup is SETUP
