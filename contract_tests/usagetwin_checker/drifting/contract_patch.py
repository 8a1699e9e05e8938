"""The patch by which a checkout of usagetwin follows a newer document: the files of the contract, its hash.

Rule: what a person has to decide is left to one, and said: which rules follow from a new sentence, what the
twin does with a new parameter. Nothing is enforced after it that the newer document does not say.
"""

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract import Tier, rules
from usagetwin.contract.document import DOCUMENT_FILE, SHA256, document_text
from usagetwin.contract.files import OVERLAY_FILE, RULES_FILE, SENTENCES_FILE
from usagetwin.contract.sentence_ledger import sentence_ledger
from usagetwin.errors import ContractError, SettingError, quoted
from usagetwin_checker.drifting.changes import Kind
from usagetwin_checker.drifting.followed import HEADING, followed
from usagetwin_checker.drifting.overlay_patch import overlay_patch
from usagetwin_checker.drifting.patch import Patch
from usagetwin_checker.drifting.yaml_edits import YamlEdits, block, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from usagetwin_checker.drifting.document import DocumentDrift
    from usagetwin_checker.drifting.followed import Followed

FOLDER: Final = "openapi"
DOCUMENT: Final = f"{FOLDER}/{DOCUMENT_FILE}"
HASHED: Final = "mockserver/usagetwin/contract/document.py"
SOURCE: Final = f"{FOLDER}/SOURCE.md"
FACTS_FILE: Final = "docs/facts.md"
CITING: Final = tuple(f"{FOLDER}/{name}" for name in (OVERLAY_FILE, RULES_FILE, SENTENCES_FILE))
FILES: Final = (DOCUMENT, *CITING, SOURCE, HASHED, FACTS_FILE)
TO_DECIDE: Final = "Not decided yet: a newer edition of the document brought it."


def contract_patch(drift: "DocumentDrift", checkout: "Path", month: str) -> Patch:
    """Propose what a checkout has to change; `month` is when the newer document was taken, as in 2026-11.

    Raises SettingError for a folder that is no checkout with the same document.
    """
    old = {name: _read(checkout, name) for name in FILES}
    if old[DOCUMENT] != document_text():
        problem = f"{DOCUMENT} in {quoted(str(checkout))} is not the document of the usagetwin that runs"
        raise SettingError(problem, "usagetwin from that checkout: pip install -e .")
    why = drift.newer.not_vendored
    if not drift.changes and (why is not None or drift.newer.text == old[DOCUMENT]):
        return Patch()
    if why is not None:
        return Patch(none=f"{why}; take the page of the endpoint ({SOURCE}) for a patch")
    text = drift.newer.text or ""
    try:
        found = followed(drift)
    except ContractError as error:  # its sentences can't be found in its text again
        return Patch(none=f"{error.problem}: {error.remedy}")
    overlay, dropped = overlay_patch(old[f"{FOLDER}/{OVERLAY_FILE}"], drift, found)
    new = {
        DOCUMENT: text,
        f"{FOLDER}/{OVERLAY_FILE}": overlay,
        f"{FOLDER}/{RULES_FILE}": _rules(old[f"{FOLDER}/{RULES_FILE}"], found),
        f"{FOLDER}/{SENTENCES_FILE}": _sentences(old[f"{FOLDER}/{SENTENCES_FILE}"], found),
        SOURCE: _source(old[SOURCE], text, month),
        HASHED: old[HASHED].replace(SHA256, _sha256(text)),
        FACTS_FILE: _facts(old[FACTS_FILE], found, month),
    }
    left = (*_undecided(drift, found), *dropped)
    return Patch({name: (old[name], new[name]) for name in FILES}, left)


def _read(checkout: "Path", name: str) -> str:
    try:
        return (checkout / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "no text"
        problem = f"{quoted(str(checkout))} is no checkout of usagetwin: {name}: {said}"
        raise SettingError(problem, "--checkout FOLDER, with a clone of usagetwin's sources") from None


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _source(text: str, document: str, month: str) -> str:
    text = text.replace(SHA256, _sha256(document))
    text = re.sub(r"(\| Size \| )[0-9]+( bytes)", rf"\g<1>{len(document.encode())}\g<2>", text)
    return re.sub(r"(\| Taken \| )[0-9]{4}-[0-9]{2}", rf"\g<1>{month}", text)


def _rules(text: str, found: "Followed") -> str:
    edits = YamlEdits(text, RULES_FILE)
    root: Any = edits.root
    for key, entry in root.value:
        rule = rules()[key.value]
        cites = found.cites(rule.cites)
        if cites == rule.cites:
            continue
        if not cites:
            edits.replace_key(entry, "tier", [f"  tier: {Tier.OBSERVED}"])
            cites = found.kept(rule.cites)
        edits.replace_key(entry, "cites", block("cites", cites, 2))
    return edits.text()


def _sentences(text: str, found: "Followed") -> str:
    edits = YamlEdits(text, SENTENCES_FILE)
    root: Any = edits.root
    for index, (node, entry) in enumerate(zip(root.value, sentence_ledger(), strict=True)):
        if entry.sentence in found.moved:
            edits.replace_key(node, "sentence", [f"- sentence: {scalar(found.moved[entry.sentence])}"])
        elif entry.sentence in found.lost:
            edits.remove_item(root, index)
    for sentence in found.added:
        edits.append(["", f"- sentence: {scalar(sentence)}", f"  none: {scalar(TO_DECIDE)}"])
    return edits.text()


def _facts(text: str, found: "Followed", month: str) -> str:
    entries = [
        f"{number}. `[documented]` Until {month} the document {_had(cite)}; the next edition does not."
        for cite, number in found.gone.items()
    ]
    if not entries:
        return text
    head = "" if HEADING in text else f"\n{HEADING}\n\n"
    return text.rstrip("\n") + "\n" + head + "\n".join(entries) + "\n"


def _had(cite: str) -> str:
    return f"had `{cite}`" if cite.startswith("/") else f'said "{cite}"'


def _undecided(drift: "DocumentDrift", found: "Followed") -> "Iterator[str]":
    for rule in rules().values():
        if found.stranded(rule):
            yield f"the rule {rule.id} rests on an earlier edition alone: keep it, or take its check out"
    for old, new in found.moved.items():
        cited = [rule.id for rule in rules().values() if old in rule.cites]
        if cited and not old.startswith("/"):
            yield f"read whether they still follow from {new!r}: {', '.join(cited)}"
    for sentence in found.added:
        yield f"say which rules follow from {sentence!r} ({FOLDER}/{SENTENCES_FILE})"
    for change in drift.changes:
        if change.kind in (Kind.BREAKING, Kind.NEW):
            yield f"the twin and the checker don't know of it: {change.about}"
