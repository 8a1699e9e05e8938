"""The one operation in two editions: its parameters, answers, hosts, credential and words, and their changes.

Rule: a part is found by what names it on the wire (a parameter's place and name, a status), not by its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from usagetwin.contract import effective_contract
from usagetwin.contract.operation import PATH
from usagetwin_checker.drifting.changes import Change, Kind
from usagetwin_checker.drifting.edition import Edition, Place, vendored
from usagetwin_checker.drifting.prose import prose_changes, title_changes
from usagetwin_checker.drifting.schemas import Schemas, Sides
from usagetwin_checker.drifting.touched import rules_touched
from usagetwin_checker.drifting.written import shown

GET: Final = ("paths", PATH, "get")
CREDENTIAL: Final = ("header", "authorization")
NAMES: Final = ("operationId", "tags", "deprecated", "externalDocs")  # which nothing on the wire shows
OF_A_PARAMETER: Final = ("style", "explode", "allowReserved", "allowEmptyValue")
SUCCESS: Final = "2"
SCHEMES: Final = "/components/securitySchemes"
Named = dict[tuple[str, str], Place]


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
    changes = tuple(
        replace(change, rules=rules_touched(change)) for change in _changes(older, newer, pointers)
    )
    methods = sum(len(item) for item in newer.value["paths"].values() if isinstance(item, dict))
    ours = newer.root.child(*GET) is not None
    return DocumentDrift(newer, changes, pointers, methods - ours)


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
    yield from _servers(older.root, newer.root)
    yield from _credentials(said, newer.root, new, pointers)


def _names(old: Place, new: Place) -> Iterator[Change]:
    for name in NAMES:
        was, is_ = old.get(name), new.get(name)
        if was != is_:
            about = f"{name} of the operation is {shown(is_)}, and was {shown(was)}"
            kind = Kind.COMPATIBLE if name == "deprecated" else Kind.PROSE
            yield Change(kind, about, None, f"{new.pointer}/{name}", None, shown(was), shown(is_))


def _named(operation: Place | None, root: Place) -> Named:
    """Give the parameters by place and name; those of the path are every operation's."""
    shared = root.child("paths", PATH, "parameters")
    own = None if operation is None else operation.child("parameters")
    found: Named = {}
    for group in (shared, own):
        for _, each in () if group is None else group.children():
            place, name = str(each.get("in")), str(each.get("name"))
            found[place, name.lower() if place == "header" else name] = each
    return found


def _parameters(
    old: Place, new: Place, said: Place, root: Place, pointers: dict[str, str]
) -> Iterator[Change]:
    had, has = _named(old, Place(old.root, "", old.root)), _named(new, root)
    known = _named(said.child(*GET), said)
    for key in dict.fromkeys((*had, *has)):
        name = key[1]
        if key in had and key in has:
            pointers[had[key].pointer] = has[key].pointer
            if had[key].get("required") == has[key].get("required") is not None:
                pointers[f"{had[key].pointer}/required"] = f"{has[key].pointer}/required"
        if key == CREDENTIAL:
            continue
        if key not in has:
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
    for field in OF_A_PARAMETER:
        before, after = old.get(field), new.get(field)
        known = before if said is None else said.get(field)
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
    had, has = ({str(k): p for k, p in _below(side, "responses")} for side in (old, new))
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
    had, has = dict(_below(old, "content")), dict(_below(new, "content"))
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
    for name, header in _below(new, "headers"):
        if old.child("headers", name) is None:
            yield Change(Kind.NEW, f"the answer {status} has the header {name}", None, header.pointer)


def _servers(old: Place, new: Place) -> Iterator[Change]:
    was, is_ = _urls(old), _urls(new)
    yield from (Change(Kind.BREAKING, f"the server {url} is gone", was=url) for url in was if url not in is_)
    yield from (Change(Kind.NEW, f"the server {url} is new", is_=url) for url in is_ if url not in was)


def _urls(root: Place) -> list[str]:
    """Give the servers of the operation: its own, else those of the path, else those of the document."""
    for keys in (GET, GET[:-1], ()):
        place = root.child(*keys)
        servers = None if place is None else place.child("servers")
        if servers is not None:
            return [str(each.get("url")).rstrip("/") for _, each in servers.children()]
    return []


def _credentials(said: Place, root: Place, new: Place, pointers: dict[str, str]) -> Iterator[Change]:
    had, has = dict(_schemes(said)), dict(_schemes(root))
    for name, scheme in had.items():
        at = f"{SCHEMES}/{name}"
        same = next((other for other, found in has.items() if _way(found) == _way(scheme)), None)
        if same is None:
            about = f"the credential {name} ({_way(scheme)}) is gone"
            yield Change(Kind.BREAKING, about, at, None, at, was=shown(scheme.value))
        else:
            pointers |= {at: f"{SCHEMES}/{same}", f"{at}/name": f"{SCHEMES}/{same}/name"}
    was, is_ = _ways(said, said.child(*GET)), _ways(root, new)
    if was != is_:
        kind = Kind.COMPATIBLE if was & is_ or not is_ else Kind.BREAKING
        words = [
            " or ".join(sorted(" and ".join(sorted(way)) for way in ways)) or "none" for ways in (was, is_)
        ]
        about = f"a request needs the credential {words[1]}, and needed {words[0]}"
        yield Change(kind, about, SCHEMES, None, SCHEMES, was=words[0], is_=words[1])


def _schemes(root: Place) -> Iterator[tuple[Any, Place]]:
    return _below(root.child("components"), "securitySchemes")


def _ways(root: Place, operation: Place | None) -> set[frozenset[str]]:
    """Give the credentials that open the operation: one of these sets."""
    listed: Any = None if operation is None else operation.get("security", root.get("security"))
    found = set()
    for one in listed or ():
        schemes = [(name, root.child("components", "securitySchemes", name)) for name in one]
        found.add(frozenset(str(name) if each is None else _way(each) for name, each in schemes))
    header = _named(operation, root).get(CREDENTIAL)
    if not found and header is not None and header.get("required"):
        found.add(frozenset({"apiKey in header authorization"}))
    return found


def _way(scheme: Place) -> str:
    kind = str(scheme.get("type"))
    where = f" in {scheme.get('in')} {str(scheme.get('name')).lower()}" if kind == "apiKey" else ""
    return f"{kind}{where}"


def _below(place: Place | None, key: str) -> Iterator[tuple[Any, Place]]:
    part = None if place is None else place.child(key)
    return iter(()) if part is None else part.children()
