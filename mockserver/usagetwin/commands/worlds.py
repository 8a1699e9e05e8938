"""The command `usagetwin worlds`: the accounts that come with usagetwin."""

import click


@click.command()
def worlds() -> None:
    """List the worlds that come with usagetwin, and what each is for."""
    from usagetwin.account.world import load_world, world_names

    for name in world_names():
        click.echo(f"{name:<16} {' '.join(load_world(name).about.split())}")
