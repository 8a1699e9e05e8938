"""How every command ends: our errors as text, our defects with the way to report them."""

import os
import sys

import click

from usagetwin.commands.streams import problem_of_output
from usagetwin.errors import UsageTwinError

LOST: int = 1
USAGE: int = 2
INCONCLUSIVE: int = 3
TRACEBACK_VARIABLE: str = "USAGETWIN_TRACEBACK"


class CommandGroup(click.Group):
    """A group whose commands report our errors as text, with exit status 2, and our defects with 3."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; one that has no verdict fails where its output can't be written."""
        try:
            result = super().invoke(ctx)
        except UsageTwinError as error:
            click.echo(f"usagetwin: {error}", err=True)
            sys.exit(USAGE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get(TRACEBACK_VARIABLE):
                raise
            said = f"{type(error).__name__}: {error}"
            click.echo(f"usagetwin: a defect of usagetwin, no verdict: {said}", err=True)
            click.echo(f"  try   {TRACEBACK_VARIABLE}=1 for the traceback, and report it", err=True)
            sys.exit(INCONCLUSIVE)
        if problem_of_output() is not None:
            sys.exit(LOST)
        return result
