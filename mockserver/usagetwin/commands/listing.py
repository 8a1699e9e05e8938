"""How the commands that list things print: records in aligned columns, or JSON.

Rule: without a terminal one record is one line, whole, so that `grep` finds it; on a terminal the last
column is folded, with a hanging indent. A character that the output cannot carry is escaped.
"""

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP: Final = "  "
NARROWEST: Final = 24  # of the last column; beside wider ones it begins on a line of its own


def echo_json(value: object) -> None:
    """Print a value as JSON, in ASCII."""
    click.echo(json.dumps(value, indent=1))


def echo_records(rows: "Iterable[Sequence[str]]") -> None:
    """Print rows of texts, which have equally many columns."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines(list(rows), width):
        echo(line)


def echo(line: str) -> None:
    """Print one line, with escapes for what the output's encoding lacks."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(line.encode(encoding, "backslashreplace").decode(encoding))


def lines(rows: "Sequence[Sequence[str]]", width: int | None) -> "Iterator[str]":
    """Give the lines of rows; without a width none is folded."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *first, last in rows:
        cells = [cell.ljust(length) for cell, length in zip(first, widths, strict=True)]
        begin = "".join(cell + GAP for cell in cells)
        yield from [f"{begin}{last}".rstrip()] if width is None else _folded(begin, last, width)


def _folded(begin: str, text: str, width: int) -> "Iterator[str]":
    indent = len(begin)
    if width - indent < NARROWEST:
        yield begin.rstrip()
        begin, indent = " " * 4, 4
    room = max(width - indent, NARROWEST)
    first, *others = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{begin}{first}".rstrip()
    for line in others:
        yield f"{' ' * indent}{line}"
