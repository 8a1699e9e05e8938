"""What a request is made of, by names that mean the same on any target; and `order.json`: which come first.

Rule: nothing here knows a target. An instant, or a project's key, is in no recipe; its level is.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.asking.covering import UNUSUAL
from usagetwin_checker.asking.levels import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin_checker.asking.covering import Row

WAY: Final = "way"
SHOWS: Final = "shows"
FILE: Final = Path(__file__).with_name("order.json")
ABOUT: Final = "What a check asks first, in this order: `make order` makes it from the known faults."


@dataclass(frozen=True, slots=True)
class Recipe:
    """The levels of a request that are worth a word, by factor; and what is unusual, in which of its ways."""

    levels: tuple[tuple[str, str], ...] = ()
    unusual: str = ""
    way: int = 0

    @classmethod
    def of(cls, row: "Row", unusual: str = "", way: int = 0) -> "Recipe":
        """Make one of a row of ordinary levels."""
        return cls(tuple((name, row[name]) for name in sorted(row) if row[name] not in COMMON), unusual, way)


@cache
def best() -> tuple[Recipe, ...]:
    """Give what is asked first on any target, in its order."""
    return tuple(first_shown())


def first_shown(text: str | None = None) -> dict[Recipe, tuple[str, ...]]:
    """Give the recipes of a file, by default of the order, with the faults that each is the first to show."""
    listed = json.loads(text or FILE.read_text(encoding="utf-8"))["requests"]
    return {_recipe(each): tuple(each.get(SHOWS, ())) for each in listed}


def written(recipes: "Iterable[tuple[Recipe, tuple[str, ...]]]") -> str:
    """Write such a file as JSON, one request to a line."""
    lines = ",\n".join(json.dumps(_values(*each), ensure_ascii=False) for each in recipes)
    return f'{{"about": {json.dumps(ABOUT)}, "requests": [\n{lines}\n]}}\n'


def _recipe(values: "Mapping[str, Any]") -> Recipe:
    levels = {name: level for name, level in values.items() if name not in {UNUSUAL, WAY, SHOWS}}
    return Recipe.of(levels, values.get(UNUSUAL, ""), values.get(WAY, 0))


def _values(recipe: Recipe, shows: tuple[str, ...]) -> dict[str, object]:
    unusual = {UNUSUAL: recipe.unusual, WAY: recipe.way} if recipe.unusual else {}
    return {**unusual, **dict(recipe.levels), **({SHOWS: shows} if shows else {})}
