"""What moved between two reports: rules that broke or hold again, choices that were confirmed or refuted.

Rule: what was not judged before and holds now is learned, and no drift.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from usagetwin.contract import Rule, Tier, rules
from usagetwin.hosts import HOSTS, host_name
from usagetwin_checker.drifting.shown_policies import BAD, same, shown_policies
from usagetwin_checker.findings import BINDING, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin_checker.drifting.reports import Judged


class Move(StrEnum):
    """What became of a rule."""

    BROKEN = "newly broken"
    MENDED = "mended"
    REFUTED = "refuted"
    CONFIRMED = "confirmed"


MEANINGS: Final = {
    Move.BROKEN: "the contract says so, and the target does otherwise",
    Move.MENDED: "the contract says so, and the target does again",
    Move.REFUTED: "we chose or read it so, and the target does otherwise",
    Move.CONFIRMED: "we chose or read it so, and the target does so",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A rule that moved. `news` says that it was not judged before; `policy` is what accounts for it.

    `followed` says that the twin has that policy already, and `variation` by which of its variations it
    does so.
    """

    rule: Rule
    move: Move
    was: Status
    is_: Status
    finding: str
    news: bool
    policy: str = ""
    followed: bool = False
    variation: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether it is drift: not where it is merely learned to hold, or where the twin does so too."""
        followed = self.followed or bool(self.variation)
        return not followed and not (self.news and self.move is Move.CONFIRMED)


@dataclass(frozen=True, slots=True)
class PolicyMove:
    """A policy that the target shows, and the twin has otherwise."""

    name: str
    twin: str
    target: str


@dataclass(frozen=True, slots=True)
class BehaviourDrift:
    """What moved from one report to another, and which policies would make the twin agree with the second.

    `variations` are legal variations of the twin that show what no policy does, the nearest first.
    """

    before: "Judged"
    after: "Judged"
    moved: tuple[Moved, ...]
    policies: tuple[PolicyMove, ...]
    variations: tuple[str, ...]

    @property
    def drifted(self) -> bool:
        """Tell whether something moved that the twin does not follow."""
        return bool(self.policies) or any(each.counts for each in self.moved)


def answered(drift: BehaviourDrift) -> tuple[str, ...]:
    """Say which choices of ours a host of LaunchDarkly's has answered, for whoever keeps the facts."""
    host = host_name(urlsplit(drift.after.target).hostname)
    if host not in HOSTS:
        return ()
    chosen = [each for each in drift.moved if each.rule.tier is Tier.CHOSEN]
    return tuple(
        f"{host} shows that {words}, for an entry of docs/facts.md: {', '.join(found)}"
        for move, words in (
            (Move.CONFIRMED, "a choice of ours holds"),
            (Move.REFUTED, "a choice of ours does not hold"),
        )
        if (found := [each.rule.id for each in chosen if each.move is move])
    )


def behaviour_drift(
    before: "Judged", after: "Judged", twin: "Mapping[str, str] | None", has: "Sequence[str]" = ()
) -> BehaviourDrift:
    """Compare two reports; `twin` are the twin's policies, None where they are to be those of the first.

    `has` are the legal variations that it has.
    """
    shown = shown_policies(after)
    known = {**shown, **shown_policies(before)} if twin is None else twin
    policies = tuple(
        PolicyMove(name, known[name], value)
        for name, value in shown.items()
        if not same(name, known[name], value)
    )
    followed = {name for name in shown if twin is not None and same(name, twin[name], shown[name])}
    moved = tuple(
        replace(each, variation=_by_variation(each, has))
        for each in _moved(before, after, frozenset(shown), followed)
    )
    refuted = {
        each.rule.id for each in moved if each.move is Move.REFUTED and not (each.policy or each.variation)
    }
    return BehaviourDrift(before, after, moved, policies, _variations(refuted))


def _moved(
    before: "Judged", after: "Judged", shown: "frozenset[str]", followed: "set[str]"
) -> "Iterator[Moved]":
    for rule in rules().values():
        was, is_ = before.standing(rule.id), after.standing(rule.id)
        move = _move(rule, was.status, is_.status)
        if move is None:
            continue
        policy = rule.policy if rule.policy in shown else ""
        news = was.status not in (Status.HELD, *BAD)
        found = is_.finding
        yield Moved(
            rule, move, was.status, is_.status, found, news, policy or "", followed=policy in followed
        )


def _move(rule: Rule, was: Status, is_: Status) -> Move | None:
    binding = rule.tier in BINDING
    if is_ in BAD:
        return None if was in BAD else Move.BROKEN if binding else Move.REFUTED
    if is_ is not Status.HELD or was is Status.HELD:
        return None
    if binding:
        return Move.MENDED if was in BAD else None
    return Move.CONFIRMED


def _by_variation(moved: Moved, has: "Sequence[str]") -> str:
    """Name the variation of the twin by which it does otherwise, too."""
    if moved.policy or moved.move is not Move.REFUTED:
        return ""
    from usagetwin.deviations import variations

    return next((name for name in has if moved.rule.id in variations()[name].rules), "")


def _variations(refuted: set[str]) -> tuple[str, ...]:
    """Name the legal variations that refute nothing but what was refuted, the nearest first."""
    from usagetwin.deviations import variations

    near = [each for each in variations().values() if each.rules and refuted.issuperset(each.rules)]
    return tuple(each.name for each in sorted(near, key=lambda each: -len(each.rules)))
