"""A chart: what plotly.js is told to draw, and the table that says the same to who sees none.

Rule: no chart without its table. A colour is named as the stylesheet names it. A text is escaped, as
plotly.js takes some markup.
"""

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    Traces = Sequence[dict[str, Any]]

Row = tuple[str | int | float, ...]
LONGEST_NAME: Final = 60
LEGEND: Final = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}  # leaves a phone its width


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below heads. A number is a cell of its own type; `note` says what is left out."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of an id, with what it shows in a sentence."""

    name: str
    shows: str
    traces: "Traces"
    table: Table
    layout: dict[str, Any] = field(default_factory=dict)
    height: str = "middle"  # the stylesheet knows them: low, middle, high

    @property
    def for_script(self) -> dict[str, Any]:
        """Give what the page's script draws."""
        return {"name": self.name, "traces": list(self.traces), "layout": {"legend": LEGEND, **self.layout}}


def as_text(text: object) -> str:
    """Write a text for plotly.js, in which nothing is markup and nothing unseen."""
    shown = readable(str(text))
    cut = shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}..."
    return escape(cut, quote=False)
