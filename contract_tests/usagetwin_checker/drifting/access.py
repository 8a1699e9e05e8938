"""Where the operation is asked, and by which credential, in two documents.

OpenAPI ignores a header parameter called Authorization where a scheme says the same; so it counts as one.
"""

from collections.abc import Iterator
from typing import Any, Final

from usagetwin.errors import FileError
from usagetwin_checker.drifting.changes import Change, Kind
from usagetwin_checker.drifting.edition import Place
from usagetwin_checker.drifting.parts import CREDENTIAL, GET, below, named
from usagetwin_checker.drifting.written import shown

SCHEMES: Final = "/components/securitySchemes"


def server_changes(old: Place, new: Place) -> Iterator[Change]:
    """Compare the servers of two documents."""
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


def credential_changes(said: Place, root: Place, new: Place, pointers: dict[str, str]) -> Iterator[Change]:
    """Compare what a request needs; `said` is the old document with the overlay, `new` the operation."""
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
        opened = all(any(way <= known for way in is_) for known in was)
        kind = Kind.COMPATIBLE if opened else Kind.BREAKING
        words = [
            " or ".join(sorted(" and ".join(sorted(way)) or "none" for way in ways)) for ways in (was, is_)
        ]
        about = f"a request needs the credential {words[1]}, and needed {words[0]}"
        yield Change(kind, about, SCHEMES, None, SCHEMES, was=words[0], is_=words[1])


def _schemes(root: Place) -> Iterator[tuple[Any, Place]]:
    return below(root.child("components"), "securitySchemes")


def _ways(root: Place, operation: Place | None) -> set[frozenset[str]]:
    """Give the credentials that open the operation: one of these sets. Raises FileError."""
    found = set()
    for one in _requirements(root, operation):
        schemes = [(name, root.child("components", "securitySchemes", name)) for name in one]
        found.add(frozenset(str(name) if each is None else _way(each) for name, each in schemes))
    header = named(operation, root).get(CREDENTIAL)
    if not found and header is not None and header.get("required"):
        found.add(frozenset({"apiKey in header authorization"}))
    return found or {frozenset()}


def _requirements(root: Place, operation: Place | None) -> list[dict[str, Any]]:
    """Give what the operation says of its security, else the document."""
    own = None if operation is None else operation.child("security")
    said = own if own is not None and own.value is not None else root.child("security")
    if said is None or said.value is None:
        return []
    if not isinstance(said.value, list) or not all(isinstance(one, dict) for one in said.value):
        problem = f"security is {shown(said.value)}, and no list of credentials"
        raise FileError(said.pointer, None, problem, "a list such as [{ApiKey: []}], or [] for none")
    return said.value


def _way(scheme: Place) -> str:
    kind = str(scheme.get("type"))
    if kind == "apiKey":
        return f"{kind} in {scheme.get('in')} {str(scheme.get('name')).lower()}"
    return f"{kind} {str(scheme.get('scheme')).lower()}" if kind == "http" else kind
