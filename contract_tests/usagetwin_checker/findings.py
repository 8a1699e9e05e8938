"""What a check comes to: findings, the state of each rule, and the verdict."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from usagetwin.contract import Rule, Tier, rule

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Exchange

BINDING: Final = (Tier.SCHEMA, Tier.PROSE)


class Verdict(StrEnum):
    """What is said of a target in one word."""

    PASS = "pass"  # noqa: S105 -- a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class Status(StrEnum):
    """What is said of a rule in one word."""

    HELD = "held"
    BROKEN = "broken"
    DIFFERS = "differs"
    NOT_APPLICABLE = "not-applicable"
    NOT_JUDGED = "not-judged"


class Ended(StrEnum):
    """What ended the asking: all was asked, or what cut it short, or a recording, of which nothing is.

    A target that answers, and does not want to be asked any more, is busy. Where the requests of a day can't
    be counted, none is sent.
    """

    DONE = "done"
    BUDGET = "budget"
    TIME = "time"
    TARGET = "target"
    BUSY = "busy"
    UNCOUNTED = "uncounted"
    SIGNAL = "signal"
    RECORDING = "recording"

    @property
    def partial(self) -> bool:
        """Tell whether less was asked than the budget allows."""
        return self not in (Ended.DONE, Ended.BUDGET, Ended.RECORDING)


class Severity(StrEnum):
    """Whether a finding decides the verdict."""

    FAILURE = "failure"
    UNCONFIRMED = "unconfirmed"


class Value(NamedTuple):
    """A value that a finding is about: the number of its exchange, and the first day of its bucket."""

    number: int
    view: str
    bucket: int
    keys: frozenset[str]
    value: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule, what shows it in words, and the smallest conversation that does.

    `points` are the values that disagree, each as a line of text; `days` are the first and last day that
    they are about. `views` are the views that they come from; `blamed` is the one view without which the
    others agree, where there is one: what it says is not held against anything else. `doubtful` says that
    the answer may not be the target's. `also` are the ids of rules that the same cause breaks: they get no
    finding of their own. `shown` are the values of the points.
    """

    rule_id: str
    message: str
    conversation: "tuple[Exchange, ...]"
    points: tuple[str, ...] = ()
    days: tuple[int, int] | None = None
    views: frozenset[str] = frozenset()
    blamed: str | None = None
    doubtful: bool = False
    also: tuple[str, ...] = ()
    shown: tuple[Value, ...] = ()

    @property
    def rule(self) -> Rule:
        """Give the rule from the catalogue."""
        return rule(self.rule_id)

    def severity(self, *, strict: bool) -> Severity:
        """Say whether this decides the verdict: schema and prose do, the other tiers in strict mode."""
        if self.doubtful:
            return Severity.UNCONFIRMED
        return Severity.FAILURE if strict or self.rule.tier in BINDING else Severity.UNCONFIRMED
