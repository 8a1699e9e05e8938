"""Where each sentence of the document stands at the end of a run, by the rules that follow from it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin.contract.sentences import sentence_lines
from usagetwin_checker.findings import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from usagetwin_checker.reporting.standing import Standing

FIRST: Final = (Status.BROKEN, Status.DIFFERS, Status.HELD, Status.NOT_JUDGED, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence: its line, the rules that follow from it, and its status, or why there is none.

    A sentence is broken where one of its rules is, and held where one was put to the test and none broken.
    """

    text: str
    line: int
    rules: tuple[str, ...]
    status: Status | None
    reason: str | None


def judged(found: "Sequence[Standing]") -> "Iterator[Judged]":
    """Give each sentence of the document once, in the ledger's order."""
    statuses = {each.rule.id: each.status for each in found}
    for entry in sentence_ledger():
        of_rules = {statuses[name] for name in entry.rules}
        status = next((each for each in FIRST if each in of_rules), None)
        yield Judged(entry.sentence, sentence_lines()[entry.sentence], entry.rules, status, entry.none)
