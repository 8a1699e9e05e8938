"""The command `usagetwin faults`: every way in which the twin can be told to differ."""

import click


@click.command()
def faults() -> None:
    """List the faults and legal variations that `usagetwin serve` can show."""
    from usagetwin.deviations import faults as all_faults
    from usagetwin.deviations import variations

    for title, known in (
        ("faults (serve --fault NAME)", all_faults()),
        ("variations (serve --variation NAME)", variations()),
    ):
        click.echo(f"{title}:")
        for name, deviation in known.items():
            click.echo(f"  {name:<36} {deviation.about}")
