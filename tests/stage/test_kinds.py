"""The table of faults."""

import pytest

from usagetwin.deviations import faults, variations
from usagetwin.errors import SettingError
from usagetwin.stage.kinds import KINDS, fault_names, kind_of

WIRE_AND_HTTP = {  # the faults for resilience tests, as the plugin's guide lists them
    "delay",
    "timeout",
    "reset",
    "close",
    "truncated-body",
    "slow-body",
    "malformed-json",
    "wrong-content-type",
    "empty-body",
    "rate-limited",
    "rate-limited-without-retry-after",
    "server-error",
    "status",
    "unavailable",
}


def test_the_table_has_the_faults_of_wire_and_http() -> None:
    """Each is shown by a function of ours, and says what a client sees."""
    assert set(KINDS) == WIRE_AND_HTTP
    assert all(kind.show is not None and kind.about for kind in KINDS.values())


def test_every_name_is_one_fault() -> None:
    """No fault of the contract and no legal variation has the name of another fault."""
    names = fault_names()

    assert len(set(names)) == len(names)
    assert set(names) == WIRE_AND_HTTP | set(faults()) | set(variations())


@pytest.mark.parametrize("name", ["past-counts-creep", "separate-by-name"])
def test_the_contracts_own_are_shown_by_the_twin(name: str) -> None:
    """A fault of the contract, or a legal variation, needs no function and takes no details."""
    kind = kind_of(name)

    assert kind.show is None
    assert kind.details == {}
    assert kind.about


@pytest.mark.parametrize("name", sorted(WIRE_AND_HTTP))
def test_the_default_of_every_detail_is_a_value_that_it_takes(name: str) -> None:
    """What is filled in passes the check that a test's own value must pass."""
    assert all(detail.accepts(detail.default) for detail in kind_of(name).details.values())


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """The wire's names and the contract's are both near."""
    with pytest.raises(SettingError, match=r"(?s)no fault 'truncated-bdy'.*try +truncated-body"):
        kind_of("truncated-bdy")
    with pytest.raises(SettingError, match=r"(?s)no fault 'past-counts-creeps'.*try +past-counts-creep "):
        kind_of("past-counts-creeps")
