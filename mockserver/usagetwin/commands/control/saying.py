"""What a command does: it says one thing to the play that is meant, and shows the answer."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from usagetwin.commands.control.options import DEFAULT_PLAY, Given, given, wants_json
from usagetwin.errors import SettingError, nearest, quoted, readable
from usagetwin.settings import CONTROL_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from usagetwin.control.speaking import Answer

    Document = dict[str, Any]
    Rows = Iterable[Sequence[str]]

T = TypeVar("T")
NO_REMEDIES: "Final[Mapping[str, str]]" = {}
REMEDIES: "Final[Mapping[str, str]]" = {  # in the words of a shell, by the code of a refusal
    "unauthorized": f"--token or {CONTROL_VARIABLE} with what the twin has in {CONTROL_VARIABLE}",
    "forbidden": (
        f"{CONTROL_VARIABLE}, the same for `usagetwin serve` and for this command; "
        "or on the twin's own machine a --url with 127.0.0.1"
    ),
    "not_found": "a play of `usagetwin control plays`, or a new one: `usagetwin control play`",
}


def say(
    method: str,
    path: str,
    body: object = None,
    *,
    remedies: "Mapping[str, str]" = NO_REMEDIES,
    where: str = "",
) -> "Answer":
    """Say something to the twin. Raises SettingError.

    Where that is refused, `where` is what it was, and `remedies` are those of a shell, by code.
    """
    from usagetwin.commands.control.place import place
    from usagetwin.control.speaking import RefusedError, speak

    content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    try:
        return speak(place(), method, path, content)
    except RefusedError as error:
        remedy = {**REMEDIES, **remedies}.get(error.code, error.remedy)
        raise replace(error, remedy=remedy, where=where) from None


def say_to_play(
    method: str,
    path: str,
    body: object = None,
    *,
    remedies: "Mapping[str, str]" = NO_REMEDIES,
    where: str = "",
) -> "Answer":
    """Say something to the play that the options mean."""
    from usagetwin.control.speaking import RefusedError

    meant = given("play") or Given(DEFAULT_PLAY, "")
    number = number_of(meant)
    try:
        return say(method, f"/plays/{number}{path}", body, remedies=remedies, where=where)
    except RefusedError as error:
        raise (replace(error, where=meant.said_by) if error.code == "not_found" else error) from None


def number_of(meant: Given) -> str:
    """Give what the API calls a play that is meant by its number or name. Raises SettingError."""
    if meant.value == DEFAULT_PLAY or (meant.value.isascii() and meant.value.isdigit()):
        return meant.value
    listed = understood(
        say("GET", "/plays"),
        lambda document: [(str(each["play"]), str(each["name"])) for each in document["plays"]],
    )
    numbers = [number for number, name in listed if name == meant.value]
    if len(numbers) == 1:
        return numbers[0]
    if numbers:
        problem = f"{len(numbers)} plays are named {quoted(meant.value)}"
        raise SettingError(problem, f"a number, one of {', '.join(numbers)}", where=meant.said_by)
    known = nearest(meant.value, dict.fromkeys(readable(name or number) for number, name in listed))
    problem = f"there is no play {quoted(meant.value)}"
    raise SettingError(problem, known, where=meant.said_by)


def show(answer: "Answer", rows: "Callable[[Document], Rows]", *, nothing: str = "") -> None:
    """Print an answer: as it came, or in words. Raises SettingError for one that is none of a twin's.

    `nothing` is what is said of no row, beside the output.
    """
    from usagetwin.commands.listing import echo, echo_records

    if wants_json():
        echo(answer.text)
        return
    words = understood(answer, lambda document: [tuple(map(readable, row)) for row in rows(document)])
    echo_records(words)
    if nothing and not words:
        note(nothing)


def note(text: str) -> None:
    """Say something beside the output."""
    click.echo(f"usagetwin: {text}", err=True)


def understood(answer: "Answer", read: "Callable[[Document], T]") -> "T":
    """Read an answer. Raises SettingError for one that lacks what a twin's has."""
    from usagetwin.commands.control.place import START_ONE
    from usagetwin.control.speaking import is_strange

    try:
        return read(answer.document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise is_strange(answer.url, START_ONE) from None
