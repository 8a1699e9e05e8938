"""What `usagetwin serve` does with a recording: the options about it, and what it says of itself then."""

from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.core import ParameterSource

from usagetwin.contract.operation import PATH
from usagetwin.errors import SettingError
from usagetwin.settings import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.replay.tape import Tape

OPTION: Final = "--replay"
OF_A_TWIN: Final = {  # options that say what the twin's answers are, or where they are made, by parameter
    "world": "--world",
    "now": "--now",
    "profile": "--profile",
    "policies": "--policy",
    "rate_limits": "--rate-limit",
    "store": "--store",
    "faults": "--fault",
    "variations": "--variation",
    "workers": "--workers",
}
Function = TypeVar("Function", bound="Callable[..., Any]")


def replay_options(command: "Function") -> "Function":
    """Add the options about recordings."""
    replay = click.option(
        OPTION,
        metavar="FILE",
        help="Answer from a recording (HAR, mitmproxy, Charles, Postman, VCR.py, Schemathesis) alone.",
    )
    at = click.option(
        "--recorded-at", metavar="URL", help="For --replay: the base URL to answer for, of several."
    )
    return replay(at(command))


def tape_of(name: str | None, recorded_at: str | None, context: click.Context) -> "Tape | None":
    """Give the recording that is to be answered from, if there is one. Raises SettingError and FileError."""
    if name is None:
        if recorded_at is not None:
            problem = "--recorded-at chooses a base URL of a recording, and none is replayed"
            raise SettingError(problem, f"{OPTION} FILE beside it, or no --recorded-at")
        return None
    for parameter, option in OF_A_TWIN.items():
        source = context.get_parameter_source(parameter)
        if source not in (ParameterSource.DEFAULT, None):
            variable = source is ParameterSource.ENVIRONMENT and VARIABLES.get(parameter)
            problem = f"{variable or option} is about the twin, and {OPTION} answers from a recording alone"
            raise SettingError(problem, f"{OPTION} without {variable or option}")
    from usagetwin.replay.tape import load

    at = None if recorded_at is None else recorded_at.partition("?")[0].rstrip("/").removesuffix(PATH)
    return load(name, at)
