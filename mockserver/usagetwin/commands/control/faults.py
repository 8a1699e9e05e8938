"""The commands about faults: show one, list them, take them back."""

from typing import TYPE_CHECKING, Any

import click

from usagetwin.commands.control import rows
from usagetwin.commands.control.options import for_a_play
from usagetwin.commands.control.pairs import conditions, number_or_text, pairs
from usagetwin.commands.control.saying import say_to_play, show, understood
from usagetwin.commands.numbers import FiniteRange
from usagetwin.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.argument("name")
@click.argument("details", metavar="[DETAIL=VALUE]...", nargs=-1)
@click.option("--times", type=int, metavar="NUMBER", help="How many requests get it; else all.")
@click.option(
    "--chance", type=FiniteRange(), metavar="SHARE", help="The share of requests that get it, such as 0.3."
)
@click.option("--seed", type=int, metavar="NUMBER", help="Which requests these are, so that they repeat.")
@click.option(
    "--when",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter that a request must have; NAME= for one that it must not have. May be repeated.",
)
@for_a_play
def fault(*, name: str, details: "Sequence[str]", when: "Sequence[str]", **how: float | None) -> None:
    """Show the fault NAME, or a status such as 502, from the next request on.

    DETAIL is what the fault itself takes, such as `delay seconds=2`.
    """
    body: dict[str, Any] = {key: value for key, value in how.items() if value is not None}
    body["name"] = number_or_text(name)
    if details:
        body["details"] = {key: number_or_text(value) for key, value in pairs(details, "seconds=2")}
        for key in (*how, "when"):
            if key in body["details"]:
                problem = f"{key!r} is an option, and no detail of a fault"
                raise SettingError(problem, f"--{key}; usagetwin control fault --help")
    if when:
        body["when"] = conditions(when)
    show(say_to_play("POST", "/faults", body), rows.fault)


@click.command()
@for_a_play
def faults() -> None:
    """List the faults that were added, and how often each was shown."""
    show(say_to_play("GET", "/faults"), rows.faults, nothing="no request gets a fault")


@click.command("no-faults")
@click.argument("number", type=int, required=False)
@for_a_play
def no_faults(*, number: int | None) -> None:
    """Take all faults back, or the one with NUMBER, which is shown once more."""
    if number is None:
        show(say_to_play("DELETE", "/faults"), rows.faults, nothing="no request gets a fault")
        return
    listed = understood(
        say_to_play("GET", "/faults"), lambda document: [str(each["fault"]) for each in document["faults"]]
    )
    if str(number) not in listed:
        remedy = nearest(str(number), listed) if listed else "usagetwin control fault NAME, to add one"
        problem = f"there is no fault {number} in this play"
        raise SettingError(problem, remedy)
    show(say_to_play("DELETE", f"/faults/{number}"), rows.fault)
