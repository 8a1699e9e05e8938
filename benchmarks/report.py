"""What a run says in the end: a table for people, and the same as Markdown and as JSON."""

import json
import os
import platform
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.claims import Line, Skipped


def machine() -> dict[str, Any]:
    """Describe where the figures were measured."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def table(lines: "Iterable[Line]") -> Table:
    """Make the table."""
    made = Table("claim", "measured", "bar", "", "note")
    for line in lines:
        style = "bold red" if line.kept is False else None
        made.add_row(line.claim, line.measured, line.bar, line.mark, line.note, style=style)
    return made


def markdown(lines: "Iterable[Line]", skipped: "Iterable[Skipped]") -> str:
    """Write the table as `docs/benchmarks.md` has it."""
    where = machine()
    rows = [[line.claim, line.measured, line.bar, line.mark, line.note] for line in lines]
    head = [["claim", "measured", "bar", "", "note"], ["---", "---:", "---", "---", "---"]]
    return "\n".join(
        [
            (
                f"{where['python']}, {where['system']}, {where['processors']} processors, "
                f"load average {where['load'][0]} at the end."
            ),
            "",
            *("| " + " | ".join(cells) + " |" for cells in [*head, *rows]),
            *(f"\nSkipped {row.row}: {row.reason}." for row in skipped),
            "",
        ]
    )


def placed(page: str, row: str, table: str) -> str:
    """Give a page with another table between the marks of a row."""
    marks = re.compile(rf"(<!-- {row} -->\n).*?(<!-- end of {row} -->)", re.DOTALL)
    return marks.sub(lambda found: f"{found[1]}{table}{found[2]}", page)


def results(lines: "Sequence[Line]", skipped: "Sequence[Skipped]") -> str:
    """Write everything as JSON."""
    content = {
        "machine": machine(),
        "lines": [{**asdict(line), "kept": line.kept} for line in lines],
        "skipped": [asdict(row) for row in skipped],
    }
    return json.dumps(content, indent=2) + "\n"


def conclusion(lines: "Iterable[Line]") -> tuple[bool, str]:
    """Tell whether every bar is cleared, and say which ones are not."""
    with_bar = [line for line in lines if line.kept is not None]
    missed = [line for line in with_bar if not line.kept]
    if not with_bar:
        return True, "nothing that has a bar was measured"
    if not missed:
        return True, f"all {len(with_bar)} bars are cleared"
    told = "; ".join(f"{line.claim}: {line.measured}, the bar is {line.bar}" for line in missed)
    return False, f"{len(missed)} of {len(with_bar)} bars are missed: {told}"
