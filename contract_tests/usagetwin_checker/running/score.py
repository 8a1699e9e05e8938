"""The checker's mutation score: the twin shows each fault in turn, and the checker either notices or not.

Rule: a fault is killed when the verdict is *fail*; it is named when one of the rules that the fault
says it breaks is among the findings.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin_checker.findings import BINDING, Verdict
from usagetwin_checker.running.campaign import BUDGET, Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.running.report import Report

NOW: Final = "2026-03-17T15:20:00Z"
WORLD: Final = "business-week"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checker made of one fault: with the default budget in strict mode, and with 60 requests."""

    fault: "Deviation"
    held_out: bool
    strict: "Report"
    small: "Report"

    @property
    def killed(self) -> bool:
        """Tell whether strict mode noticed."""
        return self.strict.verdict is Verdict.FAIL

    @property
    def killed_small(self) -> bool:
        """Tell whether 60 requests in default mode noticed."""
        return self.small.verdict is Verdict.FAIL

    @property
    def binding(self) -> bool:
        """Tell whether the fault breaks a rule of tier schema or prose, which default mode fails on."""
        return any(rule(rule_id).tier in BINDING for rule_id in self.fault.rules)

    @property
    def found(self) -> tuple[str, ...]:
        """Give the rules that strict mode found broken."""
        return tuple(finding.rule_id for finding in self.strict.findings)

    @property
    def named(self) -> bool:
        """Tell whether the rules found are among those that the fault says it breaks."""
        return bool(set(self.found) & set(self.fault.rules))


def outcomes(
    faults: "Iterable[tuple[Deviation, bool]]", progress: "Callable[[str], None]", seed: int = 0
) -> "Iterator[Outcome]":
    """Run the checker against each fault, which comes with whether it is held out."""
    for fault, held_out in faults:
        progress(fault.name)
        yield Outcome(
            fault,
            held_out,
            run(fault.name, strict=True, seed=seed),
            run(fault.name, strict=False, budget=BUDGET, seed=seed),
        )


def run(  # noqa: PLR0913 -- what makes a run
    deviation: str | None,
    *,
    strict: bool,
    budget: int | None = None,
    seed: int = 0,
    now: str = NOW,
    world: str = WORLD,
) -> "Report":
    """Check a twin that shows a deviation: in strict mode as `twin`, else knowing only its keys."""
    target, known = twin(now=now, world=world, deviation=deviation)
    knowledge = known if strict else replace(known, now=None)
    options = Options(knowledge, strict=strict, budget=budget, seed=seed, enough=True)
    try:
        return Campaign(target, options, lambda _sent, _of: None).run()
    finally:
        target.close()
