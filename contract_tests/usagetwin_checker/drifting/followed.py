"""What becomes of each sentence and pointer that the contract cites, once a newer document is vendored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract import Tier, rules, sentences
from usagetwin.contract.citations import Citation
from usagetwin.contract.evidence import FACTS
from usagetwin.contract.sentences import sentences_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from usagetwin.contract import Rule
    from usagetwin_checker.drifting.document import DocumentDrift

HEADING: Final = "## What earlier editions of the document said"


@dataclass(frozen=True, slots=True)
class Followed:
    """The citations of the old document in the newer one.

    `moved` gives what to cite in the place of another; `gone` the entry of the facts that keeps what is not
    there any more, by citation; `lost` are sentences that are gone, whoever cited them; `added` are those
    that nothing accounts for yet.
    """

    moved: "Mapping[str, str]"
    gone: "Mapping[str, int]"
    lost: frozenset[str]
    added: tuple[str, ...]

    def cites(self, cites: "tuple[str, ...]") -> tuple[str, ...]:
        """Give the citations that are left of some, as the newer document has them."""
        return tuple(dict.fromkeys(self.moved.get(cite, cite) for cite in cites if cite not in self.gone))

    def kept(self, cites: "tuple[str, ...]") -> tuple[str, ...]:
        """Give citations of the facts for those that are gone."""
        return tuple(f"FACTS {self.gone[cite]}" for cite in cites if cite in self.gone)

    def stranded(self, rule: "Rule") -> bool:
        """Tell whether nothing that a rule cites is left."""
        return not self.cites(rule.cites)


def followed(drift: "DocumentDrift") -> Followed:
    """Find every sentence and pointer again that the contract cites, where it is still there."""
    old = dict.fromkeys(each.text for each in sentences())
    new = dict.fromkeys(each.text for each in sentences_of(drift.newer.text or ""))
    moved = {
        change.was: change.is_
        for change in drift.changes
        if change.sentence and change.was and change.is_ and change.was not in new and change.is_ not in old
    }
    lost = [text for text in old if text not in new and text not in moved]
    for pointer in _pointers():
        if pointer in drift.pointers and drift.pointers[pointer] != pointer:
            moved[pointer] = drift.pointers[pointer]
        elif pointer not in drift.pointers and not drift.newer.has(pointer):
            lost.append(pointer)
    cited = {cite for rule in rules().values() for cite in rule.cites}
    first = len(FACTS.parts()) + 1
    gone = {cite: first + number for number, cite in enumerate(cite for cite in lost if cite in cited)}
    added = tuple(text for text in new if text not in old and text not in moved.values())
    return Followed(moved, gone, frozenset(lost), added)


def _pointers() -> list[str]:
    cited = (cite for rule in rules().values() for cite in rule.cites)
    return [cite for cite in dict.fromkeys(cited) if Citation(cite).tier is Tier.SCHEMA]
