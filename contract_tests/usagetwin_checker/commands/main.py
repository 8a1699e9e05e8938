"""The command `usagetwin`: the twin's commands and the checker's, in one group."""

import click

from usagetwin import __version__
from usagetwin.commands import completion
from usagetwin.commands.ca import ca
from usagetwin.commands.contract import contract
from usagetwin.commands.control.group import control
from usagetwin.commands.group import CommandGroup
from usagetwin.commands.health import health
from usagetwin.commands.policies import policies
from usagetwin.commands.serve import serve
from usagetwin.commands.worlds import worlds
from usagetwin_checker.commands.blind_spots import blind_spots
from usagetwin_checker.commands.check import check
from usagetwin_checker.commands.demo import demo
from usagetwin_checker.commands.drift import drift
from usagetwin_checker.commands.drift_behaviour import drift_behaviour
from usagetwin_checker.commands.drift_document import drift_document
from usagetwin_checker.commands.explain import explain
from usagetwin_checker.commands.faults import faults
from usagetwin_checker.commands.proxy import proxy
from usagetwin_checker.commands.record import record
from usagetwin_checker.commands.run import run
from usagetwin_checker.commands.score import score
from usagetwin_checker.commands.world import world


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="usagetwin")
def main() -> None:
    """Serve and check a twin of LaunchDarkly's observability-sessions usage API."""


for command in (demo, serve, run, blind_spots, control, ca, contract, worlds, policies, health):
    main.add_command(command)
for command in (check, proxy, record, world, drift, explain, faults, score):
    main.add_command(command)
for command in (drift_document, drift_behaviour):
    drift.add_command(command)
completion.add_to(main)
