"""The options that bring operations of another document: `--document`, and `--operation` to choose of it."""

from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from usagetwin.commands.variables import VariableOption
from usagetwin.settings import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")
DOCUMENT: Final = (
    "An OpenAPI document (3.0 or 3.1, JSON or YAML) with operations that keep the same contract."
)
OPERATION: Final = (
    "Of that document: an operation, by its operationId or path; may be repeated. Else all that fit."
)


def document_options(command: "Function") -> "Function":
    """Add the options; the command gets `document` and `operations`."""
    return _options(command, {}, {})


def document_variables(command: "Function") -> "Function":
    """Add them as options that can come from the environment."""
    own = {name: {"cls": VariableOption, "envvar": VARIABLES[name]} for name in ("document", "operations")}
    return _options(command, own["document"], own["operations"])


def _options(command: "Function", document: dict[str, Any], operations: dict[str, Any]) -> "Function":
    named = click.option(
        "--operation", "operations", multiple=True, metavar="ID", help=OPERATION, **operations
    )
    return click.option("--document", metavar="FILE", help=DOCUMENT, **document)(named(command))
