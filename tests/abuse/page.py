"""The page docs/reliability.md: its words are written by hand, its tables by `make abuse`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.report import machine
from tests.abuse.rows import HEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.abuse.rows import Row

PAGE: Final = Path(__file__).parents[2] / "docs" / "reliability.md"


def place_of(probe: str) -> re.Pattern[str]:
    """Give what finds the place of a probe's table; its groups are the marks around it."""
    return re.compile(rf"(<!-- {probe} -->\n).*?(<!-- end of {probe} -->)", re.DOTALL)


def table(rows: "Sequence[Row]") -> str:
    """Write rows as Markdown, and where they were tried."""
    where = machine()
    told = (
        f"{where['python']}, {where['system']}, {where['processors']} processors, "
        f"load average {where['load'][0]} at the end."
    )
    cells = [HEAD, ("---", "---:", "---:", "---", "---"), *(row.cells for row in rows)]
    return "\n".join([*("| " + " | ".join(_escaped(line)) + " |" for line in cells), "", told, ""])


def written(page: str, probe: str, rows: "Sequence[Row]") -> str:
    """Give the page with another table of one probe."""
    return place_of(probe).sub(lambda found: f"{found[1]}{table(rows)}{found[2]}", page)


def _escaped(cells: "Sequence[str]") -> list[str]:
    return [cell.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ") for cell in cells]
