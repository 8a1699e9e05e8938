"""What is said of one answer while others are still to come: held to the contract, and to those before it.

Rule: it is held to answers that broke nothing, so that what it breaks is news. They are the last ones, no two
alike, and few, as a client waits meanwhile. The verdict at the end has all that went by.
"""

from collections import deque
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import BINDING, Severity, Verdict
from usagetwin_checker.judging.judge import judge
from usagetwin_checker.judging.one_exchange import Reader
from usagetwin_checker.knowing.reading import STANDARD
from usagetwin_checker.running.between import is_strange
from usagetwin_checker.running.recorded import with_answered
from usagetwin_checker.running.recorded_now import learned
from usagetwin_checker.running.verdicts import without_dead_keys
from usagetwin_checker.talking.recordings.loading import GATEWAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.running.report import Options

HELD_TO: Final = 50  # answers before it, whose windows may be of years
MOST_SEEN: Final = 200  # whose findings are kept, with their answers


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one answer: a verdict, and the findings that it makes."""

    verdict: Verdict
    findings: "tuple[Finding, ...]" = ()

    def rules(self, severity: Severity, *, strict: bool) -> tuple[str, ...]:
        """Give the ids of the rules that it breaks so."""
        of_it = [each for each in self.findings if each.severity(strict=strict) is severity]
        return tuple(dict.fromkeys(each.rule_id for each in of_it))


NOTHING: Final = Said(Verdict.INCONCLUSIVE)


class EachAnswer:
    """Says of each answer what it comes to, one after the other."""

    def __init__(self, options: "Options", *, loopback: bool) -> None:
        """Take what is known of the account, and whether nobody else counts it."""
        self._options: Final = options
        self._loopback: Final = loopback
        self._before: Final[deque[Exchange]] = deque(maxlen=HELD_TO)
        self._seen: Final[dict[object, Said]] = {}
        self._reader = Reader()
        self._read: list[Exchange] = []  # by the reader, which knows them as long as they exist

    def said(self, exchange: "Exchange") -> Said:
        """Judge one answer."""
        if exchange.failure is not None or exchange.status in GATEWAY:
            return NOTHING
        if is_strange(exchange) and not self._loopback:
            return NOTHING  # something in between may have answered
        same = (exchange.ask, exchange.status, blake2b(exchange.body, digest_size=16).digest())
        if same not in self._seen:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[same] = self._judged(exchange)
        return self._seen[same]

    def _judged(self, exchange: "Exchange") -> Said:
        if len(self._read) > 2 * HELD_TO:
            self._reader, self._read = Reader(), [*self._before]
        self._read.append(exchange)
        exchanges = (*self._before, exchange)
        findings = tuple(
            finding
            for finding in self._findings(exchanges)
            if finding.rule.tier in BINDING or any(each is exchange for each in finding.conversation)
        )
        if any(finding.severity(strict=self._options.strict) is Severity.FAILURE for finding in findings):
            return Said(Verdict.FAIL, findings)
        self._before.append(exchange)
        return Said(Verdict.PASS, findings)

    def _findings(self, exchanges: "tuple[Exchange, ...]") -> "Iterable[Finding]":
        known = with_answered(replace(self._options.knowledge, loopback=self._loopback), exchanges)
        knowledge = without_dead_keys(learned(known, exchanges), exchanges)
        return judge(exchanges, knowledge, STANDARD, self._reader).findings
