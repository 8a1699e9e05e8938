"""What findings and reasons come to in one word, and which of the known keys the answers don't bear out."""

from dataclasses import replace
from typing import TYPE_CHECKING

from usagetwin_checker.findings import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.knowing.knowledge import Knowledge


def verdict(findings: "Sequence[Finding]", reasons: "Collection[str]", *, strict: bool) -> Verdict:
    """Give the verdict: a failure decides it, and without one any reason against a verdict does."""
    if any(finding.severity(strict=strict) is Severity.FAILURE for finding in findings):
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE if reasons else Verdict.PASS


def without_dead_keys(knowledge: "Knowledge", exchanges: "Sequence[Exchange]") -> "Knowledge":
    """Judge a key that is never answered with 200 as one that the account may not have."""
    dead = dead_keys(knowledge, exchanges)
    return replace(knowledge, keys=knowledge.keys - dead, complete=knowledge.complete and not dead)


def dead_keys(knowledge: "Knowledge", exchanges: "Sequence[Exchange]") -> set[str]:
    """Give the known keys that were asked for, and never answered with 200."""
    asked = [exchange for exchange in exchanges if exchange.ask.values("projectKey")]
    alive = {key for exchange in asked if exchange.status == 200 for key in exchange.ask.values("projectKey")}
    tried = {key for exchange in asked for key in exchange.ask.values("projectKey")}
    return (set(knowledge.keys) & tried) - alive
