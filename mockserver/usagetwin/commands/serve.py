"""The command `usagetwin serve`: the twin's options, and the words that it starts with."""

import gc
import sys
from typing import TYPE_CHECKING

import click

from usagetwin.commands.document_options import document_variables
from usagetwin.commands.https import with_https
from usagetwin.commands.numbers import FiniteRange
from usagetwin.commands.replay import replay_options, tape_of
from usagetwin.commands.shown_deviation import shown_deviation
from usagetwin.commands.variables import VariableOption, naming_variables
from usagetwin.errors import SettingError, quoted
from usagetwin.policies import POLICIES, PROFILES, parse_policy
from usagetwin.rates import TAKES as RATES
from usagetwin.rates import rates_of
from usagetwin.settings import DEFAULT_PROFILE, DEFAULT_WORLD, Settings, operations_of
from usagetwin.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.commands.https import Https
    from usagetwin.replay.tape import Tape

POLICY_HELP = "A policy, as NAME=VALUE; may be repeated.\n\n\b\n" + "\n".join(
    f"{name}={policy}" for name, policy in POLICIES.items()
)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    cls=VariableOption,
    envvar="USAGETWIN_HOST",
    help="Address to listen on.",
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    cls=VariableOption,
    envvar="USAGETWIN_PORT",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--world",
    default=DEFAULT_WORLD,
    show_default=True,
    cls=VariableOption,
    envvar="USAGETWIN_WORLD",
    metavar="NAME|FILE",
    help="The account that answers: a name of `usagetwin worlds`, a YAML file, or a CSV file.",
)
@click.option(
    "--now",
    cls=VariableOption,
    envvar="USAGETWIN_NOW",
    metavar="INSTANT",
    help="Freeze the clock: Unix seconds, a date, or an instant such as 2026-03-17T15:20:00Z.",
)
@click.option(
    "--profile",
    default=DEFAULT_PROFILE,
    show_default=True,
    cls=VariableOption,
    envvar="USAGETWIN_PROFILE",
    metavar="NAME|FILE",
    help=f"A set of policies: {', '.join(PROFILES)}, or a YAML file of policies and variations.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=parse_policy,
    cls=VariableOption,
    envvar="USAGETWIN_POLICY",
    metavar="NAME=VALUE",
    help=POLICY_HELP,
)
@click.option(
    "--rate-limit",
    "rate_limits",
    multiple=True,
    metavar="[route:]N/TIME",
    help="How many requests each token has, such as 100/10s; with route: all of them together. May be "
    "repeated; the policy `quota` in other words.",
)
@click.option(
    "--store",
    default=MEMORY,
    show_default=True,
    cls=VariableOption,
    envvar="USAGETWIN_STORE",
    metavar="URL",
    help="Where requests are counted for that, and plays are; redis://HOST:PORT lets workers and replicas "
    "share them.",
)
@document_variables
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Break the contract on purpose; see `usagetwin faults`.",
)
@click.option(
    "--variation",
    "variations",
    multiple=True,
    metavar="NAME",
    help="Differ as a correct API may; see `usagetwin faults`.",
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of server processes."
)
@click.option(
    "--idle-timeout",
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    type=FiniteRange(0.1, 86400),
    help="How long a client may take to send a request, or to take an answer.",
)
@click.option(
    "--log",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    help="How the log is written: lines to read, or one JSON object a line.",
)
@click.option("--quiet", is_flag=True, help="Print the ready line and errors only: no log.")
@click.option("--no-reply-cache", is_flag=True, help="Answer a repeated request from scratch every time.")
@click.option("--no-control", is_flag=True, help="Leave out the control API, and with it all plays.")
@click.option("--no-page", is_flag=True, help="Leave out the page for browsers at /.")
@click.option("--no-metrics", is_flag=True, help="Count nothing, and have no /__twin__/metrics.")
@click.option("--otel", is_flag=True, help="Send traces, as OpenTelemetry's variables say.")
@replay_options
@with_https
def serve(  # noqa: PLR0913 -- one argument for each option
    *,
    host: str,
    port: int,
    world: str,
    now: str | None,
    profile: str,
    policies: "Sequence[tuple[str, str]]",
    rate_limits: "Sequence[str]",
    store: str,
    document: str | None,
    operations: "Sequence[str]",
    faults: "Sequence[str]",
    variations: "Sequence[str]",
    workers: int,
    idle_timeout: float,
    log: str,
    quiet: bool,
    no_reply_cache: bool,
    no_control: bool,
    no_page: bool,
    no_metrics: bool,
    otel: bool,
    replay: str | None,
    recorded_at: str | None,
    https: "Https",
) -> None:
    """Serve the twin of GET /api/v2/usage/observability/sessions.

    SIGTERM and Ctrl-C answer what has been asked, and end the twin within 12 seconds, whatever its clients
    do. SIGHUP replaces its workers one by one, and renews their certificates. Workers end with their parent.
    """
    with naming_variables(click.get_current_context()):
        served = operations_of(document, operations)
    settings = Settings(
        world=world,
        now=now,
        profile=profile,
        policies=policies_of(policies, rate_limits),
        store=store,
        deviation=shown_deviation(faults, variations),
        reply_cache=not no_reply_cache,
        access_log=not quiet,
        operations=served,
    )
    with naming_variables(click.get_current_context()):
        tape = tape_of(replay, recorded_at, click.get_current_context())
        _serve(
            settings,
            host=host,
            port=port,
            workers=workers,
            idle_s=idle_timeout,
            quiet=quiet,
            control=not no_control,
            page=not no_page,
            metrics=not no_metrics,
            log_in_json=log == "json",
            otel=otel,
            https=https,
            tape=tape,
        )


def _serve(  # noqa: PLR0913 -- what a server is started with
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int,
    idle_s: float,
    quiet: bool,
    control: bool,
    page: bool,
    metrics: bool,
    log_in_json: bool,
    otel: bool,
    https: "Https",
    tape: "Tape | None",
) -> None:
    """Load the account, or the app of a tape, and the libraries, and serve until told to stop."""
    gc.disable()  # until the server is up: a start makes hardly any garbage, and looking for it takes a sixth
    try:
        from usagetwin.accesses.objects import event
        from usagetwin.account.world import load_world
        from usagetwin.commands.introduction import introduction, replayed
        from usagetwin.replay.app import Replay
        from usagetwin.serving.assembly import Wanted
        from usagetwin.serving.server import (
            serve as serve_until_stopped,  # the app and its libraries, only here
        )
        from usagetwin.serving.tracing import wants_traces

        account = load_world(settings.world) if tape is None else None
        if account is not None:
            settings = settings.at(account.now)
        for note in () if account is None else account.notes():
            click.echo(event("note", {"message": note}) if log_in_json else f"usagetwin: {note}", err=True)
        shown = https.shown(host)

        def ready(url: str, tls_url: str = "") -> None:
            secure = None if shown is None else (tls_url, shown[1])
            if not quiet and not log_in_json:
                lines = () if tape is None else replayed(tape, url, secure)
                if account is not None:
                    lines = introduction(settings, account, url, secure, page=page)
                for line in lines:
                    click.echo(line, err=True)
            click.echo(f"usagetwin ready on {' and '.join(filter(None, [url, tls_url]))}")

        serve_until_stopped(
            settings,
            world=account,
            host=host,
            port=port,
            workers=workers,
            idle_s=idle_s,
            wanted=Wanted(
                control=control,
                page=page,
                metrics=metrics,
                log_in_json=log_in_json,
                traces=wants_traces(asked=otel),
            ),
            tls=None if shown is None else shown[0],
            instead=None if tape is None else Replay(tape),
            ready=ready,
        )
    finally:
        gc.enable()
    sys.exit(0)  # whether or not anyone could read the ready line


def policies_of(policies: "Sequence[tuple[str, str]]", rate_limits: "Sequence[str]") -> dict[str, str]:
    """Give the policies, with the rate limits as the one that they are. Raises SettingError."""
    chosen = dict(policies)
    if not rate_limits:
        return chosen
    written = ",".join(rate_limits)
    if "quota" in chosen:
        problem = f"--rate-limit {written} and --policy quota={chosen['quota']} say the same thing twice"
        raise SettingError(problem, "one of the two")
    if rates_of(written) is None:
        problem = f"the rate limit {quoted(written)} can't be read"
        raise SettingError(problem, RATES)
    return {**chosen, "quota": written}
