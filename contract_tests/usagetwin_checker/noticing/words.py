"""How those are called who had a fault in front of them: the tests of pytest, or one command."""

from dataclasses import dataclass
from shlex import join
from typing import TYPE_CHECKING, Final

from usagetwin.deviations import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one kind of them.

    `began` takes how many there were; `unrepeatable` are left out; the others end "a fault that ...", and
    say how many were shown it or failed. `failure` takes who failed and why, `again` a deviation's name.
    """

    nothing_known: str
    began: "Callable[[int], str]"
    unrepeatable: str
    unnoticed: str
    hidden: str
    brittle: str
    shown: "Callable[[int], str]"
    failed: "Callable[[int, int], str]"
    failure: "Callable[[str, str | None], str]"
    again: "Callable[[str], str]"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def marker(name: str) -> str:
    """Give the marker under which a test is shown a deviation, to be pasted above it."""
    return f'@pytest.mark.usage_twin(faults="{name}")'


TESTS: Final = Words(
    nothing_known="No test that passed called the twin, so nothing is known.",
    began=lambda tests: f"{counted(tests, 'test')} called the twin and ran again",
    unrepeatable="Left out, as these fail when they run again without any:",
    unnoticed="that no test noticed",
    hidden="that changed no answer which a test got",
    brittle="broke tests, which assume more than the contract says",
    shown=lambda tests: f", shown to {counted(tests, 'test')}",
    failed=lambda failed, tests: f", by {failed} of {counted(tests, 'test')}",
    failure=lambda test, reason: f"{test}: {reason}" if reason else test,
    again=lambda name: f"see it in one test with {marker(name)}",
)


def of_command(command: "Sequence[str]", options: "Sequence[str]" = ()) -> Words:
    """Give the words for one command, of which there is nothing to count, and which ran with options."""
    return Words(
        nothing_known="Nothing is known of the command.",
        began=lambda _one: "The command ran again",
        unrepeatable="It fails when it runs again without any:",
        unnoticed="that it did not notice",
        hidden="that changed no answer which it got",
        brittle="made it fail, which assumes more than the contract says",
        shown=lambda _one: "",
        failed=lambda _failed, _one: "",
        failure=lambda _command, reason: reason or "",
        again=lambda name: f"see it with {_under(name, command, options)}",
    )


def _under(name: str, command: "Sequence[str]", options: "Sequence[str]") -> str:
    """Give the line of a shell that runs a command under one deviation."""
    option = "--fault" if name in faults() else "--variation"
    return join(("usagetwin", "run", *options, option, name, "--", *command))
