"""The command `usagetwin serve`: the twin's options, and the words that it starts with."""

import gc
from typing import TYPE_CHECKING

import click

from usagetwin.errors import SettingError, nearest
from usagetwin.policies import POLICIES, PROFILES, parse_policy
from usagetwin.settings import DEFAULT_PROFILE, DEFAULT_WORLD, MEMORY, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY_HELP = "A policy, as NAME=VALUE; may be repeated.\n\n\b\n" + "\n".join(
    f"{name}={policy}" for name, policy in POLICIES.items()
)


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="USAGETWIN_HOST", help="Address to listen on."
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    envvar="USAGETWIN_PORT",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--world",
    default=DEFAULT_WORLD,
    show_default=True,
    envvar="USAGETWIN_WORLD",
    metavar="NAME|FILE",
    help="The account that answers: a name of `usagetwin worlds`, a YAML file, or a CSV file.",
)
@click.option(
    "--now",
    envvar="USAGETWIN_NOW",
    metavar="INSTANT",
    help="Freeze the clock: Unix seconds, a date, or an instant such as 2026-03-17T15:20:00Z.",
)
@click.option(
    "--profile",
    default=DEFAULT_PROFILE,
    show_default=True,
    envvar="USAGETWIN_PROFILE",
    metavar="NAME",
    help=f"A set of policies: {', '.join(PROFILES)}.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=parse_policy,
    envvar="USAGETWIN_POLICY",
    metavar="NAME=VALUE",
    help=POLICY_HELP,
)
@click.option(
    "--quota-store",
    default=MEMORY,
    show_default=True,
    envvar="USAGETWIN_QUOTA_STORE",
    metavar="URL",
    help="Where the policy `quota` counts; redis://HOST:PORT lets workers and replicas share it.",
)
@click.option("--fault", metavar="NAME", help="Break the contract on purpose; see `usagetwin faults`.")
@click.option("--variation", metavar="NAME", help="Differ as a correct API may; see `usagetwin faults`.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of server processes."
)
@click.option(
    "--idle-timeout",
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    type=click.FloatRange(0.1, 86400),
    help="How long a client may take to send a request, or to take an answer.",
)
@click.option("--quiet", is_flag=True, help="Print the ready line and errors only: no access log.")
@click.option("--no-reply-cache", is_flag=True, help="Answer a repeated request from scratch every time.")
def serve(  # noqa: PLR0913 -- one argument for each option
    *,
    host: str,
    port: int,
    world: str,
    now: str | None,
    profile: str,
    policies: "Sequence[tuple[str, str]]",
    quota_store: str,
    fault: str | None,
    variation: str | None,
    workers: int,
    idle_timeout: float,
    quiet: bool,
    no_reply_cache: bool,
) -> None:
    """Serve the twin of GET /api/v2/usage/observability/sessions.

    SIGTERM and Ctrl-C answer what has been asked, and end the twin within 12 seconds, whatever its clients
    do. SIGHUP replaces its workers one by one. Workers end with their parent.
    """
    settings = Settings(
        world=world,
        now=now,
        profile=profile,
        policies=dict(policies),
        quota_store=quota_store,
        deviation=_deviation(fault, variation),
        reply_cache=not no_reply_cache,
        access_log=not quiet,
    )
    gc.disable()  # until the server is up: a start makes hardly any garbage, and looking for it takes a sixth
    try:
        from usagetwin.account.world import load_world
        from usagetwin.serving.server import (
            serve as serve_until_stopped,  # the app and its libraries, only here
        )

        for note in load_world(world).notes():
            click.echo(f"usagetwin: {note}", err=True)
        serve_until_stopped(
            settings,
            host=host,
            port=port,
            workers=workers,
            idle_s=idle_timeout,
            ready=lambda url: click.echo(f"usagetwin ready on {url}"),
        )
    finally:
        gc.enable()


def _deviation(fault: str | None, variation: str | None) -> str | None:
    """Check the name of the deviation to show, if there is one. Raises SettingError."""
    if fault is not None and variation is not None:
        problem = "the twin can't show a fault and a variation at once"
        raise SettingError(problem, "--fault or --variation")
    if fault is None and variation is None:
        return None
    from usagetwin.deviations import faults, variations

    kind, name, known = ("fault", fault, faults()) if fault else ("variation", variation, variations())
    if name not in known:
        problem = f"there is no {kind} {name!r}"
        raise SettingError(problem, nearest(str(name), known))
    return name
