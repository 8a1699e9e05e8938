"""How changes lie one upon the other."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.acme import NOW_S
from tests.stage.records import acme, recorded
from usagetwin.errors import SettingError
from usagetwin.settings import Settings
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup
from usagetwin_checker.testing.layers import Layer, Layers

if TYPE_CHECKING:
    from usagetwin_checker.testing.layers import Change


def begun() -> tuple[Play, Layers]:
    """Begin with the small account at its noon."""
    play = Play(Setup(world=acme(), frozen_s=NOW_S))
    return play, Layers(play)


def frozen(layers: Layers, now_s: int) -> "Change":
    """Let the clock stand elsewhere."""
    return layers.lay(Layer(lambda setup: replace(setup, frozen_s=now_s)))


def test_the_latest_change_decides_until_it_is_undone() -> None:
    """Then the one below it does."""
    play, layers = begun()

    with frozen(layers, 1):
        with frozen(layers, 2):
            assert play.setup.now_s == 2
        assert play.setup.now_s == 1
    assert play.setup.now_s == NOW_S


def test_changes_are_undone_in_any_order() -> None:
    """What lies above one that is taken away stays as it is."""
    play, layers = begun()
    one, two, three = (frozen(layers, now_s) for now_s in (1, 2, 3))

    seen = []
    for change in (two, one, three):
        change.undo()
        seen.append(play.setup.now_s)

    assert seen == [3, 3, NOW_S]


def test_a_change_is_undone_once() -> None:
    """Doing it again, or leaving a block after it, takes nothing else away."""
    play, layers = begun()
    frozen(layers, 1)

    with frozen(layers, 2) as change:
        change.undo()
        change.undo()

    assert play.setup.now_s == 1


def test_a_block_that_fails_is_undone_too() -> None:
    """And its error passes."""
    play, layers = begun()

    with pytest.raises(ZeroDivisionError), frozen(layers, 1):
        _ = 1 / 0

    assert play.setup.now_s == NOW_S


def test_changes_of_one_field_add_up() -> None:
    """A layer sees the setup below it, so that two policies hold together."""
    play, layers = begun()

    def chosen(name: str, value: str) -> "Change":
        def over(setup: Setup) -> Setup:
            policies = {**setup.settings.policies, name: value}
            return replace(setup, settings=replace(setup.settings, policies=policies))

        return layers.lay(Layer(over))

    first = chosen("projects", "separate")
    chosen("error_id", "on")
    assert play.setup.settings.policies == {"projects": "separate", "error_id": "on"}

    first.undo()
    assert play.setup.settings == Settings(policies={"error_id": "on"})


def test_a_change_that_can_t_be_changes_nothing() -> None:
    """The test goes on with what held before."""
    play, layers = begun()
    before = play.setup

    with pytest.raises(SettingError):
        layers.lay(Layer(lambda setup: replace(setup, settings=replace(setup.settings, profile="observd"))))
    frozen(layers, 1).undo()

    assert play.setup == before


def test_a_rule_is_allowed_while_its_layer_lies() -> None:
    """Requests before and after are held to it."""
    play, layers = begun()
    allowed = frozenset({"undocumented-parameters-ignored"})

    play.journal.add(recorded("page=1"))
    with layers.lay(Layer(lambda setup: replace(setup, allowed=allowed))):
        play.journal.add(recorded("page=2"))
    play.journal.add(recorded("page=3"))

    assert [finding.request.number for finding in play.findings] == [1, 3]


def test_requests_are_held_to_the_account_and_policies_of_their_time() -> None:
    """`Web` is a slip beside `web`, and no more than unknown in another account."""
    play, layers = begun()

    other = replace(acme(), projects=acme().projects[1:])
    with layers.lay(Layer(lambda setup: replace(setup, world=other))):
        play.journal.add(recorded("projectKey=Web"))
    play.journal.add(recorded("projectKey=Web"))
    observed = replace(play.setup.settings, profile="observed")
    with layers.lay(Layer(lambda setup: replace(setup, settings=observed))):
        play.journal.add(recorded())

    found = [(finding.request.number, finding.rule) for finding in play.findings]
    assert found == [(2, "project-key-is-exact"), (3, "beta-header-required")]
