"""The command `usagetwin record`: a command whose requests are passed on, judged and recorded."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.files import refuse_taken
from usagetwin.errors import SettingError, quoted
from usagetwin.hosts import HOSTS, host_name
from usagetwin_checker.commands.passing_by import counted, gone_by_of, tell_the_end
from usagetwin_checker.commands.report_files import with_token
from usagetwin_checker.commands.run import LEFT
from usagetwin_checker.commands.upstream_options import upstream_and_options, upstream_options

if TYPE_CHECKING:
    from usagetwin_checker.leading.led_server import LedServer
    from usagetwin_checker.proxying.gone_by import GoneBy
    from usagetwin_checker.proxying.upstream import Upstream
    from usagetwin_checker.running.report import Options

REAL: Final = f"https://{HOSTS[0]}"
FILE: Final = "recording.har"
OPTION: Final = "--output"


@click.command(context_settings={"allow_interspersed_args": False})
@click.option(
    "-o",
    OPTION,
    "output",
    default=FILE,
    show_default=True,
    metavar="FILE.har",
    type=click.Path(path_type=Path),
    help="Where the recording is written, in the place of an old one.",
)
@click.option(
    "--upstream",
    default=REAL,
    show_default=True,
    metavar="URL",
    help="Where requests are passed on to: another host of LaunchDarkly's, or a twin, which gets those to "
    "all of them.",
)
@upstream_options
@click.option(
    "--block-other-hosts", is_flag=True, help="Refuse all hosts but those that are led, and this machine."
)
@click.option(
    "--tls-port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Port of HTTPS on this machine, for clients that are led by name; by default a free one.",
)
@click.option("--verbose", is_flag=True, help="Tell of each choice in full, and of each rule not judged.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND...")
def record(  # noqa: PLR0913 -- one argument for each option
    *,
    output: Path,
    upstream: str,
    block_other_hosts: bool,
    tls_port: int,
    verbose: bool,
    command: tuple[str, ...],
    **others: Any,  # noqa: ANN401 -- the options of `upstream_options`
) -> None:
    """Run COMMAND, pass its requests to app.launchdarkly.com on, record them, and say what the answers break.

    Exit status: the command's own; 126 and 127 for a command that can't be run or is not there; 128 and the
    signal's number where one ended it. `usagetwin check FILE.har` has one for the verdict.
    """
    if not command:
        problem = "no command is given"
        raise SettingError(problem, "usagetwin record -- COMMAND, such as: usagetwin record -- npm test")
    from usagetwin_checker.leading.forwarding import Forwarding
    from usagetwin_checker.leading.program import NotRunError, perform, refuse_elsewhere, refuse_missing

    refuse_elsewhere()
    try:
        with Forwarding() as forwarding:
            refuse_missing(command)
            refuse_taken({OPTION: output}, with_token({"the CAs": others["cacert"]}))
            to, options = upstream_and_options(upstream, **others)
            gone_by = gone_by_of(to, options, output, option=OPTION)
            try:
                with _led(to, gone_by, block_other_hosts=block_other_hosts, tls_port=tls_port) as led:
                    ended = perform(command, led.environment, forwarding)
                    gone_by.begin()
            finally:
                gone_by.end()
    except NotRunError as error:
        click.echo(f"usagetwin: {error}", err=True)
        sys.exit(error.status)
    if ended.left_something:
        click.echo(LEFT, err=True)
    _tell(gone_by, to, options, output, verbose=verbose)
    sys.exit(ended.status)


def _led(to: "Upstream", gone_by: "GoneBy", *, block_other_hosts: bool, tls_port: int) -> "LedServer":
    """Give the proxy in the place of the hosts."""
    from usagetwin_checker.leading.led_server import LedServer
    from usagetwin_checker.proxying.app import Proxy

    proxy = Proxy(to, gone_by)
    return LedServer(
        proxy,
        hosts=_led_hosts(to),
        block_other_hosts=block_other_hosts,
        tls_port=tls_port,
        at_end=proxy.close,
    )


def _led_hosts(to: "Upstream") -> tuple[str, ...]:
    """Give the hosts that are led: upstream alone where it is LaunchDarkly's, since a token is for one."""
    host = host_name(to.host) or ""
    return (host,) if host in HOSTS else HOSTS


def _tell(gone_by: "GoneBy", to: "Upstream", options: "Options", output: Path, *, verbose: bool) -> None:
    """Say what went by, and where it can be judged again."""
    from rich.console import Console

    from usagetwin_checker.leading.tally import NO_CALLS
    from usagetwin_checker.reporting.terminal import on_terminal

    hosts = _led_hosts(to)
    if not gone_by.judged:
        click.echo(f"usagetwin: no request for usage to {' or '.join(hosts)} went by", err=True)
        click.echo(NO_CALLS, err=True)
        if len(hosts) == 1:
            others = ", ".join(host for host in HOSTS if host not in hosts)
            click.echo(f"  try   --upstream https://HOST for a client that asks {others}", err=True)
    else:
        on_terminal(gone_by.report(), Console(emoji=False, stderr=True), verbose=verbose)
    tell_the_end(gone_by)
    if gone_by.judged:
        said = f"usagetwin: {counted(gone_by)} to {to.base_url} and the answers are in {quoted(str(output))}"
        strict = " --strict" if options.strict else ""
        again = f"\n  try   usagetwin check {shlex.quote(str(output))}{strict}" if gone_by.recorded else ""
        click.echo(said + again, err=True)
