"""What each HTTP client makes of each fault, tried for real, and the table that the guide has of it.

`python -m tests.testing.client_table` writes that table.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from http.client import RemoteDisconnected
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import httpx
import httpx2

from tests.acme import WORLD
from tests.stage.staged import staged
from tests.testing.clients import CLIENTS, SYNCHRONOUS
from usagetwin.stage.faults import make_fault
from usagetwin_checker.redirect.active import Redirect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.testing.clients import Ask
    from usagetwin.stage.play import Play

PAGE: Final = Path(__file__).parents[2] / "docs" / "pytest-clients.md"
COLUMNS: Final = ("answer", "timeout", "reset", "truncated-body")
HEAD: Final = "| client | made | answer | `timeout` | `reset` | `truncated-body` |"
PATIENCE_S: Final = 20.0
IMPATIENCE_S: Final = 0.1  # how long a client reads that is shown `timeout`

# Up to Python 3.12 a reset within TLS reads as an end, later as a reset, and synchronous clients tell these
# apart: what a table can promise is what both are.
BOTH_RESETS: "Final[Mapping[type[Exception], type[Exception]]]" = {
    httpx.ReadError: httpx.TransportError,
    httpx.RemoteProtocolError: httpx.TransportError,
    httpx2.ReadError: httpx2.TransportError,
    httpx2.RemoteProtocolError: httpx2.TransportError,
    RemoteDisconnected: ConnectionResetError,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call: its values or its exception, and how many requests the client sent for it."""

    values: list[int] | None
    error: Exception | None
    requests: int


@dataclass(frozen=True, slots=True)
class Row:
    """What one client makes of an answer and of each fault; `made` is when it was made."""

    client: str
    made: str
    outcomes: "Mapping[str, Outcome]"

    def raised(self, column: str) -> type[Exception] | None:
        """Give the type of the exception under a fault, as far as all versions of Python agree on it."""
        error = self.outcomes[column].error
        if error is None:
            return None
        kind = type(error)
        return BOTH_RESETS.get(kind, kind) if column == "reset" and self.client in SYNCHRONOUS else kind


def tried(world: str) -> tuple[Row, ...]:
    """Try every client under every fault, against a served twin behind the real name.

    Half of the clients are made before the redirect is in place, as those at the top of a module are.
    """
    with ExitStack() as stack:
        before = {name: stack.enter_context(make()) for name, make in CLIENTS.items()}
        served = stack.enter_context(staged())
        play = stack.enter_context(served.play(world))
        stack.enter_context(Redirect(served.server.routes, served.authority))
        return tuple(_rows(play, before))


def _rows(play: "Play", before: "Mapping[str, Ask]") -> "Iterator[Row]":
    for name in sorted(CLIENTS):
        with CLIENTS[name]() as fresh:
            yield Row(name, "in the test", {column: _outcome(play, fresh, column) for column in COLUMNS})
        yield Row(name, "before", {column: _outcome(play, before[name], column) for column in COLUMNS})


def _outcome(play: "Play", ask: "Ask", column: str) -> Outcome:
    play.faults.clear()
    if column != "answer":
        play.faults.add(make_fault(column))
    before = len(play.journal)
    values, error = None, None
    try:
        values = ask(IMPATIENCE_S if column == "timeout" else PATIENCE_S)
    except Exception as caught:  # noqa: BLE001 -- whatever the client raises is what we want to know
        error = caught
    return Outcome(values, error, len(play.journal) - before)


def table(rows: tuple[Row, ...]) -> str:
    """Write the guide's table."""
    lines = [HEAD, "|---" * 6 + "|"]
    for row in rows:
        cells = [row.client, row.made, *(_cell(row, column) for column in COLUMNS)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: Row, column: str) -> str:
    outcome, raised = row.outcomes[column], row.raised(column)
    if raised is None:
        return f"{len(outcome.values or ())} values"
    times = f", after {outcome.requests} requests" if outcome.requests > 1 else ""
    return f"`{public_name(raised)}`{times}"


def public_name(kind: type[Exception]) -> str:
    """Give the shortest name under which a type can be imported."""
    package = kind.__module__.partition(".")[0]
    if package == "builtins":
        return kind.__name__
    where = package if getattr(import_module(package), kind.__name__, None) is kind else kind.__module__
    return f"{where}.{kind.__name__}"


def table_of(page: str) -> str:
    """Give the table that a page has."""
    begin = page.index(HEAD)
    return page[begin : page.index("\n\n", begin)]


def main() -> None:
    """Write the table into the guide."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "acme.yaml"
        file.write_text(WORLD, encoding="utf-8")
        written = table(tried(str(file)))
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(table_of(page), written), encoding="utf-8")


if __name__ == "__main__":
    main()
