"""How many requests it takes to notice a fault: in the plan's order, in the one before it, and by chance.

Rule: each run is a whole check with that budget, in default mode. A fault that is noticed by some requests
counts as noticed by more, so that nothing is run twice.
"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from statistics import mean
from typing import TYPE_CHECKING, Final

from benchmarks.claims import Line
from benchmarks.remembering import Remembered
from benchmarks.shown import is_binding
from usagetwin.clock import parse_instant
from usagetwin.days import day_of
from usagetwin.deviations import held_out, known, shape
from usagetwin_checker.asking.plan import Plan
from usagetwin_checker.asking.recipes import best
from usagetwin_checker.exchanges import Ask, Exchange
from usagetwin_checker.findings import Verdict
from usagetwin_checker.knowing.knowledge import Now
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.score import NOW, WORLD, options_of
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.talking.targets import AppTarget, Target

    Orders = Mapping[str, tuple[Recipe, ...]]

BUDGETS: Final = (5, 10, 20, 40, 60)
CHOSEN: Final = "chosen"
BEFORE: Final = "before"
KNOWN: Final = "known"
SETS: Final = {KNOWN: known.FAULTS, "held-out": held_out.FAULTS}


@dataclass(frozen=True, slots=True)
class Effort:
    """How many orders are drawn by chance, and of how many faults one is tried."""

    seeds: int
    every: int


def noticed_within(effort: Effort) -> "list[Line]":
    """Check the twin with each fault of schema or prose, with each budget, in each order."""
    made = orders(effort.seeds)
    lines = []
    for name, faults in SETS.items():
        tried = [fault for fault in faults if is_binding(fault)][:: effort.every]
        least = {}
        for number, fault in enumerate(tried, 1):
            print(f"  {name} {number} of {len(tried)}: {fault.name}", flush=True)
            least[fault.name] = fewest(fault, made)
        lines += lines_of(name, least)
    return lines


def orders(seeds: int) -> "Orders":
    """Give what comes first: what was chosen; nothing, so that the plan's own order counts; and by chance."""
    today = day_of(parse_instant(NOW))
    steps = Plan(Now.within(today, today), sorted(_account().keys), ()).steps()
    whole = list(dict.fromkeys(step.recipe for step in steps))
    drawn = {str(seed): tuple(Random(seed).sample(whole, len(whole))) for seed in range(seeds)}  # noqa: S311 -- no secret
    return {CHOSEN: best(), BEFORE: (), **drawn}


def fewest(fault: "Deviation", made: "Orders") -> "dict[str, int | None]":
    """Give the smallest budget that notices a fault, for each order; None where none does.

    A fault that remembers what it was asked begins each run with no memory.
    """
    if isinstance(fault.reply, shape.Remembering):
        return {name: _fewest(lambda: _app(fault), first) for name, first in made.items()}
    app, answers = _app(fault), dict[Ask, Exchange]()
    try:
        return {name: _fewest(lambda: Remembered(app, answers), first) for name, first in made.items()}
    finally:
        app.close()


def _fewest(target: "Callable[[], Target]", first: "tuple[Recipe, ...]") -> int | None:
    for budget in BUDGETS:
        with closing(target()) as asked:
            if _notices(asked, first, budget):
                return budget
    return None


def _notices(target: "Target", first: "tuple[Recipe, ...]", budget: int) -> bool:
    """Run a check as `usagetwin score` does in default mode."""
    options = replace(options_of(_account(), strict=False, budget=budget), first=first)
    return Campaign(target, options, lambda _sent, _of: None).run().verdict is Verdict.FAIL


def _app(fault: "Deviation") -> "AppTarget":
    return twin(now=NOW, world=WORLD, deviation=fault.name)[0]


@cache
def _account() -> "Knowledge":
    """Give what is known of the twin, whatever it shows."""
    target, account = twin(now=NOW, world=WORLD)
    target.close()
    return account


def lines_of(name: str, least: "Mapping[str, Mapping[str, int | None]]") -> "list[Line]":
    """Say for each budget how many faults of a set it notices, in each order."""
    return [_line(name, budget, least) for budget in BUDGETS]


def _line(name: str, budget: int, least: "Mapping[str, Mapping[str, int | None]]") -> Line:
    within = Counter(
        order for fault in least.values() for order, fewest in fault.items() if fewest and fewest <= budget
    )
    drawn = [within[order] for order in next(iter(least.values())) if order not in {CHOSEN, BEFORE}]
    by_chance = f"; by chance {mean(drawn):.1f} ({min(drawn)} to {max(drawn)})" if drawn else ""
    return Line(
        claim=f"{name} faults noticed by {budget} requests",
        value=within[CHOSEN],
        unit=f"of {len(least)}",
        at_least=within[BEFORE] if name == KNOWN else None,
        note=f"in the plan's own order {within[BEFORE]}{by_chance}",
    )
