"""The command `usagetwin run`: a command that is led to a twin, and what its requests broke."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.twin_options import settings_of, twin_options
from usagetwin.commands.variables import naming_variables
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from usagetwin_checker.leading.program import Ended
    from usagetwin_checker.leading.tally import Tally
    from usagetwin_checker.leading.twin import LedTwin

FAIL: Final = "fail"
OFF: Final = "off"
BROKEN: Final = 1
LEFT: Final = "usagetwin: the command left something running, which was ended"
UNCALLED: Final = "usagetwin: --expect-calls wants a request, and none came"


@twin_options
@click.command(context_settings={"allow_interspersed_args": False})
@click.option(
    "--requests",
    default=FAIL,
    show_default=True,
    type=click.Choice([FAIL, "warn", OFF]),
    help="What requests that break a rule do: make the status 1, be told of, or nothing.",
)
@click.option("--expect-calls", is_flag=True, help="Fail where no request came.")
@click.option(
    "--block-other-hosts", is_flag=True, help="Refuse all hosts but LaunchDarkly's three and this machine."
)
@click.option(
    "--tls-port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Port of HTTPS on this machine, for clients that are led by name; by default a free one.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND...")
def run(
    *,
    requests: str,
    expect_calls: bool,
    block_other_hosts: bool,
    tls_port: int,
    command: tuple[str, ...],
    **twin: Any,  # noqa: ANN401 -- the options that `twin_options` adds, as `settings_of` takes them
) -> None:
    """Run COMMAND, whose requests to app.launchdarkly.com a twin answers, and say what they break.

    Exit status: the command's own, or 1 where that is 0 and a rule is broken; 126 and 127 for a command that
    can't be run or is not there; 128 and the signal's number where one ended it.
    """
    if not command:
        problem = "no command is given"
        raise SettingError(problem, "usagetwin run -- COMMAND, such as: usagetwin run -- npm test")
    from usagetwin_checker.leading.program import NotRunError, refuse_elsewhere

    refuse_elsewhere()
    try:
        ended, tally = _led(command, block_other_hosts=block_other_hosts, tls_port=tls_port, **twin)
    except NotRunError as error:
        click.echo(f"usagetwin: {error}", err=True)
        sys.exit(error.status)
    if ended.left_something:
        click.echo(LEFT, err=True)
    for line in tally.words(rules=requests != OFF):
        click.echo(line, err=True)
    uncalled = expect_calls and not tally.requests
    if uncalled:
        click.echo(UNCALLED, err=True)
    fails = uncalled or tally.failed or (requests == FAIL and tally.breaks_rules)
    sys.exit(ended.status or (BROKEN if fails else 0))


def _led(
    command: tuple[str, ...],
    *,
    block_other_hosts: bool,
    tls_port: int,
    **twin: Any,  # noqa: ANN401 -- as above
) -> "tuple[Ended, Tally]":
    """Run the command beside a twin, and give how it ended and what it asked. Raises NotRunError."""
    from usagetwin_checker.leading.forwarding import Forwarding
    from usagetwin_checker.leading.program import perform

    with Forwarding() as forwarding:
        with naming_variables(click.get_current_context()):
            led = _twin(block_other_hosts=block_other_hosts, tls_port=tls_port, **twin)
        with led:
            ended = perform(command, led.environment, forwarding)
    return ended, led.tally


def _twin(*, block_other_hosts: bool, tls_port: int, **twin: Any) -> "LedTwin":  # noqa: ANN401 -- as above
    from usagetwin.account.world import load_world
    from usagetwin_checker.leading.twin import LedTwin

    settings = settings_of(**twin)
    world = load_world(settings.world)
    for note in world.notes():
        click.echo(f"usagetwin: {note}", err=True)
    return LedTwin(settings.at(world.now), world, block_other_hosts=block_other_hosts, tls_port=tls_port)
