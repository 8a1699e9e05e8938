"""The bar that shows on a terminal how many requests of a run were sent."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bar() -> "Iterator[Callable[[int, int], None]]":
    """Give what is told how many requests of how many were sent; where nobody looks it shows nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    if not sys.stderr.isatty():  # whatever FORCE_COLOR says: a bar that moves is nothing for a log
        yield lambda _sent, _of: None
        return
    columns = TextColumn("checking"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("requests")
        yield lambda sent, of: shown.update(task, completed=sent, total=of)
