"""Options that can come from the environment: what is wrong with such a value is said of its variable."""

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from usagetwin.errors import ContractError, FileError, SettingError, UsageTwinError
from usagetwin.settings import VARIABLES, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE_LINK: Final = re.compile(r"(tcp|udp|sctp)://")

OF_A_FILE: "Final[dict[type[UsageTwinError], str]]" = {FileError: "world", ContractError: "document"}


class VariableOption(click.Option):
    """An option with a variable, which errors name where the value came from it.

    A link that Kubernetes puts into a variable for a service of our name is passed over.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Read the variable."""
        value = super().resolve_envvar_value(ctx)
        return None if value is not None and SERVICE_LINK.match(value) else value

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Name what a wrong value came from."""
        name = str(self.name)
        return VARIABLES[name] if ctx is not None and _is_variable(ctx, name) else super().get_error_hint(ctx)

    def process_value(self, ctx: click.Context, value: Any) -> Any:  # noqa: ANN401 -- as click's own
        """Read the value."""
        with naming_variables(ctx):
            return super().process_value(ctx, value)


@contextmanager
def naming_variables(ctx: click.Context) -> "Iterator[None]":
    """Say of an error which variable its setting came from, if it came from one."""
    try:
        yield
    except (SettingError, FileError, ContractError) as error:
        setting = error.setting if isinstance(error, SettingError) else OF_A_FILE[type(error)]
        raise (named(error) if _is_variable(ctx, setting) else error) from None


def _is_variable(ctx: click.Context, name: str) -> bool:
    return name in VARIABLES and ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT
