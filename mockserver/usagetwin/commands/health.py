"""The command `usagetwin health`: whether a twin answers, for health checks."""

import sys

import click


@click.command()
@click.argument("url")
def health(*, url: str) -> None:
    """Tell whether a twin answers at URL: exit status 0 when it does, 1 when it does not."""
    from usagetwin.control.health import health as ask

    problem = ask(url)
    if problem is not None:
        click.echo(f"usagetwin: {problem}", err=True)
        sys.exit(1)
    click.echo(f"{url} is well")
    sys.exit(0)  # whether or not anyone can read that
