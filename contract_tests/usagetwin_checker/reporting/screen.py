"""How lines reach a reader: indented and in tables on a terminal, one record to a line anywhere else.

Rule: what goes into a pipe or a log is neither folded nor cut, and has no boxes: it is searched.
"""

import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

GAP: Final = "  "
NARROWEST: Final = 30  # columns; on less, lines are left to the terminal


def say(console: "Console", text: str, *, lead: str = "", style: str = "", hang: int = 2) -> None:
    """Print one record: `lead`, in a style, and the text after it; on a terminal what follows is indented.

    Spaces at the beginning are kept, and the lines that follow are indented by `hang` more than they.
    """
    from rich.text import Text

    whole = f"{lead}{text}"
    for number, line in enumerate(_folded(whole, console.width, hang) if console.is_terminal else [whole]):
        shown = Text(line)
        if number == 0 and lead:
            shown.stylize(style, 0, len(lead.rstrip()))
        elif not lead:
            shown.stylize(style)
        console.print(shown, soft_wrap=True, highlight=False)


def copied(console: "Console", text: str) -> None:
    """Print what is meant to be copied: nothing is put into it, wherever it goes."""
    from rich.text import Text

    console.print(Text(text), soft_wrap=True, highlight=False)


def rows(console: "Console", heads: "Sequence[str]", cells: "Iterable[Sequence[str]]", title: str) -> None:
    """Print a table: drawn to fit a terminal, and a line for each row anywhere else."""
    from rich.table import Column, Table
    from rich.text import Text

    found = [tuple(row) for row in cells]
    if not console.is_terminal:
        copied(console, title)
        for line in aligned([heads, *found]):
            copied(console, line)
        return
    table = Table(*(Column(head, overflow="fold") for head in heads), title=title)
    for row in found:
        table.add_row(*map(Text, row))
    console.print(table)


def aligned(cells: "Sequence[Sequence[str]]") -> "list[str]":
    """Give rows as lines whose columns begin below each other; the last column is as long as it is."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def _folded(text: str, width: int, hang: int) -> "list[str]":
    """Break a line between words, and never within a name."""
    if width < NARROWEST:
        return [text]
    indent = len(text) - len(text.lstrip())
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [text]
