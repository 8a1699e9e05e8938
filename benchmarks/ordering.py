"""The order of `order.json`: next comes the request that shows most faults that nothing before it shows.

Rule: nothing here asks or judges anything; what shows a fault is given.
"""

from collections import Counter
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin_checker.findings import BINDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from benchmarks.shown import Shown
    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.asking.steps import Step

ALONE: Final = 12  # requests, after which every second one is the next of the plan's own order
AGAIN: Final = 0.3  # of what a fault counts, for each request that shows it already: others are like it
RULE: Final = 0.3  # what a rule of tier schema or prose counts that was not put to the test
CHOICE: Final = 0.15  # and any other rule
NEAR: Final = 0.5  # what it counts to differ in one thing alone, since that finds what nobody thought of
MEETING: Final = 0.005  # what a level or a pair counts that was not asked for


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its name, what it counts, and what shows it."""

    name: str
    worth: float
    shown: "Shown"


def ordered(faults: "Sequence[Fault]", steps: "Iterable[Step]") -> "Iterator[tuple[Recipe, tuple[str, ...]]]":
    """Give recipes, each with the faults that it is the first to show, while any adds something new.

    The `steps` are in the plan's own order, which gets its turns; else the best one is next. A request comes
    right after the one that it follows; what is unusual, if that was not chosen before.
    """
    cover, waiting = _Cover(faults), {step.recipe: step for step in steps}
    followed = {
        step.before.recipe: step for step in waiting.values() if step.before and not step.recipe.unusual
    }
    asked = 0
    while any(map(cover.is_new, waiting.values())):
        in_turn = [_in_turn(followed.get(each, step), waiting) for each, step in waiting.items()]
        usual = asked >= ALONE and asked % 2
        for step in in_turn[0] if usual else max(in_turn, key=cover.gain):
            del waiting[step.recipe]
            yield step.recipe, cover.add(step)
            asked += 1


def _in_turn(step: "Step", waiting: "Mapping[Recipe, Step]") -> "tuple[Step, ...]":
    before = step.before
    return (before, step) if before is not None and before.recipe in waiting else (step,)


class _Cover:
    """What the requests so far show, put to the test and ask for."""

    def __init__(self, faults: "Sequence[Fault]") -> None:
        self._by: dict[Recipe, list[Fault]] = {}
        for fault in faults:
            for recipe in fault.shown.alone | fault.shown.together.keys():
                self._by.setdefault(recipe, []).append(fault)
        self._asked: frozenset[Recipe] = frozenset()
        self._times: Counter[str] = Counter()
        self._covered: set[object] = set()

    def gain(self, steps: "tuple[Step, ...]") -> float:
        """Tell what requests add, each."""
        return sum(map(self._gain, steps)) / len(steps)

    def _gain(self, step: "Step") -> float:
        shown = sum(fault.worth * AGAIN ** self._times[fault.name] for fault in self._shown(step))
        new = [each for each in step.covers if each not in self._covered]
        tested = fsum(_worth(each) for each in new if isinstance(each, str))  # in whatever order a set has
        meeting = sum(not isinstance(each, str) for each in new)
        return shown + tested + step.worth * (MEETING * meeting + NEAR * (step.near and meeting > 0))

    def is_new(self, step: "Step") -> bool:
        """Tell whether a request shows a fault, or puts a rule to the test, for the first time."""
        tests = any(isinstance(each, str) and each not in self._covered for each in step.covers)
        return tests or any(not self._times[fault.name] for fault in self._shown(step))

    def add(self, step: "Step") -> tuple[str, ...]:
        """Take a request, and name the faults that it is the first to show."""
        shown = [fault.name for fault in self._shown(step)]
        first = tuple(name for name in shown if not self._times[name])
        self._times.update(shown)
        self._asked |= {step.recipe}
        self._covered |= step.covers
        return first

    def _shown(self, step: "Step") -> "Iterator[Fault]":
        return (fault for fault in self._by.get(step.recipe, ()) if fault.shown.by(step.recipe, self._asked))


def _worth(rule_id: str) -> float:
    return RULE if rule(rule_id).tier in BINDING else CHOICE
