"""Sentences that came, went or were reworded, between two descriptions of one thing."""

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from usagetwin.contract.sentences import PROSE_KEYS, TITLE, split
from usagetwin_checker.drifting.changes import Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin_checker.drifting.edition import Place

ALIKE: Final = 0.5  # from here on a sentence counts as another wording of one that went


def prose_changes(old: "Place | None", new: "Place | None") -> "Iterator[Change]":
    """Compare what two parts say of themselves, sentence by sentence."""
    for key in sorted(PROSE_KEYS) if old is not None and new is not None else ():
        yield from _of_text(old, new, key)  # type: ignore[arg-type]  # neither is None here


def title_changes(old: "Place", new: "Place") -> "Iterator[Change]":
    """Compare the titles of two documents, which are prose."""
    before, after = old.child("info"), new.child("info")
    if before is not None and after is not None:
        yield from _of_text(before, after, TITLE.rpartition("/")[2])


def _of_text(old: "Place", new: "Place", key: str) -> "Iterator[Change]":
    was, is_ = split(str(old.get(key) or "")), split(str(new.get(key) or ""))
    before, after = f"{old.pointer}/{key}", f"{new.pointer}/{key}"
    for tag, i, j, k, n in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for gone, came in _paired(list(was[i:j]), list(is_[k:n])):
            about = "reworded" if gone and came else "gone" if gone else "new"
            yield Change(
                Kind.PROSE,
                f"a sentence is {about}",
                before if gone else None,
                after if came else None,
                old.pointer,
                gone,
                came,
                sentence=True,
            )


def _paired(gone: list[str], came: list[str]) -> "Iterator[tuple[str, str]]":
    """Pair each sentence that went with the one that came which is most like it, if one is."""
    left = list(came)
    alone = []
    for old in gone:
        near = max(left, key=lambda new: _alike(old, new), default=None)
        if near is None or _alike(old, near) < ALIKE:
            alone.append(old)
            continue
        left.remove(near)
        yield old, near
    yield from ((old, "") for old in alone)
    yield from (("", new) for new in left)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
