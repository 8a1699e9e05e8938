"""The options that all commands share: which twin is meant, which play, by which right, and how to print.

Rule: they can stand before the name of a command and after it; the later one counts, and both count more
than a variable.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from usagetwin.settings import CONTROL_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., None]
    Decorator = Callable[[Command], Command]

DEFAULT_URL: Final = "http://127.0.0.1:8080"
DEFAULT_PLAY: Final = "default"
KEPT: Final = "usagetwin.control."
VARIABLES: Final = {"url": "USAGETWIN_URL", "play": "USAGETWIN_PLAY", "token": CONTROL_VARIABLE}
METAVARS: Final = {"url": "URL", "play": "PLAY", "token": "TOKEN"}
HELP: Final = {
    "url": f"Where the twin is; {DEFAULT_URL} by default.",
    "play": "The play that is meant, by its number or name; else the default play.",
    "token": "The control token of a twin on another host; its variable is in no list of processes.",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What an option says, and what it was said by: the option, or its variable."""

    value: str
    said_by: str


def given(name: str) -> Given | None:
    """Give what was said by an option of this command, or before it."""
    kept: Given | None = click.get_current_context().meta.get(KEPT + name)
    return kept


def is_default() -> bool:
    """Tell whether it is the default play that is meant."""
    said = given("play")
    return said is None or said.value == DEFAULT_PLAY


def wants_json() -> bool:
    """Tell whether the answer is printed as it came."""
    return bool(click.get_current_context().meta.get(f"{KEPT}json"))


def with_variables(command: "Command") -> "Command":
    """Give the group all options, each with its variable."""
    for name in reversed(VARIABLES):
        command = _option(name, envvar=VARIABLES[name], show_envvar=True)(command)
    return _json(command)


def for_a_twin(command: "Command") -> "Command":
    """Give a command the options of one that no single play is meant by."""
    return _option("url")(_option("token")(_json(command)))


def for_a_play(command: "Command") -> "Command":
    """Give a command the options of one that is about a play."""
    return _option("play")(for_a_twin(command))


def _option(name: str, **how: Any) -> "Decorator":  # noqa: ANN401 -- click's own
    return click.option(
        f"--{name}", metavar=METAVARS[name], help=HELP[name], callback=_keep, expose_value=False, **how
    )


def _json(command: "Command") -> "Command":
    about = "Print the twin's answer as it came."
    return click.option("--json", is_flag=True, help=about, callback=_keep_flag, expose_value=False)(command)


def _keep(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    name = str(parameter.name)
    if value is not None:
        from_variable = ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT
        ctx.meta[KEPT + name] = Given(value, VARIABLES[name] if from_variable else f"--{name}")


def _keep_flag(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's
    if value:
        ctx.meta[f"{KEPT}json"] = True
