"""What a twin's answers depend on, as one value."""

from dataclasses import replace

import freezegun
import pytest

from tests.acme import FULL, NOW, NOW_S, REVOKED
from tests.stage.staged import setup_of
from usagetwin.account.world import Role
from usagetwin.errors import SettingError


def test_a_frozen_clock_stands() -> None:
    """At the instant that is given."""
    assert setup_of("business-week", now=NOW).now_s == NOW_S


def test_without_an_instant_the_clock_is_the_machines(acme_file: str) -> None:
    """A time-travel library moves it."""
    setup = setup_of(acme_file, now=None)

    with freezegun.freeze_time("2030-01-01"):
        assert setup.now_s == 1893456000


def test_tokens_come_before_those_of_the_world(acme_file: str) -> None:
    """The world's others stay, and the world itself is left alone."""
    setup = replace(setup_of(acme_file), tokens={FULL: Role.REVOKED, "mine": Role.FORBIDDEN})

    assert setup.account.tokens[FULL] is Role.REVOKED
    assert setup.account.tokens["mine"] is Role.FORBIDDEN
    assert setup.account.tokens[REVOKED] is Role.REVOKED
    assert setup.world.tokens[FULL] is Role.FULL


def test_policies_are_the_profiles_then_the_worlds_then_the_settings(acme_file: str) -> None:
    """As `usagetwin serve` reads them."""
    setup = setup_of(acme_file, profile="observed", policies={"quota": "7"})
    world = replace(setup.world, policies={"quota": "5", "error_id": "on"})

    policies = replace(setup, world=world).policies

    assert (policies.beta, policies.error_id, policies.quota) == ("required", "on", "7")


@pytest.mark.parametrize(
    "settings",
    [{"profile": "observd"}, {"policies": {"quotas": "1"}}, {"policies": {"beta": "on"}}],
)
def test_what_can_not_be_is_refused_when_the_setup_is_made(
    acme_file: str, settings: dict[str, object]
) -> None:
    """Not when the first request comes, on the server's thread."""
    with pytest.raises(SettingError):
        setup_of(acme_file, now=NOW, **settings)


@pytest.mark.parametrize("frozen_s", [-1, 10**10])
def test_the_clock_stays_within_the_instants_that_the_contract_can_write(
    acme_file: str, frozen_s: int
) -> None:
    """Ten digits, from 1970 on."""
    with pytest.raises(SettingError, match="the clock can't stand at"):
        replace(setup_of(acme_file), frozen_s=frozen_s)
