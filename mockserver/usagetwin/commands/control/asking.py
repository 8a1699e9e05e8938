"""The commands that read a play: its requests, what they broke, what the ledger holds, and the verdict."""

import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import click

from usagetwin.commands.control import rows
from usagetwin.commands.control.options import for_a_play, wants_json
from usagetwin.commands.control.saying import note, say_to_play, show, understood

if TYPE_CHECKING:
    from usagetwin.control.speaking import Answer

PAGE: Final = 1_000
KEPT_IN_A_QUERY: Final = "%&=+,;:/?@!$'()*~-._[]"


@click.command()
@click.option("--after", type=click.IntRange(0), metavar="NUMBER", help="Requests with a greater number.")
@click.option("--limit", type=click.IntRange(1), metavar="NUMBER", help="At most so many.")
@click.option("--status", type=int, help="Those that were answered with this status.")
@click.option("--fault", metavar="NAME", help="Those that got this fault.")
@click.option("--clear", is_flag=True, help="Forget all requests, and what they broke.")
@for_a_play
def journal(*, clear: bool, limit: int | None, **wanted: Any) -> None:  # noqa: ANN401 -- options by name
    """List the requests that are kept, in their order."""
    if clear:
        show(say_to_play("DELETE", "/journal"), rows.recording)
        return
    answer = _page(limit or PAGE, wanted)
    if wants_json():
        show(answer, rows.requests)
        return
    pages = list(understood(answer, lambda document: document["requests"]))
    while (after := answer.document.get("next")) and (limit is None or len(pages) < limit):
        answer = _page(PAGE if limit is None else limit - len(pages), {**wanted, "after": after})
        pages += understood(answer, lambda document: document["requests"])
    answer.document["requests"] = pages
    show(answer, rows.requests, nothing="no such request is kept")
    if not answer.document.get("recording", True):
        note("no request is recorded, until `usagetwin control record on`")


def _page(limit: int, wanted: dict[str, Any]) -> "Answer":
    query = {name: value for name, value in wanted.items() if value is not None}
    return say_to_play("GET", f"/journal?{urlencode({**query, 'limit': min(limit, PAGE)})}")


@click.command()
@for_a_play
def findings() -> None:
    """List what the requests broke."""
    show(say_to_play("GET", "/findings"), rows.findings, nothing="no request breaks a rule")


@click.command()
@click.argument("query", default="")
@for_a_play
def expected(*, query: str) -> None:
    """List the series that the ledger holds for QUERY, whatever faults there are.

    QUERY is one of the API's, such as 'aggregationType=incremental', or a URL that has one.
    """
    asked = query.partition("?")[2] if "?" in query else query
    show(say_to_play("GET", f"/expected?{quote(asked, safe=KEPT_IN_A_QUERY)}"), rows.expected)


@click.command()
@for_a_play
def verdict() -> None:
    """Say whether the requests keep the contract: exit status 0 for pass, 1 for fail."""
    answer = say_to_play("GET", "/verdict")
    is_pass = understood(answer, lambda document: document["verdict"] == "pass")
    show(answer, rows.verdict)
    if not answer.document.get("requests"):
        note("no request was recorded, so that none was judged")
    sys.exit(0 if is_pass else 1)  # whether or not anyone can read that
