"""Policies and profiles: what there is, and what a name or value that does not exist is told."""

from __future__ import annotations

from dataclasses import fields

import pytest

from usagetwin.errors import SettingError
from usagetwin.policies import POLICIES, PROFILES, Policies, make_policies, parse_policy
from usagetwin.rates import Rate


def test_every_policy_has_a_field_whose_default_is_its_first_value() -> None:
    """The table and the values that the twin reads can't drift apart."""
    defaults = Policies()

    assert [field.name for field in fields(Policies)] == list(POLICIES)
    assert {name: getattr(defaults, name) for name in POLICIES} == {
        name: policy.values[0] for name, policy in POLICIES.items()
    }


def test_the_documented_profile_is_the_default() -> None:
    """SEMANTICS 4: what the document says, and nothing recorded elsewhere."""
    assert make_policies() == make_policies("documented") == Policies()


def test_the_observed_profile_adds_what_was_recorded() -> None:
    """SEMANTICS 4: the beta gate, rate-limit headers, CORS headers."""
    policies = make_policies("observed")

    assert (policies.beta, policies.cors, policies.rates) == ("required", "on", (Rate(1000),))
    assert (policies.projects, policies.unknown_project, policies.error_id) == ("total", "not-found", "off")


def test_a_later_choice_wins_over_an_earlier_one_and_over_the_profile() -> None:
    """A world's policies change its profile's, and the command line's change both."""
    policies = make_policies("observed", {"beta": "ignored", "quota": "5"}, {"quota": "off"})

    assert (policies.beta, policies.rates, policies.cors) == ("ignored", (), "on")


def test_making_policies_leaves_the_profile_as_it_is() -> None:
    """A second twin of the same profile is not changed by the first."""
    make_policies("observed", {"beta": "ignored"})

    assert PROFILES["observed"]["beta"] == "required"


def test_a_profile_that_does_not_exist_is_told_the_valid_ones() -> None:
    """With the nearest first, where one is near."""
    with pytest.raises(SettingError) as caught:
        make_policies("observd")

    assert (
        str(caught.value) == "there is no profile 'observd'\n  try   observed (valid: documented, observed)"
    )


@pytest.mark.parametrize("name", ["project", "unknown-project", "BETA", "", " beta", "x"])
def test_a_policy_that_does_not_exist_is_told_all_that_do(name: str) -> None:
    """By either way in."""
    with pytest.raises(SettingError) as from_text:
        parse_policy(f"{name}=on")
    with pytest.raises(SettingError) as from_mapping:
        make_policies("documented", {name: "on"})

    for caught in (from_text, from_mapping):
        assert caught.value.problem == f"there is no policy {name!r}"
        assert ", ".join(POLICIES) in caught.value.remedy


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("value", ["", "yes", "On", " on", "separate,total"])
def test_a_value_that_does_not_exist_is_told_all_that_do(name: str, value: str) -> None:
    """Every policy lists its own."""
    with pytest.raises(SettingError) as caught:
        parse_policy(f"{name}={value}")

    assert caught.value.problem == f"the policy {name} can't be {value!r}"
    for valid in POLICIES[name].values:
        assert valid in caught.value.remedy


@pytest.mark.parametrize("value", ["0", "-1", "+5", "1.5", "00", "\u0665", "²", " 5", "1e3", "1_000"])
def test_a_quota_is_a_whole_number_of_at_least_one(value: str) -> None:
    """Or off; the remedy says that a number is valid."""
    with pytest.raises(SettingError, match=r"off \| a number"):
        parse_policy(f"quota={value}")


def test_a_quota_is_read_as_a_number() -> None:
    """Requests of one token in ten seconds."""
    assert make_policies("documented", dict([parse_policy("quota=7")])).rates == (Rate(7, 10),)


@pytest.mark.parametrize("name", POLICIES)
def test_every_documented_value_is_accepted(name: str) -> None:
    """Each value of each policy, as text."""
    for value in POLICIES[name].values:
        assert parse_policy(f"{name}={value}") == (name, value)


@pytest.mark.parametrize("text", ["beta", "", "required"])
def test_a_policy_without_a_value_is_told_the_form(text: str) -> None:
    """NAME=VALUE, with the names there are."""
    with pytest.raises(SettingError) as caught:
        parse_policy(text)

    assert caught.value.problem == f"the policy {text!r} has no value"
    assert caught.value.remedy.startswith("NAME=VALUE, where NAME is ")
