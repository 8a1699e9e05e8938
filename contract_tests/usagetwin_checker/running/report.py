"""What a check is run with, what its first requests show, and what it comes to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from usagetwin.contract.document import DOCUMENT_FILE
from usagetwin.contract.operation import SESSIONS, Operation
from usagetwin_checker.findings import Ended, Finding, Verdict
from usagetwin_checker.judging.judge import Judgement
from usagetwin_checker.knowing.knowledge import Knowledge
from usagetwin_checker.running.shards.shard import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.asking.plan import Plan
    from usagetwin_checker.asking.recipes import Recipe
    from usagetwin_checker.choices.lessons import Lessons
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Now


class Phase(StrEnum):
    """What a request of a run is sent for."""

    PROBE = "probe"
    PLAN = "plan"
    DRAW = "draw"
    CONFIRM = "confirm"
    LEARN = "learn"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a run: what it was sent for, and what came back."""

    phase: Phase
    exchange: "Exchange"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Requests in a row that were sent for one purpose: from when on, and until the last answer."""

    phase: Phase
    requests: int
    began_s: float
    seconds: float


@dataclass(frozen=True)
class Options:
    """What a check is run with; None means the default.

    `enough` stops before the fuzz phase once something has failed. `live` says that an account is counted
    behind the target, wherever it is. `claimed` says that the current time is only what the caller says.
    After `max_time_s` seconds nothing more is asked but what a verdict needs. `operation` is what is checked.
    With `learn`, what is left is spent on what the answers teach, and `learn_budget` requests beside. `shard`
    is the part of a check that this is. The plan begins with the `first` recipes; None for those that find
    most.
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
    operation: Operation = SESSIONS
    learn: bool = False
    learn_budget: int = 0
    shard: Shard = field(default_factory=Shard)
    first: "tuple[Recipe, ...] | None" = None


def of_operation(operation: Operation) -> "Iterator[str]":
    """Say what is assumed of an operation that the vendored document does not have."""
    if operation.path != SESSIONS.path:
        yield (
            f"assumed: GET {operation.path} says of {operation.counted} what {DOCUMENT_FILE} says of "
            f"{SESSIONS.counted}, as --document does"
        )


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
    lessons: "Lessons | None" = None  # what the answers teach, where that was asked for
    sent_again: int = 0  # requests beside these: after a 429, a gateway's 5xx, or no answer
    course: tuple[Stretch, ...] = ()  # of shards, which keep of what was sent only what tells something

    @property
    def title(self) -> str:
        """Give the target's name, with the operation where that is not the vendored one."""
        operation = self.options.operation
        return self.target if operation.path == SESSIONS.path else f"{self.target}, GET {operation.path}"


@dataclass(frozen=True)
class Probed:
    """What the probes at the start show; `around` is where to ask, None where that makes no sense."""

    known: Knowledge
    exchanges: "list[Exchange]"
    clock_s: float
    learned: Knowledge
    around: "Now | None"
