"""Citations: which tiers there are, how each is cited, and how a citation reads in a message.

A citation is a string that shows its own kind: a JSON pointer into the document, `FACTS n`,
`SEMANTICS n`, or else an exact sentence of the document.
"""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from usagetwin.contract.document import DOCUMENT_FILE, at_pointer
from usagetwin.contract.sentences import sentence_lines

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

FACTS: Final = range(1, 28)
SECTIONS: Final = range(1, 7)
_NUMBERED: Final = re.compile(r"(FACTS|SEMANTICS) ([1-9][0-9]*)")


class Tier(StrEnum):
    """Where a rule comes from."""

    SCHEMA = "schema"
    PROSE = "prose"
    OBSERVED = "observed"
    CHOSEN = "chosen"


def cited_tier(cite: str) -> Tier:
    """Give the tier that a citation of this form belongs to."""
    if cite.startswith("/"):
        return Tier.SCHEMA
    if cite.startswith("FACTS "):
        return Tier.OBSERVED
    return Tier.CHOSEN if cite.startswith("SEMANTICS ") else Tier.PROSE


def citation_problem(cite: str, document: object, known_sentences: "Container[str]") -> str | None:
    """Say what is wrong with a citation of this document; None if it holds."""
    tier = cited_tier(cite)
    if tier is Tier.PROSE:
        return None if cite in known_sentences else f"the document has no sentence {cite!r}"
    if tier is Tier.SCHEMA:
        try:
            at_pointer(document, cite)
        except LookupError:
            return f"the document has nothing at {cite!r}"
        return None
    numbered = _NUMBERED.fullmatch(cite)
    entries = FACTS if tier is Tier.OBSERVED else SECTIONS
    if numbered is None or int(numbered[2]) not in entries:
        return f"{cite!r} names no entry from {entries[0]} to {entries[-1]}"
    return None


def rendered(tier: Tier, cites: "Iterable[str]", policy: str | None = None) -> str:
    """Write a rule's citation for a message, as in `prose, launchdarkly-usage.yaml:19`."""
    suffix = "" if policy is None else f", policy {policy}"
    return f"{tier}, {_places(tier, tuple(cites))}{suffix}"


def _places(tier: Tier, cites: tuple[str, ...]) -> str:
    if tier is Tier.PROSE:
        lines = sorted({sentence_lines()[cite] for cite in cites})
        return f"{DOCUMENT_FILE}:{', '.join(map(str, lines))}"
    if tier is Tier.SCHEMA:
        return ", ".join(f"{DOCUMENT_FILE}#{cite}" for cite in cites)
    numbers = ", ".join(cite.split()[1] for cite in cites)
    return f"{cites[0].split()[0]} {numbers}"
