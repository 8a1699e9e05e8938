"""Which twin answers: a shared one where it remembers nothing, else one of the test's own."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.acme import FULL, INCREMENTAL, NOW_S
from tests.inprocess import ask
from tests.stage.staged import setup_of
from usagetwin.account.world import Role
from usagetwin.settings import Settings
from usagetwin.stage.faults import make_fault
from usagetwin.stage.setup import Setup
from usagetwin.stage.twins import INSTANT, MOST_KEPT, SharedTwins, Twins

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from tests.answer import Answer

QUERY = "aggregationType=incremental"


@pytest.fixture
def setup(acme_file: str) -> Setup:
    """Give the setup of the small account at its noon."""
    return setup_of(acme_file)


def asked(app: "ASGIApp", query: str = QUERY, now_s: int = NOW_S) -> "Answer":
    """Ask a twin, at the small account's noon by default."""
    INSTANT.set(now_s)
    return ask(app, query)


def test_equal_setups_have_one_twin(setup: Setup, acme_file: str) -> None:
    """Also those of another test, which has read the same file again, at another instant."""
    shared = SharedTwins()
    again = setup_of(acme_file, now="2026-03-02")

    assert again.world is not setup.world
    assert Twins(shared).of(setup) is Twins(shared).of(again)


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": {FULL: Role.REVOKED}},
        {"settings": Settings(policies={"error_id": "on"})},
        {"settings": Settings(profile="observed", policies={"quota": "off"})},
    ],
)
def test_other_tokens_and_policies_have_another_twin(setup: Setup, change: dict[str, object]) -> None:
    """What decides an answer is never mixed."""
    twins = Twins(SharedTwins())

    assert twins.of(setup) is not twins.of(replace(setup, **change))  # type: ignore[arg-type]  # -- fields by name


def test_another_world_has_another_twin(setup: Setup) -> None:
    """Even where it has the same name."""
    twins = Twins(SharedTwins())
    other = replace(setup, world=replace(setup.world, projects=setup.world.projects[:1]))

    assert asked(twins.of(setup)).values == INCREMENTAL
    assert asked(twins.of(other)).values == [30, 40, 25]


def test_the_twin_reads_the_instant_of_the_request(setup: Setup) -> None:
    """One twin, two instants."""
    app = Twins(SharedTwins()).of(setup)

    INSTANT.set(NOW_S - 86400)
    yesterday = ask(app, QUERY)

    assert yesterday.values == [31, 21]
    assert asked(app).values == INCREMENTAL


def test_a_twin_with_a_quota_is_the_tests_own(setup: Setup) -> None:
    """What one test has spent is not missing in the next; within a test it is."""
    limited = replace(setup, settings=Settings(policies={"quota": "1"}))
    shared = SharedTwins()
    first, second = Twins(shared), Twins(shared)

    statuses = [asked(first.of(limited)).status, asked(first.of(limited)).status]

    assert statuses == [200, 429]
    assert asked(second.of(limited)).status == 200


def test_another_quota_is_another_twin(setup: Setup) -> None:
    """What was spent of the old one does not count."""
    twins = Twins(SharedTwins())
    one, two = (replace(setup, settings=Settings(policies={"quota": limit})) for limit in "12")

    statuses = [asked(twins.of(limited)).status for limited in (one, one, two, two, two)]

    assert statuses == [200, 429, 200, 200, 429]


def test_the_clock_alone_renews_a_quota(setup: Setup) -> None:
    """Freezing another instant keeps the twin, and what was spent in its window of ten seconds."""
    limited = replace(setup, settings=Settings(policies={"quota": "1"}))
    twins = Twins(SharedTwins())

    statuses = [
        asked(twins.of(replace(limited, frozen_s=now_s)), now_s=now_s).status
        for now_s in (NOW_S, NOW_S, NOW_S + 9, NOW_S + 10, NOW_S + 10)
    ]

    assert statuses == [200, 429, 429, 200, 429]


def test_a_fault_of_the_contract_has_a_twin_of_its_own(setup: Setup) -> None:
    """It remembers what that fault has seen, and the honest twin knows nothing of it."""
    twins = Twins(SharedTwins())
    one, other = make_fault("past-counts-creep"), make_fault("past-counts-creep")

    crept = [asked(twins.of(setup, one)).values for _ in range(2)]

    assert crept[0] != crept[1]
    assert asked(twins.of(setup, other)).values == crept[0]
    assert asked(twins.of(setup)).values == INCREMENTAL


def test_a_fault_of_the_wire_leaves_the_twin_honest(setup: Setup) -> None:
    """It happens around the twin, which is the shared one."""
    twins = Twins(SharedTwins())

    assert twins.of(setup, make_fault("reset")) is twins.of(setup)


def test_a_deviation_of_the_settings_is_shown_and_is_the_tests_own(setup: Setup) -> None:
    """It is what every request of the test meets."""
    deviating = replace(setup, settings=Settings(deviation="counts-are-strings"))
    shared = SharedTwins()

    app = Twins(shared).of(deviating)

    assert asked(app).json()["series"][0]["0"] == "31"
    assert Twins(shared).of(deviating) is not app


def test_a_fault_comes_before_the_deviation_of_the_settings(setup: Setup) -> None:
    """A test's own fault is shown as it is, whatever variation the whole run has."""
    deviating = replace(setup, settings=Settings(deviation="counts-are-strings"))

    app = Twins(SharedTwins()).of(deviating, make_fault("links-missing"))

    assert "_links" not in asked(app).json()
    assert asked(app).values == INCREMENTAL


def test_the_twins_that_were_used_last_are_kept(setup: Setup) -> None:
    """A run with many worlds does not keep them all."""
    shared = SharedTwins()
    setups = [replace(setup, tokens={f"token-{number}": Role.REVOKED}) for number in range(MOST_KEPT + 1)]

    apps = [shared.of(each) for each in setups]

    assert shared.of(setups[1]) is apps[1]
    assert shared.of(setups[-1]) is apps[-1]
    assert shared.of(setups[0]) is not apps[0]


def test_asking_for_one_twin_again_and_again_drops_no_other(setup: Setup) -> None:
    """It is kept once."""
    shared = SharedTwins()
    other = replace(setup, tokens={FULL: Role.REVOKED})
    first = shared.of(setup)

    for _ in range(MOST_KEPT + 1):
        shared.of(other)

    assert shared.of(setup) is first


def test_a_play_keeps_its_own_twin_however_many_others_there_are(setup: Setup) -> None:
    """Else each change of its clock would make it anew, where there are many plays."""
    shared = SharedTwins()
    twins = Twins(shared)
    app = twins.of(setup)

    for number in range(MOST_KEPT):
        shared.of(replace(setup, tokens={f"token-{number}": Role.REVOKED}))

    assert twins.of(replace(setup, frozen_s=0)) is app
