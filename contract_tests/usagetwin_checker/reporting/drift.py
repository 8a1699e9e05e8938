"""What a drift is in the terms of every report of it: what moved, which rules it touches, what would follow.

Rule: nothing is decided here that the drift does not say.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import rules
from usagetwin_checker.drifting.behaviour import MEANINGS as MOVES
from usagetwin_checker.drifting.behaviour import Move
from usagetwin_checker.drifting.changes import MEANINGS as KINDS
from usagetwin_checker.drifting.changes import Kind
from usagetwin_checker.drifting.contract_patch import CITING
from usagetwin_checker.drifting.patch import Patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from usagetwin_checker.drifting.behaviour import BehaviourDrift, Moved
    from usagetwin_checker.drifting.changes import Change
    from usagetwin_checker.drifting.document import DocumentDrift
    from usagetwin_checker.drifting.oasdiff import Opinion

BADGES: Final = {  # the colour of what moved, by the name that its style has
    Kind.BREAKING: "broken",
    Kind.COMPATIBLE: "held",
    Kind.PROSE: "differs",
    Kind.NEW: "unconfirmed",
    Move.BROKEN: "broken",
    Move.MENDED: "held",
    Move.REFUTED: "differs",
    Move.CONFIRMED: "held",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that moved: its kind, what it is in a sentence, what goes with that, and rules.

    `counts` says that it is drift, and not merely learned or followed already.
    """

    kind: Kind | Move
    about: str
    details: tuple[str, ...]
    rules: tuple[str, ...]
    counts: bool = True

    @property
    def badge(self) -> str:
        """Give the name of its colour."""
        return BADGES[self.kind]

    @property
    def meaning(self) -> str:
        """Say what its kind means."""
        return KINDS[self.kind] if isinstance(self.kind, Kind) else MOVES[self.kind]


@dataclass(frozen=True, slots=True)
class DriftReport:
    """A drift as it is told: of what, between which two, what moved, in words and as JSON, and the patch."""

    of: str
    older: str
    newer: str
    drifted: bool
    items: tuple[Item, ...]
    notes: tuple[str, ...]
    facts: dict[str, Any]
    patch: Patch
    applied: bool = False
    remains: bool = False  # also once the patch is applied
    policies: int = 0  # that the twin has otherwise
    beside: str = ""  # what drifted where nothing that moved did

    @property
    def counted(self) -> str:
        """Count what drifted, by its kind; where nothing did, what moved all the same."""
        if not self.drifted:
            return counts(self.items)
        policies = (
            f"{self.policies} {'policy' if self.policies == 1 else 'policies'}" if self.policies else ""
        )
        moved = counts([item for item in self.items if item.counts])
        return ", ".join(filter(None, (moved, policies))) or self.beside

    @property
    def verdict(self) -> str:
        """Say it in one line."""
        between = f"{self.older} -> {self.newer}"
        followed = "; the patch is applied" if self.applied else ""
        if not self.drifted:
            more = f"; {self.counted}" if self.items else ""
            return f"no drift: {between}{more}{followed}"
        return f"drift in the {self.of}: {between}: {self.counted}{followed}"


def counts(items: "Sequence[Item]") -> str:
    """Count items by their kind, as in `1 breaking, 2 new`."""
    numbers = Counter(item.kind for item in items)
    return ", ".join(f"{numbers[kind]} {kind}" for kind in (*Kind, *Move) if numbers[kind])


def document_report(
    drift: "DocumentDrift", patch: Patch, asked: "tuple[tuple[Opinion, ...], str]", *, applied: bool
) -> DriftReport:
    """Tell of a newer document; `asked` is what oasdiff says, and why it says nothing."""
    ranked = sorted(drift.changes, key=lambda change: list(Kind).index(change.kind))
    opinions, why = asked
    moved = bool(drift.changes or patch.left or patch.changed.keys() & CITING)
    return DriftReport(
        "document",
        "the vendored document",
        drift.newer.name,
        drifted=moved or any(each.breaking for each in opinions),
        items=tuple(Item(each.kind, _change(each), tuple(_places(each)), each.rules) for each in ranked),
        notes=tuple(_document_notes(drift, opinions, why)),
        facts={
            "changes": list(map(_change_facts, ranked)),
            "oasdiff": [{"id": e.id, "text": e.text, "breaking": e.breaking} for e in opinions],
        },
        patch=patch,
        applied=applied,
        beside="what the contract cites" if moved else "by a second opinion alone",
    )


def behaviour_report(drift: "BehaviourDrift", patch: Patch, *, applied: bool) -> DriftReport:
    """Tell of two reports, or recordings."""
    ranked = sorted(drift.moved, key=lambda each: (list(Move).index(each.move), not each.counts))
    return DriftReport(
        "behaviour",
        drift.before.name,
        drift.after.name,
        drifted=drift.drifted,
        items=tuple(
            Item(each.move, each.rule.statement, tuple(_moved(each)), (each.rule.id,), each.counts)
            for each in ranked
        ),
        notes=tuple(_behaviour_notes(drift)),
        facts={
            "moved": list(map(_moved_facts, ranked)),
            "policies": [{"policy": e.name, "twin": e.twin, "target": e.target} for e in drift.policies],
            "variations": list(drift.variations),
        },
        patch=patch,
        applied=applied,
        remains=any(each.counts and not each.policy for each in drift.moved),
        policies=len(drift.policies),
    )


def _change(change: "Change") -> str:
    if not change.sentence:
        return change.about
    if change.was and change.is_:
        return f'a sentence is reworded: "{change.was}" is "{change.is_}"'
    return f'{change.about}: "{change.was or change.is_}"'


def _places(change: "Change") -> "Iterator[str]":
    for words, pointer in (("was at", change.before), ("is at", change.after)):
        if pointer is not None:
            yield f"{words} {pointer}"


def _change_facts(change: "Change") -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "about": change.about,
        "before": change.before,
        "after": change.after,
        "was": change.was,
        "is": change.is_,
        "rules": list(change.rules),
    }


def _document_notes(drift: "DocumentDrift", opinions: "Iterable[Opinion]", why: str) -> "Iterator[str]":
    if drift.passed_over:
        yield f"{drift.passed_over} other operations of the document are not looked at"
    if why:
        yield f"no second opinion: {why}"
    for each in opinions:
        yield f"oasdiff: {'breaking, ' if each.breaking else ''}{each.text} ({each.id})"


def _moved(each: "Moved") -> "Iterator[str]":
    yield f"{each.was} -> {each.is_} ({each.rule.citation})"
    if each.finding:
        yield f"here {each.finding}"
    if each.followed:
        yield f"the twin does so too, by its policy {each.policy}"
    elif each.variation:
        yield f"the twin does so too, by its variation {each.variation}"
    elif each.policy:
        yield f"the policy {each.policy} accounts for it"
    if each.news and not each.counts:
        yield "it was not judged before: learned, and no drift"


def _moved_facts(each: "Moved") -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "tier": str(each.rule.tier),
        "move": str(each.move),
        "was": str(each.was),
        "is": str(each.is_),
        "finding": each.finding,
        "drift": each.counts,
        "policy": each.policy or None,
    }


def _behaviour_notes(drift: "BehaviourDrift") -> "Iterator[str]":
    for each in drift.policies:
        about = f"the policy {each.name} is {each.twin} for the twin"
        yield f"{about}, and the target shows {each.target}: --policy {each.name}={each.target}"
    if drift.variations:
        yield f"what no policy does, usagetwin serve --variation {drift.variations[0]} shows"
    unknown = drift.after.rules.keys() - rules().keys()
    if unknown:
        yield f"rules that this usagetwin does not know: {', '.join(sorted(unknown))}"
