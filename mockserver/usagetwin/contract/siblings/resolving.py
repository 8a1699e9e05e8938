"""References of a document, followed within it: none leads to another file or host, or around in a circle."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from usagetwin.contract.document import at_pointer
from usagetwin.errors import UsageTwinError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_STEPS: Final = 20_000  # objects of one operation; the vendored one has some 60
DEEPEST: Final = 60


def object_of(value: object) -> "Mapping[str, Any]":
    """Give an object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


class UnresolvedError(UsageTwinError):
    """A reference that can't be followed, or an operation that is too large to be compared."""


class Resolver:
    """Follows the references of one operation."""

    def __init__(self, root: "Mapping[str, Any]") -> None:
        """Take the whole document."""
        self._root: Final = root
        self._within: list[str] = []
        self._steps = 0

    @contextmanager
    def entered(self, value: object) -> "Iterator[dict[str, Any]]":
        """Give the object that a value is or refers to, and be in it meanwhile. Raises UnresolvedError."""
        depth = len(self._within)
        try:
            yield self._followed(value)
        finally:
            del self._within[depth:]

    def _followed(self, value: object) -> dict[str, Any]:
        self._steps += 1
        if self._steps > MOST_STEPS or len(self._within) > DEEPEST:
            message = "is too large to be compared with the contract"
            raise UnresolvedError(message)
        beside: list[str] = []
        while isinstance(value, dict) and "$ref" in value:
            beside.append(str(value.get("description") or ""))
            value = self._referred(value["$ref"])
        if isinstance(value, bool):  # a schema, in 3.1
            return {} if value else {"not": {}}
        if not isinstance(value, dict):
            message = f"has {quoted(str(value))} where an object belongs"
            raise UnresolvedError(message)
        return {**value, "description": _joined(*beside, value.get("description"))} if any(beside) else value

    def _referred(self, reference: object) -> object:
        if not isinstance(reference, str) or not reference.startswith("#"):
            message = f"refers to {quoted(str(reference))}, which is not in the file, and nothing is fetched"
            raise UnresolvedError(message)
        if reference in self._within:
            message = f"refers to {quoted(reference)} within itself, without end"
            raise UnresolvedError(message)
        self._within.append(reference)
        try:
            return at_pointer(self._root, unquote(reference[1:]))
        except LookupError:
            message = f"refers to {quoted(reference)}, which the document does not have"
            raise UnresolvedError(message) from None


def _joined(*texts: object) -> str:
    """Give the words beside a reference with those that it leads to, in which each begins a sentence."""
    return "<br/>".join(text for text in texts if isinstance(text, str))
