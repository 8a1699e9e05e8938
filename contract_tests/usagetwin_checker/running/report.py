"""What a check is run with, what its first requests show, and what it comes to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from usagetwin_checker.findings import Ended, Finding, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge

if TYPE_CHECKING:
    from usagetwin_checker.asking.plan import Plan
    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Now


class Phase(StrEnum):
    """What a request of a run is sent for."""

    PROBE = "probe"
    PLAN = "plan"
    DRAW = "draw"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a run: what it was sent for, and what came back."""

    phase: Phase
    exchange: "Exchange"


@dataclass(frozen=True)
class Options:
    """What a check is run with; None means the default.

    `enough` stops before the fuzz phase once something has failed. `live` says that an account is counted
    behind the target, wherever it is. `claimed` says that the current time is only what the caller says.
    After `max_time_s` seconds nothing more is asked but what a verdict needs. The plan begins with the
    `first` recipes; None for those that find most.
    """

    knowledge: Knowledge = field(default_factory=Knowledge)
    strict: bool = False
    budget: int | None = None
    seed: int = 0
    max_examples: int | None = None
    enough: bool = False
    live: bool = False
    claimed: bool = False
    max_time_s: float | None = None
    first: "tuple[Recipe, ...] | None" = None


@dataclass(frozen=True)
class Report:
    """What a check came to."""

    target: str
    verdict: Verdict
    strict: bool
    seed: int
    requests: int
    cases: int
    seconds: float
    knowledge: Knowledge
    judgement: Judgement
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]  # why it is inconclusive, where it is
    notes: tuple[str, ...] = ()  # what was assumed, and what ended the run before its budget
    ended: Ended = Ended.DONE
    options: Options = field(default_factory=Options)
    budget: int = 0  # how many requests it had at most
    token: str | None = None  # the one that was sent, where it is the built-in one and so no secret
    interrupted: str | None = None  # the signal that ended it; the findings are then not all
    sent: tuple[Sent, ...] = ()  # in its order
    plan: "Plan | None" = None  # None where nothing was planned
    only_get: bool = False  # the host is not this machine, and is sent nothing else
    base_url: str = ""  # where a recording was made; else the target says it


@dataclass(frozen=True)
class Probed:
    """What the probes at the start show; `around` is where to ask, None where that makes no sense."""

    known: Knowledge
    exchanges: "list[Exchange]"
    clock_s: float
    learned: Knowledge
    around: "Now | None"
