"""What a run teaches, as a table of the page: what differs first, and what the twin does as well last."""

from typing import TYPE_CHECKING, Final

from usagetwin_checker.choices.lessons import Shown
from usagetwin_checker.reporting.learned import told
from usagetwin_checker.reporting.page.charts import Row, Table

if TYPE_CHECKING:
    from usagetwin_checker.choices.lessons import Lesson, Lessons

ORDER: Final = (Shown.OTHER, Shown.UNLIKE, Shown.OPEN, Shown.TWIN)
HEADS: Final = ("choice", "shown", "way", "what that is, or what it takes to tell")


def learned_table(lessons: "Lessons") -> Table:
    """Give a row for each choice."""
    ordered = sorted(lessons.each, key=lambda each: ORDER.index(each.shown))
    return Table(HEADS, tuple(map(_row, ordered)))


def _row(each: "Lesson") -> "Row":
    ways = " or ".join(way or "as the twin" for way in each.ways)
    said = each.choice.needs if each.shown is Shown.OPEN else "".join(map(told, each.ways))
    return each.choice.name, str(each.shown), ways, said
