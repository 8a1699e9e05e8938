"""The one operation in two editions: its parameters, answers and words, and their changes.

Rule: a part is found by what names it on the wire (a parameter's place and name, a status), not by its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from usagetwin.contract import effective_contract
from usagetwin.contract.operation import PATH
from usagetwin.contract.siblings.matching import QUERY
from usagetwin_checker.drifting.access import credential_changes, server_changes
from usagetwin_checker.drifting.changes import Change, Kind
from usagetwin_checker.drifting.edition import Edition, Place, vendored
from usagetwin_checker.drifting.overlooked import overlooked
from usagetwin_checker.drifting.parts import CREDENTIAL, GET, METHODS, below, named
from usagetwin_checker.drifting.prose import prose_changes, title_changes
from usagetwin_checker.drifting.schemas import Schemas, Sides
from usagetwin_checker.drifting.touched import rules_touched
from usagetwin_checker.drifting.written import shown

NAMES: Final = ("operationId", "tags", "deprecated", "externalDocs")  # which nothing on the wire shows
SUCCESS: Final = "2"


@dataclass(frozen=True, slots=True)
class DocumentDrift:
    """What changed from the vendored document to a newer one, and where its parts went (JSON pointers)."""

    newer: Edition
    changes: tuple[Change, ...]
    pointers: dict[str, str]
    passed_over: int  # operations of the newer document that are none of ours


def document_drift(newer: Edition) -> DocumentDrift:
    """Compare a newer document with the vendored one."""
    older = vendored()
    pointers: dict[str, str] = {}
    found = list(_changes(older, newer, pointers))
    ours = newer.root.child(*GET) is not None
    if ours:
        found.extend(overlooked(older, newer, found))
    changes = tuple(replace(change, rules=rules_touched(change)) for change in found)
    items = [item for item in newer.value["paths"].values() if isinstance(item, dict)]
    there = {old: new for old, new in pointers.items() if newer.has(new)}
    methods = sum(key in METHODS for item in items for key in item)
    return DocumentDrift(newer, changes, there, methods - ours)


def _changes(older: Edition, newer: Edition, pointers: dict[str, str]) -> Iterator[Change]:
    old, new = older.root.child(*GET), newer.root.child(*GET)
    said = Edition("", None, effective_contract()).root
    assert old is not None  # noqa: S101 -- its hash is held
    if new is None:
        about = f"the document has no GET {PATH}"
        yield Change(Kind.BREAKING, about, old.pointer, None, old.pointer)
        return
    yield from title_changes(older.root, newer.root)
    pointers[old.pointer] = new.pointer
    yield from prose_changes(old, new)
    yield from _names(old, new)
    yield from _parameters(old, new, said, newer.root, pointers)
    yield from _body(old, new)
    yield from _answers(old, new, said, pointers)
    yield from server_changes(older.root, newer.root)
    yield from credential_changes(said, newer.root, new, pointers)


def _names(old: Place, new: Place) -> Iterator[Change]:
    for name in NAMES:
        was, is_ = old.get(name), new.get(name)
        if was != is_ and (was or is_):
            about = f"{name} of the operation is {shown(is_)}, and was {shown(was)}"
            kind = Kind.COMPATIBLE if name == "deprecated" else Kind.PROSE
            yield Change(kind, about, None, f"{new.pointer}/{name}", None, shown(was), shown(is_))


def _parameters(
    old: Place, new: Place, said: Place, root: Place, pointers: dict[str, str]
) -> Iterator[Change]:
    had, has = named(old, Place(old.root, "", old.root)), named(new, root)
    known = named(said.child(*GET), said)
    for key in dict.fromkeys((*had, *has)):
        name = key[1]
        if key in had and key in has:
            pointers[had[key].pointer] = has[key].pointer
            if had[key].get("required") == has[key].get("required") is not None:
                pointers[f"{had[key].pointer}/required"] = f"{has[key].pointer}/required"
        if key == CREDENTIAL:
            yield from _header(had.get(key), has.get(key))
        elif key not in has:
            pointer = had[key].pointer
            yield Change(Kind.BREAKING, f"the parameter {name} is gone", pointer, None, pointer)
        elif key not in had:
            needed = bool(has[key].get("required"))
            about = f"the parameter {name} is new, and {'required' if needed else 'optional'}"
            kind = Kind.BREAKING if needed else Kind.NEW
            came = shown(has[key].value)
            yield Change(kind, about, None, has[key].pointer, None, is_=came, parameter=name)
        else:
            yield from _parameter(name, had[key], has[key], known.get(key), pointers)


def _header(old: Place | None, new: Place | None) -> Iterator[Change]:
    """Compare the parameter that OpenAPI ignores; whether a request needs it is told of the credentials."""
    if old is not None and new is None:
        about = "the parameter Authorization is gone, which a security scheme stands for"
        yield Change(Kind.COMPATIBLE, about, old.pointer, None, old.pointer)


def _parameter(
    name: str, old: Place, new: Place, said: Place | None, pointers: dict[str, str]
) -> Iterator[Change]:
    yield from prose_changes(old, new)
    was, is_ = bool(old.get("required")), bool(new.get("required"))
    if was != is_:
        kind = Kind.BREAKING if is_ else Kind.COMPATIBLE
        about = f"the parameter {name} is {'required' if is_ else 'optional'}"
        yield Change(
            kind,
            about,
            f"{old.pointer}/required",
            f"{new.pointer}/required",
            old.pointer,
            shown(was),
            shown(is_),
        )
    if not old.get("deprecated") and new.get("deprecated"):
        about = f"the parameter {name} is deprecated"
        yield Change(Kind.COMPATIBLE, about, None, f"{new.pointer}/deprecated", old.pointer)
    for field, default in QUERY.items():
        before, after = old.get(field, default), new.get(field, default)
        known = before if said is None else said.get(field, default)
        if before != after:
            kind = Kind.COMPATIBLE if after == known else Kind.BREAKING
            about = f"{field} of the parameter {name} is {shown(after)}"
            yield Change(kind, about, None, None, old.pointer, shown(before), shown(after))
    schema, schemas = new.child("schema"), Schemas(answer=False, prose=prose_changes, pointers=pointers)
    if schema is None:
        about = f"the parameter {name} has no schema"
        yield Change(Kind.BREAKING, about, f"{old.pointer}/schema", None, old.pointer)
        return
    overlaid = None if said is None else said.child("schema")
    yield from schemas.changes(Sides(name, old.child("schema"), schema, overlaid, old.pointer))


def _body(old: Place, new: Place) -> Iterator[Change]:
    if old.get("requestBody") is None and new.get("requestBody") is not None:
        body = new.child("requestBody")
        needed = body is not None and bool(body.get("required"))
        kind = Kind.BREAKING if needed else Kind.NEW
        about = f"a request {'needs' if needed else 'may have'} a body"
        yield Change(kind, about, None, f"{new.pointer}/requestBody")


def _answers(old: Place, new: Place, said: Place, pointers: dict[str, str]) -> Iterator[Change]:
    had, has = ({str(k): p for k, p in below(side, "responses")} for side in (old, new))
    for status in dict.fromkeys((*had, *has)):
        if status not in has:
            kind = Kind.BREAKING if status.startswith(SUCCESS) else Kind.COMPATIBLE
            pointer = had[status].pointer
            yield Change(kind, f"the answer {status} is gone", pointer, None, pointer)
        elif status not in had:
            yield Change(Kind.NEW, f"the answer {status} is new", None, has[status].pointer)
        else:
            pointers[had[status].pointer] = has[status].pointer
            overlaid = said.child(*GET, "responses", status)
            yield from prose_changes(had[status], has[status])
            yield from _contents(status, had[status], has[status], overlaid, pointers)


def _contents(
    status: str, old: Place, new: Place, said: Place | None, pointers: dict[str, str]
) -> Iterator[Change]:
    had, has = dict(below(old, "content")), dict(below(new, "content"))
    for form in dict.fromkeys((*had, *has)):
        if form not in has:
            pointer = had[form].pointer
            yield Change(Kind.BREAKING, f"the answer {status} is no {form}", pointer, None, old.pointer)
        elif form not in had:
            yield Change(Kind.NEW, f"the answer {status} may be {form}", None, has[form].pointer)
        else:
            pointers[had[form].pointer] = has[form].pointer
            before, after = had[form].child("schema"), has[form].child("schema")
            overlaid = None if said is None else said.child("content", form, "schema")
            schemas = Schemas(answer=True, prose=prose_changes, pointers=pointers)
            if after is None:
                about = f"the answer {status} has no schema"
                yield Change(Kind.BREAKING, about, had[form].pointer, None, old.pointer)
            else:
                owner = old.pointer if before is None else before.pointer
                yield from schemas.changes(Sides(status, before, after, overlaid, owner))
    for name, header in below(new, "headers"):
        if old.child("headers", name) is None:
            yield Change(Kind.NEW, f"the answer {status} has the header {name}", None, header.pointer)
