"""What a play was told, as a document: another process reads the same."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.acme import FULL, NOW_S
from tests.stage.records import acme, recorded
from usagetwin.settings import Settings
from usagetwin.stage import changes
from usagetwin.stage.faults import make_fault
from usagetwin.stage.matching import Named
from usagetwin.stage.passing_on import Said
from usagetwin.stage.setup import Setup
from usagetwin.stage.shared.script import Script, Written, digest, read, world_of_text, write

if TYPE_CHECKING:
    from usagetwin.account.world import World

OPTIONS: Final = Setup(world=acme(), settings=Settings(profile="observed", reply_cache=False), frozen_s=NOW_S)
COUNTS: Final = {"web": {"2026-03-01": 7, "2026-03-02": 9}}


def again(script: Script) -> Script:
    """Write a script, and read it as another process does."""
    written = write(script, OPTIONS, {})
    return read(written.text, OPTIONS, lambda key: world_of_text(written.fresh[key]))


def test_what_was_never_told_is_what_the_options_say() -> None:
    """The very setup, which is how it is known that nothing was told."""
    script = again(Script(first=OPTIONS, setup=OPTIONS, recording=True))

    assert script.setup is OPTIONS
    assert script.first is OPTIONS
    assert script.recording


def test_all_that_a_setup_can_be_told_comes_back() -> None:
    """Equal to the last part of a second."""
    setup = changes.all_of(
        [
            changes.of_world(COUNTS),
            changes.weighing(33),
            changes.frozen("2026-03-02T12:00:00Z"),
            changes.advanced(0.1),
            changes.of_profile("documented"),
            changes.decided({"quota": 5}),
            changes.listing(FULL, "revoked"),
            changes.allowing(["project-key-is-exact"]),
            changes.deviating("counts-are-strings"),
        ]
    )(replace(OPTIONS, token="api-1"))

    script = again(Script(first=replace(OPTIONS, token="api-1"), setup=setup, name="a", token="api-1"))

    assert script.setup == setup
    assert script.first == replace(OPTIONS, token="api-1")
    assert (script.name, script.token) == ("a", "api-1")


def test_faults_come_back_with_their_numbers_and_whom_they_are_for() -> None:
    """Those with a predicate of parameters, those with a name, and those for all."""
    faults = (
        make_fault("delay", seconds=2, times=3, when={"projectKey": ["web", "app"], "to": None}),
        make_fault("server-error", when=Named("odd"), chance=0.25, seed=7),
        make_fault("counts-are-strings"),
    )
    for number, fault in enumerate(faults, 4):
        fault.number = number

    script = again(Script(first=OPTIONS, setup=OPTIONS, faults=faults, count=9))

    def told(script: Script) -> list[object]:
        return [(f.name, f.number, dict(f.details), f.when, f.times, f.chance, f.seed) for f in script.faults]

    assert script.count == 9
    assert told(script) == told(Script(first=OPTIONS, setup=OPTIONS, faults=faults))
    named = replace(recorded(), said=Said(faults=frozenset({"odd"})))
    assert [f.is_for(named) for f in script.faults] == [False, True, True]
    assert script.faults[0].is_for(recorded("projectKey=app&projectKey=web"))


def test_a_world_is_written_once_and_known_by_its_digest() -> None:
    """A built-in one by its name, and that of the options not at all."""
    sent = changes.of_world(COUNTS)(OPTIONS)
    idle = changes.of_built_in_world("idle")(OPTIONS)
    known: dict[str, World] = {}

    def wrote(setup: Setup) -> Written:
        return write(Script(first=OPTIONS, setup=setup), OPTIONS, known)

    first = wrote(sent)
    ((key, text),) = first.fresh.items()
    assert key == digest(text)
    assert first.worlds == {key: sent.world}
    known.update(first.worlds)
    assert wrote(sent).fresh == {}
    assert wrote(sent).worlds == {key: sent.world}
    assert wrote(idle).worlds == wrote(OPTIONS).worlds == {}
    assert read(wrote(idle).text, OPTIONS, world_of_text).setup == idle
