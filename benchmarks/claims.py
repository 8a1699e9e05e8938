"""A line of the table: what is claimed, what was measured, and the bar that it has to clear."""

from dataclasses import dataclass
from typing import Final

MARKS: Final = {True: "ok", False: "NOT", None: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured figure. Without a bar it is there to be compared with; `note` says what to know of it."""

    claim: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Tell whether the figure clears its bar; None when it has none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None

    @property
    def measured(self) -> str:
        """Write the figure with its unit."""
        return f"{figure(self.value)} {self.unit}".rstrip()

    @property
    def bar(self) -> str:
        """Write the bar."""
        if self.at_least is not None:
            return f">= {figure(self.at_least)} {self.unit}".rstrip()
        if self.at_most is not None:
            return f"<= {figure(self.at_most)} {self.unit}".rstrip()
        return ""

    @property
    def mark(self) -> str:
        """Write whether the bar is cleared."""
        return MARKS[self.kept]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that could not be measured, because something that it needs is absent."""

    row: str
    reason: str


class AbsentError(Exception):
    """Something that a row needs is not on this machine; the text says what, and how to get it."""


class MeasureError(Exception):
    """A row that came to no figure; the text says why, and where to look."""


def figure(value: float) -> str:
    """Write a number with three significant digits, and whole from 100 on."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
