"""The checker's mutation score: the twin shows each fault in turn, and the checker either notices or not.

Rule: a fault is killed when the verdict is *fail*; it is named when one of the rules that the fault
says it breaks is among the findings. Each budget has a run of its own: a short run is no part of a long one,
as it keeps requests of its own for the probes at the end and for confirming. No run depends on another
one, so that any number of processes may share them.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from usagetwin import __version__
from usagetwin.contract import rule
from usagetwin.errors import SettingError
from usagetwin_checker.findings import BINDING, Verdict
from usagetwin_checker.running.campaign import BUDGET, LOOPBACK_BUDGET, Campaign
from usagetwin_checker.running.report import Options
from usagetwin_checker.running.shards.alike import drawing_alike
from usagetwin_checker.running.shards.places import Here, Lost
from usagetwin_checker.running.shards.where import require
from usagetwin_checker.running.twin import twin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from usagetwin.deviations.shape import Deviation
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.running.report import Report
    from usagetwin_checker.running.shards.places import Place

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
        return is_binding(self.fault)

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


def is_binding(fault: "Deviation") -> bool:
    """Tell whether a fault breaks a rule of tier schema or prose, which default mode fails on."""
    return any(rule(rule_id).tier in BINDING for rule_id in fault.rules)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the runs against one fault came to, by budget; in default mode, where that shows it."""

    strict: "Mapping[int, Run]"
    default: "Mapping[int, Run]"


@dataclass(frozen=True, slots=True)
class Measuring:
    """Which fault is to be measured, by its name, and how."""

    name: str
    binding: bool
    seed: int
    budgets: tuple[int, ...]
    version: str = __version__


def measured(asked: Measuring, started: "Callable[[Campaign], None]" = lambda _campaign: None) -> Measured:
    """Run the checker against one fault; `started` gets each run. Raises SettingError."""
    require(asked.version)
    with drawing_alike():
        strict = _runs(asked, LOOPBACK_BUDGET, started, strict=True)
        default = _runs(asked, BUDGET, started, strict=False) if asked.binding else {}
    return Measured(strict, default)


def _runs(
    asked: Measuring, usual: int, started: "Callable[[Campaign], None]", *, strict: bool
) -> "Mapping[int, Run]":
    return {
        budget: Run.of(run(asked.name, strict=strict, budget=budget, seed=asked.seed, started=started))
        for budget in sorted({usual, *asked.budgets})
    }


def outcomes(  # noqa: PLR0913 -- what makes a measurement
    faults: "Iterable[tuple[Deviation, bool]]",
    progress: "Callable[[str], None]",
    seed: int = 0,
    *,
    budgets: "Sequence[int]" = (),
    started: "Callable[[Campaign], None]" = lambda _campaign: None,
    place: "Place | None" = None,
    stopped: "Callable[[], bool]" = lambda: False,
) -> "Iterator[Outcome]":
    """Run the checker against each fault, which comes with whether it is held out.

    Each mode has its usual budget, the default one or 60 requests, and those given. Here `started` gets each
    run. What comes keeps the order of the faults, and ends once it is `stopped`. Raises SettingError
    for a fault whose workers died.
    """
    known, place = list(faults), place or Here()
    asked = [Measuring(fault.name, is_binding(fault), seed, tuple(budgets)) for fault, _ in known]
    work = partial(measured, started=started) if isinstance(place, Here) else measured
    early: dict[int, Measured] = {}
    given = 0
    for done in place.each(work, asked, stopped):
        fault, _ = known[done.index]
        if isinstance(done.result, Lost):
            problem = f"the fault {fault.name!r} was lost: {done.result.why}"
            raise SettingError(problem, "workers with more memory")
        progress(fault.name)
        early[done.index] = done.result
        while (first := early.pop(given, None)) is not None:
            yield Outcome(*known[given], first.strict, first.default)
            given += 1


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
    """Check a twin that shows a deviation: in strict mode as `twin`, else knowing only its keys.

    What was drawn against another fault is not tried first.
    """
    from hypothesis.database import InMemoryExampleDatabase

    target, known = twin(now=now, world=world, deviation=deviation)
    try:
        options = options_of(known, strict=strict, budget=budget, seed=seed)
        campaign = Campaign(target, options, lambda _sent, _of: None, database=InMemoryExampleDatabase())
        started(campaign)
        return campaign.run()
    finally:
        target.close()


def options_of(known: "Knowledge", *, strict: bool, budget: int | None = None, seed: int = 0) -> Options:
    """Give what a run of either mode is made with, of a twin of which this is known."""
    knowledge = known if strict else replace(known, now=None)
    return Options(knowledge, strict=strict, budget=budget, seed=seed, enough=True)
