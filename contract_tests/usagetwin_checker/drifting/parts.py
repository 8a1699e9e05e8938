"""How the parts of the operation are found in a document: by what names them on the wire."""

from collections.abc import Iterator
from typing import Any, Final

from usagetwin.contract.operation import PATH
from usagetwin_checker.drifting.edition import Place

GET: Final = ("paths", PATH, "get")
CREDENTIAL: Final = ("header", "authorization")
METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
Named = dict[tuple[str, str], Place]


def named(operation: Place | None, root: Place) -> Named:
    """Give the parameters by place and name; those of the path are every operation's."""
    shared = root.child("paths", PATH, "parameters")
    own = None if operation is None else operation.child("parameters")
    found: Named = {}
    for group in (shared, own):
        for _, each in () if group is None else group.children():
            place, name = str(each.get("in")), str(each.get("name"))
            found[place, name.lower() if place == "header" else name] = each
    return found


def below(place: Place | None, key: str) -> Iterator[tuple[Any, Place]]:
    """Give what is below a part of a place; nothing where there is no such part."""
    part = None if place is None else place.child(key)
    return iter(()) if part is None else part.children()
