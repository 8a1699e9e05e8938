"""The commands about plays as such: make one, list them, end one, begin again."""

import click

from usagetwin.commands.control import rows
from usagetwin.commands.control.options import Given, for_a_play, for_a_twin, wants_json
from usagetwin.commands.control.saying import note, number_of, say, say_to_play, show, understood


@click.command()
@click.option("--name", metavar="TEXT", help="What the play is for; --play takes it as well as the number.")
@click.option("--world", metavar="NAME", help="The account that answers; see `usagetwin worlds`.")
@click.option("--now", metavar="INSTANT", help="Freeze its clock.")
@for_a_twin
def play(**said: str | None) -> None:
    """Make a play, and print the token that a client comes to it with, and nothing else."""
    answer = say("POST", "/plays", {name: value for name, value in said.items() if value is not None})
    if wants_json():
        show(answer, rows.play)
        return
    number, token = understood(answer, lambda document: (str(document["play"]), str(document["token"])))
    note(f"this is the token of play {number}")
    click.echo(token)


@click.command()
@for_a_twin
def plays() -> None:
    """List the plays: names, accounts, clocks, and what was asked of them."""
    show(say("GET", "/plays"), rows.plays)


@click.command()
@click.argument("which", metavar="PLAY")
@for_a_twin
def end(*, which: str) -> None:
    """End PLAY, a number or a name; its token is refused from then on."""
    number = number_of(Given(which, ""))
    remedies = {"conflict": "`usagetwin control reset`, which lets it be as it began"}
    show(say("DELETE", f"/plays/{number}", remedies=remedies), rows.play)


@click.command()
@for_a_play
def reset() -> None:
    """Let the play be as it began, without faults, journal and findings."""
    show(say_to_play("POST", "/reset"), rows.play)
