"""The checker's mutation score: the twin shows each fault in turn, and the checker either notices or not.

Rule: a fault is killed when the verdict is *fail*; it is named when one of the rules that the fault
says it breaks is among the findings. Each budget has a run of its own: a short run is no part of a long one,
as it keeps requests of its own for the probes at the end and for confirming.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract import rule
from usagetwin_checker.findings import BINDING, Verdict
from usagetwin_checker.running.campaign import BUDGET, LOOPBACK_BUDGET, Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Report

NOW: Final = "2026-03-17T15:20:00Z"
WORLD: Final = "business-week"
BUDGETS: Final = (20, 40, BUDGET, 120, 250, LOOPBACK_BUDGET)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run against one fault came to."""

    killed: bool
    found: tuple[str, ...]
    requests: int

    @classmethod
    def of(cls, report: "Report") -> "Run":
        """Keep of a report what a score needs."""
        found = tuple(finding.rule_id for finding in report.findings)
        return cls(report.verdict is Verdict.FAIL, found, report.requests)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checker made of one fault, by budget: in strict mode, and in default mode.

    In default mode only a fault that breaks a rule of tier schema or prose is shown.
    """

    fault: "Deviation"
    held_out: bool
    strict: "Mapping[int, Run]"
    default: "Mapping[int, Run]"

    @property
    def killed(self) -> bool:
        """Tell whether strict mode noticed, with the default budget."""
        return self.strict[LOOPBACK_BUDGET].killed

    @property
    def killed_small(self) -> bool:
        """Tell whether 60 requests in default mode noticed."""
        return self.binding and self.default[BUDGET].killed

    @property
    def binding(self) -> bool:
        """Tell whether the fault breaks a rule of tier schema or prose, which default mode fails on."""
        return any(rule(rule_id).tier in BINDING for rule_id in self.fault.rules)

    @property
    def found(self) -> tuple[str, ...]:
        """Give the rules that strict mode found broken."""
        return self.strict[LOOPBACK_BUDGET].found

    @property
    def requests(self) -> int:
        """Give how many requests strict mode sent."""
        return self.strict[LOOPBACK_BUDGET].requests

    @property
    def named(self) -> bool:
        """Tell whether the rules found are among those that the fault says it breaks."""
        return bool(set(self.found) & set(self.fault.rules))


def outcomes(
    faults: "Iterable[tuple[Deviation, bool]]",
    progress: "Callable[[str], None]",
    seed: int = 0,
    *,
    budgets: "Sequence[int]" = (),
    started: "Callable[[Campaign], None]" = lambda _campaign: None,
) -> "Iterator[Outcome]":
    """Run the checker against each fault, which comes with whether it is held out.

    Each mode has its usual budget, the default one or 60 requests, and those given. `started` gets each run.
    """
    for fault, held_out in faults:
        progress(fault.name)
        strict = {
            budget: Run.of(run(fault.name, strict=True, budget=budget, seed=seed, started=started))
            for budget in sorted({LOOPBACK_BUDGET, *budgets})
        }
        outcome = Outcome(fault, held_out, strict, {})
        if outcome.binding:
            default = {
                budget: Run.of(run(fault.name, strict=False, budget=budget, seed=seed, started=started))
                for budget in sorted({BUDGET, *budgets})
            }
            outcome = replace(outcome, default=default)
        yield outcome


def run(  # noqa: PLR0913 -- what makes a run
    deviation: str | None,
    *,
    strict: bool,
    budget: int | None = None,
    seed: int = 0,
    now: str = NOW,
    world: str = WORLD,
    started: "Callable[[Campaign], None]" = lambda _campaign: None,
) -> "Report":
    """Check a twin that shows a deviation: in strict mode as `twin`, else knowing only its keys."""
    target, known = twin(now=now, world=world, deviation=deviation)
    try:
        campaign = Campaign(
            target, options_of(known, strict=strict, budget=budget, seed=seed), lambda _sent, _of: None
        )
        started(campaign)
        return campaign.run()
    finally:
        target.close()


def options_of(known: "Knowledge", *, strict: bool, budget: int | None = None, seed: int = 0) -> Options:
    """Give what a run of either mode is made with, of a twin of which this is known."""
    knowledge = known if strict else replace(known, now=None)
    return Options(knowledge, strict=strict, budget=budget, seed=seed, enough=True)
