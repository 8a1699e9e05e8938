"""The commands that change how a play answers: its clock, account, policies; and whether it records."""

from typing import TYPE_CHECKING, Any, Final

import click

from usagetwin.commands.control import rows
from usagetwin.commands.control.options import for_a_play, is_default
from usagetwin.commands.control.pairs import pairs
from usagetwin.commands.control.saying import say_to_play, show
from usagetwin.commands.numbers import FiniteRange
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

FORWARD: Final = "--days 1, or --weeks, --hours, --minutes, --seconds"


@click.command()
@click.argument("instant")
@for_a_play
def freeze(*, instant: str) -> None:
    """Freeze the clock at INSTANT: Unix seconds, a date, or such as 2026-03-17T15:20:00Z."""
    show(say_to_play("PUT", "/clock", {"now": instant}), rows.clock)


@click.command()
@click.option("--weeks", type=FiniteRange(), metavar="NUMBER", help="So many weeks.")
@click.option("--days", type=FiniteRange(), metavar="NUMBER", help="So many days.")
@click.option("--hours", type=FiniteRange(), metavar="NUMBER", help="So many hours.")
@click.option("--minutes", type=FiniteRange(), metavar="NUMBER", help="So many minutes.")
@click.option("--seconds", type=FiniteRange(), metavar="NUMBER", help="So many seconds.")
@for_a_play
def advance(**units: float | None) -> None:
    """Let the clock stand later, frozen."""
    given = {name: number for name, number in units.items() if number is not None}
    if not given:
        problem = "nothing says how far the clock advances"
        raise SettingError(problem, FORWARD)
    remedies = {"invalid_request": f"{FORWARD}; or `usagetwin control freeze INSTANT`, for any other instant"}
    show(say_to_play("POST", "/clock/advance", given, remedies=remedies), rows.clock)


@click.command()
@for_a_play
def release() -> None:
    """Let the clock be the machine's."""
    show(say_to_play("PUT", "/clock", {"now": None}), rows.clock)


@click.command()
@click.argument("name", metavar="[NAME|FILE]", required=False)
@for_a_play
def world(*, name: str | None) -> None:
    """Show the account that answers, or let another one: a name of `usagetwin worlds`, or a file."""
    if name is None:
        show(say_to_play("GET", "/world"), rows.world)
        return
    from usagetwin.commands.control.world_files import body_and_file

    body, file = body_and_file(name)
    show(say_to_play("PUT", "/world", body, where=file), rows.world)


@click.command()
@click.argument("policies", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--profile", metavar="NAME", help="Let another set of policies hold, below those by name.")
@for_a_play
def policy(*, policies: "Sequence[str]", profile: str | None) -> None:
    """Show the profile and the policies, or change them; see `usagetwin policies`."""
    body: dict[str, Any] = {} if profile is None else {"profile": profile}
    if policies:
        body["policies"] = dict(pairs(policies, "quota=5; `usagetwin policies` lists them"))
    told = say_to_play("PATCH", "/policies", body) if body else say_to_play("GET", "/policies")
    show(told, rows.policies)


@click.command()
@click.argument("role")
@click.argument("of", metavar="[TOKEN]", required=False)
@for_a_play
def role(*, role: str, of: str | None) -> None:
    """Say what a token may do: full, revoked, forbidden or throttled.

    It is the play's own; in the default play, which has none, the TOKEN of a client.
    """
    if of is None and is_default():
        problem = "the default play has no token of its own"
        remedy = "usagetwin control role ROLE TOKEN, with a client's; or --play, for that play's"
        raise SettingError(problem, remedy)
    body = {"role": role} if of is None else {"role": role, "token": of}
    show(say_to_play("PUT", "/role", body), rows.role)


@click.command()
@click.argument("state", metavar="on|off", type=click.Choice(["on", "off"]))
@for_a_play
def record(*, state: str) -> None:
    """Record the requests of the default play, or no more; other plays record all of theirs."""
    remedies = {"conflict": "`usagetwin control journal --clear`, or `usagetwin control end PLAY`"}
    show(say_to_play("PUT", "/journal", {"recording": state == "on"}, remedies=remedies), rows.recording)
