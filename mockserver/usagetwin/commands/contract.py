"""The command `usagetwin contract`: the effective contract, for any other OpenAPI tool."""

import click


@click.command()
@click.option(
    "--openapi", default="3.1", show_default=True, type=click.Choice(["3.0", "3.1"]), help="OpenAPI version."
)
@click.option("--format", "form", default="yaml", show_default=True, type=click.Choice(["yaml", "json"]))
def contract(*, openapi: str, form: str) -> None:
    """Print the effective contract: the document with the overlay applied."""
    from usagetwin.contract import render

    click.echo(render(openapi, form), nl=False)
