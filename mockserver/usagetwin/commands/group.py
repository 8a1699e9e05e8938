"""How every command ends: our errors as text, our defects with the way to report them."""

import os
import sys

import click

from usagetwin.errors import UsageTwinError

USAGE: int = 2
INCONCLUSIVE: int = 3
TRACEBACK_VARIABLE: str = "USAGETWIN_TRACEBACK"


class CommandGroup(click.Group):
    """A group whose commands report our errors as text, with exit status 2, and our defects with 3."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except UsageTwinError as error:
            click.echo(f"usagetwin: {error}", err=True)
            sys.exit(USAGE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (
            BrokenPipeError
        ):  # who reads what we print has seen enough, as `head` has; click ends it silently
            raise
        except Exception as error:
            if os.environ.get(TRACEBACK_VARIABLE):
                raise
            said = f"{type(error).__name__}: {error}"
            click.echo(f"usagetwin: a defect of usagetwin, no verdict: {said}", err=True)
            click.echo(f"  try   {TRACEBACK_VARIABLE}=1 for the traceback, and report it", err=True)
            sys.exit(INCONCLUSIVE)
