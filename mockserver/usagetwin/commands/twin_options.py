"""The options that say what a twin answers: `serve`'s own, for other commands that start one.

Rule: `serve` alone says what they are called, read from and checked by.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.commands.serve import policies_of, serve
from usagetwin.commands.shown_deviation import shown_deviation
from usagetwin.settings import Settings, operations_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

ACCOUNT: Final = ("world", "now", "profile", "policies", "rate_limits", "store", "document", "operations")
SHARED: Final = (*ACCOUNT, "faults", "variations")


def twin_options(command: "click.Command") -> "click.Command":
    """Give a command these options, before its own."""
    return _with(SHARED, command)


def honest_twin_options(command: "click.Command") -> "click.Command":
    """Give a command those of them that make no twin deviate, before its own."""
    return _with(ACCOUNT, command)


def _with(names: "Sequence[str]", command: "click.Command") -> "click.Command":
    command.params[:0] = [each for each in serve.params if each.name in names]
    return command


def settings_of(  # noqa: PLR0913 -- one argument for each option
    *,
    world: str,
    now: str | None,
    profile: str,
    policies: "Sequence[tuple[str, str]]",
    rate_limits: "Sequence[str]",
    store: str,
    document: str | None = None,
    operations: "Sequence[str]" = (),
    faults: "Sequence[str]" = (),
    variations: "Sequence[str]" = (),
) -> Settings:
    """Give what the options say. Raises SettingError."""
    return Settings(
        world=world,
        now=now,
        profile=profile,
        policies=policies_of(policies, rate_limits),
        store=store,
        deviation=shown_deviation(faults, variations),
        operations=operations_of(document, operations),
    )
