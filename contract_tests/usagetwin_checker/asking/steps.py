"""The requests of the plan: each row of a covering array becomes one, in words and as it is sent."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin_checker.asking.covering import (
    COMPARED,
    UNUSUAL,
    covering,
    nearest,
    ordinary_shape,
    pairs_of,
    unusual_shape,
)
from usagetwin_checker.asking.levels import (
    AGGREGATION,
    AS_DOCUMENTED,
    COMMON,
    GRANULARITY,
    LEFT_OUT,
    ORDER,
    PROJECTS,
    REVERSED,
    WINDOW,
    asked,
)
from usagetwin_checker.asking.recipes import Recipe
from usagetwin_checker.asking.spoilt import ANY_STATUS
from usagetwin_checker.asking.windows import YEAR
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.expectation import expect
from usagetwin_checker.knowing.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from usagetwin_checker.asking.covering import Row
    from usagetwin_checker.asking.factors import Factors
    from usagetwin_checker.asking.levels import Unusual
    from usagetwin_checker.exchanges import Ask
    from usagetwin_checker.knowing.knowledge import Now

LESS: Final = 0.5  # what a request is worth whose rules are not of tier schema or prose


@dataclass(frozen=True)
class Step:
    """One request of the plan: in a few words what it is for, the levels that meet in it, and what it covers.

    What is `near` differs in one thing from what all is compared with. `before` is to have been asked before.
    The `recipe` makes such a request on another target.
    """

    about: str
    ask: "Ask"
    row: "Row" = field(default_factory=dict)
    covers: "frozenset[object]" = frozenset()
    worth: float = 1
    near: bool = False
    before: "Step | None" = None
    recipe: Recipe = field(default_factory=Recipe)

    def again(self) -> "Step":
        """Give the same request, to be asked once more."""
        return replace(self, about=f"again: {self.about}")


class Steps:
    """Makes requests from the table of factors, for one current time."""

    def __init__(self, factors: "Factors", now: "Now", keys: "Sequence[str]") -> None:
        """Take the table, and what decides which rule a request puts to the test."""
        self._factors = factors
        self._levels = {
            name: {level.name: level for level in levels} for name, levels in factors.ordinary.items()
        }
        single = {level.name: level for level in factors.projects}
        self._named = {**self._levels, PROJECTS: {**single, **self._levels[PROJECTS]}}
        self._knowledge = Knowledge(frozenset(keys), complete=True, now=now)
        self._turns: Counter[tuple[str, str]] = Counter()
        self._counts: Counter[str] = Counter()
        self._alike: dict[frozenset[tuple[str, str]], list[Step]] = defaultdict(list)

    def all(self) -> "Iterator[Step]":
        """Give a request for each row of both covering arrays, which take turns."""
        ordinary = list(self._all_ordinary())  # some of the others follow these
        for both in zip_longest(ordinary, self._all_unusual()):
            yield from (step for step in both if step is not None)

    def _all_ordinary(self) -> "Iterator[Step]":
        shape = ordinary_shape(self._factors)
        near = len(nearest(shape))
        for number, row in enumerate(covering(shape)):
            step = self.ordinary(row, near=number < near)
            self._alike[frozenset(self._kinds(row).items())].append(step)
            yield step

    def _all_unusual(self) -> "Iterator[Step]":
        shape = unusual_shape(self._factors)
        near = len(nearest(shape))
        unusual = {each.title: each for each in self._factors.unusual}
        for number, row in enumerate(covering(shape)):
            yield self._unusual(unusual[row[UNUSUAL]], row, near=number < near)

    def ordinary(self, row: "Row", *, near: bool = False) -> Step:
        """Give the request for a row of ordinary levels, or with a filter by another project alone."""
        levels = {name: self._named[name][row[name]] for name in self._named}
        names = {name: level.name for name, level in levels.items()}
        ask = asked(levels)
        rules = {ANY_STATUS, *self._rules(ask), *(level.tests for level in levels.values() if level.tests)}
        kinds = {name: level.kind for name, level in levels.items()}
        covers = frozenset((*rules, *_meeting(names), *_meeting(kinds)))
        before = levels[WINDOW].after if near else None
        follows = self.ordinary({**row, WINDOW: before}) if before else None
        worth = _worth(rules - {ANY_STATUS})
        return Step(in_words(names), ask, names, covers, worth, near, follows, Recipe.of(names))

    def of(self, recipes: "Iterable[Recipe]") -> "Iterator[Step]":
        """Give the requests of recipes, without those of which this target lacks a level."""
        unusual = {each.title: each for each in self._factors.unusual}
        for recipe in recipes:
            row = {**dict.fromkeys(self._levels, LEFT_OUT), ORDER: AS_DOCUMENTED, **dict(recipe.levels)}
            if any(level not in self._named[name] for name, level in row.items()):
                continue
            if not recipe.unusual:
                yield self.ordinary(row)
            elif recipe.unusual in unusual:
                yield self._unusually(unusual[recipe.unusual], recipe.way, self.ordinary(row))

    def _unusual(self, unusual: "Unusual", row: "Row", *, near: bool) -> Step:
        """Give the request for a row of the unusual array: an ordinary one of its kinds, and what is unusual.

        Of what leaves the query as it is, some follow the ordinary request itself, which was answered before.
        """
        count = self._counts[unusual.title]
        self._counts[unusual.title] += 1
        like_it = self._alike[frozenset(row.items() - {(UNUSUAL, unusual.title)})]
        if near:
            ordinary = self.ordinary({**COMPARED, **row, WINDOW: YEAR})
        elif like_it and not count % 2:
            ordinary = like_it[count % len(like_it)]
        else:
            ordinary = self.ordinary(self._of_kinds(row, count))
        step = self._unusually(unusual, count, ordinary)
        before = ordinary if unusual.in_turn(count).fields and not count % 2 else None
        return replace(step, near=near, before=before)

    def _unusually(self, unusual: "Unusual", turn: int, ordinary: Step) -> Step:
        """Give an ordinary request in one of the ways of something unusual."""
        this = (UNUSUAL, unusual.title)
        row = dict((this, *self._kinds(ordinary.row).items()))
        ask = unusual.in_turn(turn).of(ordinary.ask)
        rules = {unusual.tests} if unusual.tests else self._rules(ask)
        meeting = frozenset(
            (this, *(each for each in _meeting(row) if isinstance(each, frozenset) and this in each))
        )
        recipe = Recipe.of(ordinary.row, unusual.title, turn % len(unusual.ways))
        return Step(in_words(row), ask, row, meeting | rules, _worth(rules), recipe=recipe)

    def _kinds(self, row: "Row") -> "Row":
        """Give the kinds of a row's levels, as the unusual array has them."""
        return {name: self._named[name][level].kind for name, level in row.items() if name != ORDER}

    def _of_kinds(self, row: "Row", count: int) -> "Row":
        """Give levels of the kinds of a row, others each time."""
        chosen = {ORDER: (AS_DOCUMENTED, REVERSED)[count % 2]}
        for name in row.keys() & self._levels.keys():
            of_kind = [level.name for level in self._levels[name].values() if level.kind == row[name]]
            self._turns[name, row[name]] += 1
            chosen[name] = of_kind[self._turns[name, row[name]] % len(of_kind)]
        return chosen

    def _rules(self, ask: "Ask") -> "set[str]":
        """Give the rules that decide the status of a request."""
        return {rule_id for rule_id, _ in expect(ask, self._knowledge).rules}


def _worth(rules: "Iterable[str]") -> float:
    """Tell what it is worth to put rules to the test."""
    return 1 if any(rule(rule_id).tier in BINDING for rule_id in rules) else LESS


def _meeting(row: "Row") -> "Iterator[object]":
    """Give what meets in an ordinary row: each level, every two, and each with the view that two make."""
    view = (GRANULARITY, row[GRANULARITY], AGGREGATION, row[AGGREGATION])
    yield from row.items()
    yield from pairs_of(row)
    yield from (frozenset((view, level)) for level in row.items())


def in_words(row: "Row") -> str:
    """Say what a row is: its levels, without those that are not worth a word."""
    return ", ".join(level for level in row.values() if level not in COMMON) or "nothing given"
