"""What the requests of the plan show of a fault, alone and two together, by judging what was recorded once.

Rule: a fault is asked the whole plan once. What it remembers of earlier requests is as it was in that order.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin.deviations import faults
from usagetwin_checker.asking.plan import Plan, probe
from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.knowing.learning import learn
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.running.campaign import Campaign
from usagetwin_checker.running.score import NOW, WORLD, options_of
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.asking.steps import Step
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Knowledge

FEW: Final = 3  # where so many requests show a fault alone, no two are looked for
WIDE: Final = 40  # so many answers that differ are enough to look for two among those that say the most


@dataclass(frozen=True, slots=True)
class Shown:
    """By which requests a fault is shown: alone, and which others with which one."""

    alone: "frozenset[Recipe]" = frozenset()
    together: "Mapping[Recipe, frozenset[Recipe]]" = field(default_factory=dict)

    def by(self, recipe: "Recipe", asked: "frozenset[Recipe]") -> bool:
        """Tell whether a request shows it, after others."""
        return recipe in self.alone or not asked.isdisjoint(self.together.get(recipe, ()))


@dataclass(frozen=True)
class Recording:
    """The whole plan, answered once, with what was learned from it."""

    knowledge: "Knowledge"
    probes: "tuple[Exchange, ...]"  # those of the beginning and of the end
    steps: "tuple[Step, ...]"
    answers: "Mapping[Recipe, Exchange]"
    reader: Reader = field(default_factory=Reader)

    def breaks(self, recipes: "Iterable[Recipe]", *, binding: bool) -> bool:
        """Tell whether the probes and the answers to some requests break a rule."""
        exchanges = [*self.probes, *(self.answers[each] for each in recipes)]
        judgement = judge(exchanges, self.knowledge, STANDARD, self.reader)
        return bool(judgement.binding if binding else judgement.findings)


def recording(deviation: str | None) -> Recording | None:
    """Ask a twin that shows a deviation all of the plan; None where it shows no time to plan around."""
    target, account = twin(now=NOW, world=WORLD, deviation=deviation)
    try:
        options = options_of(account, strict=False)
        probed = Campaign(target, options, lambda _sent, _of: None).probe()
        if probed.around is None:
            return None
        plan = Plan(probed.around, sorted(account.keys), ())
        steps = {step.recipe: step for step in (*plan.steps(), *plan.made())}
        answers = {recipe: target.send(step.ask) for recipe, step in steps.items()}
        after = [target.send(step.ask) for step in probe()]
    finally:
        target.close()
    knowledge = learn(probed.known, probed.exchanges, after, probed.clock_s)
    return Recording(knowledge, (*probed.exchanges, *after), tuple(steps.values()), answers)


@cache
def honest() -> Recording:
    """Give what the twin answers."""
    made = recording(None)
    assert made is not None  # noqa: S101 -- the twin shows its time
    return made


def is_binding(fault: "Deviation") -> bool:
    """Tell whether a fault breaks a rule that fails a target in default mode."""
    return any(rule(each).tier in BINDING for each in fault.rules)


def shown(name: str) -> Shown | None:
    """Give what shows a fault of this name; None where the probes do, so that every run notices it.

    An answer like the twin's own shows a fault at most beside one that differs.
    """
    made, binding = recording(name), is_binding(faults()[name])
    if made is None or made.breaks((), binding=binding):
        return None
    differs = [recipe for recipe, answer in made.answers.items() if not _is_honest(recipe, answer)]
    tried = differs if _same(made.probes, honest().probes) else list(made.answers)
    alone = frozenset(recipe for recipe in tried if made.breaks([recipe], binding=binding))
    if len(alone) >= FEW:
        return Shown(alone)
    return Shown(alone, _together(made, [each for each in differs if each not in alone], binding=binding))


def _together(
    made: Recording, differs: "list[Recipe]", *, binding: bool
) -> "Mapping[Recipe, frozenset[Recipe]]":
    """Give which two show it: one whose answer differs, and another such or one that is near."""
    near = [step.recipe for step in made.steps if step.near and not step.recipe.unusual]
    some = [recipe for recipe in differs if recipe in near] if len(differs) > WIDE else differs
    found: dict[Recipe, set[Recipe]] = {}
    for number, one in enumerate(some):
        for other in (*some[number + 1 :], *(each for each in near if each not in some)):
            if made.breaks([one, other], binding=binding):
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
    return {recipe: frozenset(others) for recipe, others in found.items()}


def _is_honest(recipe: "Recipe", answer: "Exchange") -> bool:
    return recipe in honest().answers and _same((answer,), (honest().answers[recipe],))


def _same(some: "tuple[Exchange, ...]", others: "tuple[Exchange, ...]") -> bool:
    return [(each.ask, each.status, each.headers, each.body) for each in some] == [
        (each.ask, each.status, each.headers, each.body) for each in others
    ]
