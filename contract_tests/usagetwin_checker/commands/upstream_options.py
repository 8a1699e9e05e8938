"""The options of commands that pass requests on: to whom, and what is known of the account there."""

from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.numbers import FiniteRange
from usagetwin_checker.commands.account import knowledge_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin_checker.proxying.upstream import Upstream
    from usagetwin_checker.running.report import Options

OPTIONS: Final = (
    click.option(
        "--allow-host",
        "allowed",
        multiple=True,
        metavar="HOST",
        help="A host that requests may go to beside this machine and LaunchDarkly's; repeat it.",
    ),
    click.option("--cacert", metavar="FILE", help="The CAs that an https:// upstream is held to, in PEM."),
    click.option(
        "--timeout",
        default=60.0,
        show_default=True,
        type=FiniteRange(min=0, min_open=True),
        metavar="SECONDS",
        help="How long to wait for anything from upstream.",
    ),
    click.option(
        "--project", "projects", multiple=True, metavar="KEY", help="A project key of the account; repeat it."
    ),
    click.option("--complete", is_flag=True, help="The projects given are all that the account has."),
    click.option("--now", metavar="INSTANT", help="The upstream's time, where its answers don't show it."),
    click.option("--live", is_flag=True, help="A live account is upstream, though it is on loopback."),
    click.option(
        "--settles-after",
        type=click.IntRange(0, 24 * 366),
        metavar="HOURS",
        help="A day's counts are final so long after its end: at once on loopback, else 48.",
    ),
    click.option("--strict", is_flag=True, help="Fail on every rule; `observed` and `chosen` ones included."),
)


def upstream_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add them; the command gives all that it got of them to `upstream_and_options`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def upstream_and_options(  # noqa: PLR0913 -- one argument for each option
    url: str,
    *,
    allowed: tuple[str, ...],
    cacert: str | None,
    timeout: float,
    projects: tuple[str, ...],
    complete: bool,
    now: str | None,
    live: bool,
    settles_after: int | None,
    strict: bool,
) -> "tuple[Upstream, Options]":
    """Give where requests are passed on to, and what is known of the account there. Raises SettingError."""
    from usagetwin_checker.proxying.upstream import Upstream
    from usagetwin_checker.running.report import Options

    knowledge = knowledge_of(projects, complete=complete, now=now, settles_after=settles_after)
    upstream = Upstream(url, allowed=allowed, cacert=cacert, within_s=timeout)
    return upstream, Options(knowledge, live=live, strict=strict)
