"""What one cause explains: findings that would not be there if the target only did one thing otherwise.

Rule: a cause is tested, never guessed. All is judged again as if the target had been asked what the cause
says it answers. What is found no more, the cause explains, if nothing is found that was not before. So what
is independent of it keeps its finding. Whether a finding fails the target never changes.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin_checker.findings import BINDING
from usagetwin_checker.judging.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from usagetwin_checker.exchanges import Ask, Exchange
    from usagetwin_checker.findings import Finding
    from usagetwin_checker.judging.one_exchange import Reader
    from usagetwin_checker.knowing.knowledge import Knowledge
    from usagetwin_checker.knowing.reading import Reading

    Judge = Callable[[Sequence[Exchange]], frozenset[str]]
    Suspects = Callable[[Sequence[Exchange]], Iterable[Sequence["Cause"]]]

FEWEST: Final = 2  # findings that a cause explains: one needs no other explanation
MOST_CAUSES: Final = 3
MOST_TRIED: Final = 9  # causes that are held against all exchanges, after they explained the findings' own
MOST_OF_A_KIND: Final = 4  # of those that concern as much
MOST_POINTS: Final = 1_000_000  # that are judged again: whoever sends this many is told the rest unexplained
POINTS_OF_A_REQUEST: Final = 10  # that cost as much to judge as it does
MOVING: Final = "past-counts-are-fixed"
UNREPEATED: Final = "answers-repeat"
OF_THE_WIRE: Final = frozenset(  # what a request looks like is another one's as soon as the cause is assumed
    {"links-self-names-the-request", "answers-repeat", "invalid-request-names-parameter"}
)


@dataclass(frozen=True)
class Cause:
    """One thing that a target may do otherwise.

    `rule_id` names it, `said` describes it. `as_if` gives an exchange as it would be if the target had been
    asked for what it answers, or None where the answer says nothing then; an exchange that the cause does not
    concern stays the same object.
    """

    rule_id: str
    said: str
    as_if: "Callable[[Exchange], Exchange | None]"


@dataclass(frozen=True)
class _Explained:
    """What a cause leaves: the exchanges as if, the rules that are still broken, and the findings gone."""

    cause: Cause
    exchanges: "list[Exchange]"
    broken: frozenset[str]
    gone: "tuple[Finding, ...]"


class TooMuchToJudgeError(Exception):
    """So many points were judged again that no further cause is tried."""


def judge_of(knowledge: "Knowledge", reading: "Reading", reader: "Reader") -> "Judge":
    """Give the function that names the rules that some exchanges break.

    It raises TooMuchToJudgeError after `MOST_POINTS`.
    """
    left = MOST_POINTS

    def broken(exchanges: "Sequence[Exchange]") -> frozenset[str]:
        nonlocal left
        left -= sum(POINTS_OF_A_REQUEST + _points(exchange) for exchange in exchanges)
        if left < 0:
            raise TooMuchToJudgeError
        found = judge(exchanges, knowledge, reading, reader).findings
        return frozenset(rule_id for finding in found for rule_id in (finding.rule_id, *finding.also))

    return broken


def _points(exchange: "Exchange") -> int:
    return len(exchange.document["series"]) if exchange.well_formed else 0


def one_for_each_cause(
    findings: "Sequence[Finding]", exchanges: "Sequence[Exchange]", suspects: "Suspects", broken: "Judge"
) -> "list[Finding]":
    """Give the findings, those of one cause as one. What a cause does not explain stays as it was."""
    left = list(findings)
    folded: list[Finding] = []
    with suppress(TooMuchToJudgeError):
        left, seen = _unrepeated(left, exchanges, broken), list(exchanges)
        known = broken(seen) if len(left) > 1 else frozenset[str]()
        while len(left) >= FEWEST and len(folded) < MOST_CAUSES:
            best = _best(left, seen, known, suspects(seen), broken)
            if best is None:
                break
            folded.append(_as_one(best))
            left = [finding for finding in left if finding not in best.gone]
            seen, known = best.exchanges, best.broken
    return [*folded, *left]


def _best(
    left: "Sequence[Finding]",
    seen: "Sequence[Exchange]",
    known: frozenset[str],
    suspects: "Iterable[Sequence[Cause]]",
    broken: "Judge",
) -> _Explained | None:
    """Give the cause that explains most, of the first that explain several findings.

    Each is held against the findings' own exchanges first, which are few, and then against all.
    """
    hopeless: set[object] = set()
    tries = MOST_TRIED
    for causes in suspects:
        best = None
        for cause in _promising(left, seen, causes, broken, hopeless)[:tries]:
            tries -= 1
            whole = _explained(cause, left, seen, known, broken)
            if whole is not None and len(whole.gone) >= (FEWEST if best is None else len(best.gone) + 1):
                best = whole
                if len(whole.gone) == len(left):
                    break
        if best is not None or not tries:
            return best
    return None


def _promising(
    left: "Sequence[Finding]",
    seen: "Sequence[Exchange]",
    causes: "Iterable[Cause]",
    broken: "Judge",
    hopeless: set[object],
) -> list[Cause]:
    """Give the causes that explain something of what the findings are shown by, those of most first.

    What makes the same of it as a cause that explained nothing is not looked at again.
    """
    ours = {exchange.number for finding in left for exchange in finding.conversation}
    own = [exchange for exchange in seen if exchange.number in ours]
    known = broken(own)
    found: list[tuple[int, Cause]] = []
    for cause in causes:
        changed = _changed(cause, left)
        if len(changed) < FEWEST or changed in hopeless:
            continue
        explained = _explained(cause, left, own, known, broken)
        if explained is None:
            hopeless.add(changed)
        else:
            found.append((len(explained.gone), cause))
    return [cause for _, cause in sorted(found, key=lambda each: -each[0])][:MOST_OF_A_KIND]


def _changed(cause: Cause, left: "Sequence[Finding]") -> tuple[object, ...]:
    """Give what a cause makes of the findings that it concerns."""
    changed = []
    for number, finding in enumerate(left):
        as_if = [cause.as_if(exchange) for exchange in finding.conversation]
        if any(one is not other for one, other in zip(finding.conversation, as_if, strict=True)):
            changed.append((number, *(each and (each.ask, each.status, each.body) for each in as_if)))
    return tuple(changed)


def _unrepeated(
    findings: "list[Finding]", exchanges: "Sequence[Exchange]", broken: "Judge"
) -> "list[Finding]":
    """Fold what only shows when answers are held against one another, where one request got two counts.

    Which buckets there are is held against a target all the same, unless those differ as well.
    """
    moving = next((each for each in findings if each.rule_id == MOVING), None)
    if moving is None:
        return findings
    buckets = _move(exchanges)
    gone = [
        finding
        for finding in findings
        if finding.rule_id == UNREPEATED
        or (
            finding is not moving
            and not finding.doubtful
            and (finding.views or buckets)
            and not any(finding.rule_id in broken([exchange]) for exchange in finding.conversation)
        )
    ]
    also = tuple(rule_id for finding in gone for rule_id in (finding.rule_id, *finding.also))
    return [replace(moving, also=also) if each is moving else each for each in findings if each not in gone]


def _move(exchanges: "Sequence[Exchange]") -> bool:
    """Tell whether two answers to one request have other buckets."""
    first: dict[Ask, list[object]] = {}
    for exchange in exchanges:
        if exchange.well_formed:
            labels = [point["time"] for point in exchange.document["series"]]
            if first.setdefault(exchange.ask, labels) != labels:
                return True
    return False


def _explained(
    cause: Cause,
    left: "Sequence[Finding]",
    seen: "Sequence[Exchange]",
    known: frozenset[str],
    broken: "Judge",
) -> _Explained | None:
    """Tell what a cause explains of some exchanges; None where it explains nothing, or adds anything."""
    as_if = [cause.as_if(exchange) for exchange in seen]
    if all(one is other for one, other in zip(seen, as_if, strict=True)):
        return None
    exchanges = [exchange for exchange in as_if if exchange is not None]
    still = broken(exchanges)
    if still - known - OF_THE_WIRE:
        return None
    gone = [
        finding
        for finding in left
        if finding.rule_id in known and finding.rule_id not in still and not finding.doubtful
    ]
    return _Explained(cause, exchanges, still, tuple(gone)) if gone else None


def _as_one(explained: _Explained) -> "Finding":
    """Give one finding for what a cause explains, as severe as the most severe of them."""
    gone, cause = explained.gone, explained.cause
    severe = [finding for finding in gone if finding.rule.tier in BINDING] or list(gone)
    shown = next((finding for finding in severe if finding.rule_id == cause.rule_id), severe[0])
    named = replace(shown, rule_id=cause.rule_id)
    if (named.rule.tier in BINDING) is not (shown.rule.tier in BINDING):
        named = shown
    others = [finding.rule_id for finding in gone] + [rule_id for each in gone for rule_id in each.also]
    also = tuple(dict.fromkeys(rule_id for rule_id in others if rule_id != named.rule_id))
    return replace(named, message=f"{cause.said}: {shown.message}", also=also)
