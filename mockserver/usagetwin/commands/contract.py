"""The command `usagetwin contract`: the effective contract, for other tools, and what else keeps it."""

from typing import TYPE_CHECKING

import click

from usagetwin.commands.document_options import document_options
from usagetwin.errors import readable

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command()
@click.option(
    "--openapi", default="3.1", show_default=True, type=click.Choice(["3.0", "3.1"]), help="OpenAPI version."
)
@click.option("--format", "form", default="yaml", show_default=True, type=click.Choice(["yaml", "json"]))
@document_options
def contract(*, openapi: str, form: str, document: str | None, operations: tuple[str, ...]) -> None:
    """Print the effective contract: the document with the overlay applied.

    With --document, list the operations of it that have the contract's parameters, with what differs; with
    --operation as well, print the contract that these are held to.
    """
    from usagetwin.contract import render
    from usagetwin.contract.siblings import chosen

    if document is not None and not operations:
        for line in _listed(document):
            click.echo(line)
        return
    click.echo(render(openapi, form, chosen(document, operations)), nl=False)


def _listed(document: str) -> "Iterator[str]":
    """Say of each operation of the contract's shape whether it keeps it, and what differs."""
    from usagetwin.contract.siblings import read, siblings_of

    siblings = siblings_of(read(document))
    for sibling in siblings:
        operation = sibling.operation
        verdict = "differs" if sibling.differences else f"fits: {operation.counted}"
        yield readable(f"{operation.id}  GET {operation.path}  {verdict}")
        for difference in sibling.differences:
            yield f"  {readable(difference)}"
    fitting = sum(not sibling.differences for sibling in siblings)
    yield (
        f"{fitting} of {len(siblings)} operations with the contract's parameters keep the contract"
        if siblings
        else "no operation has the contract's parameters"
    )
