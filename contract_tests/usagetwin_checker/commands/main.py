"""The command `usagetwin`: the twin's commands and the checker's, in one group."""

import click

from usagetwin import __version__, commands
from usagetwin_checker.commands.check import check
from usagetwin_checker.commands.demo import demo
from usagetwin_checker.commands.explain import explain
from usagetwin_checker.commands.faults import faults
from usagetwin_checker.commands.score import score


@click.group(cls=commands.CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="usagetwin")
def main() -> None:
    """Serve and check a twin of LaunchDarkly's observability-sessions usage API."""


main.add_command(demo)
main.add_command(commands.serve)
main.add_command(commands.contract)
main.add_command(commands.worlds)
main.add_command(commands.health)
main.add_command(check)
main.add_command(explain)
main.add_command(faults)
main.add_command(score)
