"""The fuzz phase: draw conversations, judge each by itself, shrink what breaks a rule unbroken so far.

Rule: this alone runs Hypothesis, whose example database tries an old failure first.
"""

from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky, HypothesisException

from usagetwin.days import day_of
from usagetwin_checker.asking.strategies import conversations
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.oracle.culprits import UNREPEATED, VIEW_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hypothesis.database import ExampleDatabase

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.one_exchange import Reader
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading

MOST_ROUNDS: Final = 5  # each round finds one rule that nothing broke before
QUIET: Final = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


class _BrokenError(AssertionError):
    """A conversation that breaks a rule."""


class _SpentError(BaseException):
    """Nothing more can be sent: not an Exception, which Hypothesis would take for a failure, and draw on."""


class Fuzz:
    """Draw conversations against one target, of which enough is known."""

    def __init__(  # noqa: PLR0913 -- what is known, and what is kept for others
        self,
        knowledge: "Knowledge",
        send: "Callable[[tuple[Ask, ...]], list[Exchange] | None]",
        reading: "Reading | None" = None,
        reader: "Reader | None" = None,
        *,
        only_get: bool = False,
        database: "ExampleDatabase | None" = None,
    ) -> None:
        """Take a function that sends a conversation, and gives None when the budget is spent.

        `reading` is how the target's labels are read, where that is known by then. A `reader` remembers
        what it saw here for whoever judges the same exchanges again. Without a `database` of examples it is
        Hypothesis's usual one.
        """
        self._knowledge = knowledge
        self._send = send
        self._reading = reading
        self._reader = reader
        self._only_get = only_get
        self._database = settings().database if database is None else database
        self._blamed: set[str] = set()
        self.cases = 0

    def findings(self, known: "Iterable[Finding]", *, seed_number: int, max_examples: int) -> "list[Finding]":
        """Give a finding for each rule that some conversation breaks, beyond the `known` findings.

        What a view says that is blamed already is not held against anything else; and nothing is, where a
        past count is known to have changed.
        """
        known = list(known)
        broken = {finding.rule_id for finding in known}
        self._blamed = {finding.blamed for finding in known if finding.blamed is not None}
        if UNREPEATED in broken:
            self._blamed.update(VIEW_RULES)
        found: list[Finding] = []
        for number in range(MOST_ROUNDS if max_examples else 0):
            finding = self._round(broken, seed_number + number, max_examples)
            if finding is None:
                break
            broken.add(finding.rule_id)
            if finding.blamed is not None:
                self._blamed.add(finding.blamed)
            found.append(finding)
        return found

    def _round(self, broken: set[str], seed_number: int, max_examples: int) -> "Finding | None":
        now = self._knowledge.now
        if now is None:
            return None
        last: list[Finding] = []

        @settings(
            max_examples=max_examples,
            deadline=None,
            database=self._database,
            suppress_health_check=QUIET,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink),
        )
        @seed(seed_number)  # below the settings: above them it would take the database away
        @given(conversations(day_of(now.earliest_s), sorted(self._knowledge.keys), only_get=self._only_get))
        def holds(asks: "tuple[Ask, ...]") -> None:
            for finding in self._judged(asks):
                if finding.rule_id not in broken and (not last or finding.rule_id == last[-1].rule_id):
                    last.append(finding)
                    raise _BrokenError(finding.rule_id)

        try:
            holds()
        except (_BrokenError, _SpentError, Flaky, HypothesisException):
            return last[-1] if last else None
        return None

    def _judged(self, asks: "tuple[Ask, ...]") -> "tuple[Finding, ...]":
        exchanges = self._send(asks)
        if exchanges is None:
            raise _SpentError
        self.cases += len(exchanges)
        findings = judge(exchanges, self._knowledge, self._reading, self._reader).findings
        return tuple(finding for finding in findings if not finding.views & self._blamed)
