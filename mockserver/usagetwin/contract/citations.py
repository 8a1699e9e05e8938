"""Citations: which tiers there are, how each is cited, what a citation quotes, and how it reads in a message.

A citation is a string that shows its own kind: a JSON pointer into the document, `FACTS n`,
`SEMANTICS n "words of that section"`, or else an exact sentence of the document.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from usagetwin.contract.document import DOCUMENT_FILE, DOCUMENT_PAGE, at_pointer
from usagetwin.contract.evidence import FACTS, SEMANTICS, Evidence
from usagetwin.contract.sentences import sentence_lines, sentences
from usagetwin.data import openapi_folder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_NUMBERED: Final = re.compile(r'(?:FACTS|SEMANTICS) ([1-9][0-9]*)(?: "(.+)")?')


class Tier(StrEnum):
    """Where a rule comes from."""

    SCHEMA = "schema"
    PROSE = "prose"
    OBSERVED = "observed"
    CHOSEN = "chosen"


EVIDENCE: Final = {Tier.OBSERVED: FACTS, Tier.CHOSEN: SEMANTICS}


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a source, and where they stand in it, as in `line 19`."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One place that a rule rests on, as the catalogue writes it."""

    written: str

    @property
    def tier(self) -> Tier:
        """Give the tier that a citation of this form belongs to."""
        if self.written.startswith("/"):
            return Tier.SCHEMA
        if self.written.startswith("FACTS "):
            return Tier.OBSERVED
        return Tier.CHOSEN if self.written.startswith("SEMANTICS ") else Tier.PROSE

    @property
    def number(self) -> int:
        """Give the number of the part that is cited of one of the project's own texts, else 0."""
        numbered = _NUMBERED.fullmatch(self.written)
        return 0 if numbered is None else int(numbered[1])

    def problem(self, document: object, known_sentences: "Container[str]") -> str | None:
        """Say what is wrong with this citation, given the document and its sentences; None if it holds."""
        if self.tier in EVIDENCE:
            return self.misquotation()
        if self.tier is Tier.PROSE:
            known = self.written in known_sentences
            return None if known else f"the document has no sentence {self.written!r}"
        try:
            at_pointer(document, self.written)
        except LookupError:
            return f"the document has nothing at {self.written!r}"
        return None

    def misquotation(self) -> str | None:
        """Say what is wrong with a citation of the project's own texts; None if it holds, or is another."""
        evidence = EVIDENCE.get(self.tier)
        return None if evidence is None else self._misquotation(evidence)

    def quotations(self) -> tuple[Quotation, ...]:
        """Give the cited words; a sentence may stand several times, and a JSON pointer has none to quote."""
        if self.tier is Tier.PROSE:
            lines = [sentence.line for sentence in sentences() if sentence.text == self.written]
            return tuple(Quotation(f"line {line}", self.written) for line in lines)
        evidence = EVIDENCE.get(self.tier)
        if evidence is None:
            return ()
        quote = self._quote or evidence.parts()[self.number]
        return (Quotation(f"{evidence.part} {self.number}", quote),)

    @property
    def _quote(self) -> str | None:
        numbered = _NUMBERED.fullmatch(self.written)
        return None if numbered is None else numbered[2]

    def _misquotation(self, evidence: Evidence) -> str | None:
        parts, quote = evidence.parts(), self._quote
        if self.number not in parts:
            return f"{self.written!r} names no {evidence.part} from 1 to {len(parts)} of {evidence.name}"
        if quote is None:
            return (
                None if evidence.quoted_whole else f"{self.written!r} quotes no words of its {evidence.part}"
            )
        known = quote in parts[self.number]
        return None if known else f"{evidence.part} {self.number} of {evidence.name} has no words {quote!r}"


def rendered(tier: Tier, cites: "Iterable[str]", policy: str | None = None) -> str:
    """Write a rule's citation for a message, as in `prose, launchdarkly-usage.yaml:19`."""
    suffix = "" if policy is None else f", policy {policy}"
    return f"{tier}, {_places(tier, tuple(cites))}{suffix}"


def whereabouts(tier: Tier) -> tuple[str, ...]:
    """Give where the text that a tier cites can be read: a page if it has one, and the installed file."""
    if tier in EVIDENCE:
        return (str(EVIDENCE[tier].path),)
    return DOCUMENT_PAGE, str(openapi_folder() / DOCUMENT_FILE)


def _places(tier: Tier, cites: tuple[str, ...]) -> str:
    if tier is Tier.PROSE:
        lines = sorted({sentence_lines()[cite] for cite in cites})
        return f"{DOCUMENT_FILE}:{', '.join(map(str, lines))}"
    if tier is Tier.SCHEMA:
        return ", ".join(f"{DOCUMENT_FILE}#{cite}" for cite in cites)
    numbers = dict.fromkeys(Citation(cite).number for cite in cites)
    return f"{EVIDENCE[tier].name} {', '.join(map(str, numbers))}"
