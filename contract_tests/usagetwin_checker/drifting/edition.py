"""A newer document as it is found: a page with the document in it, YAML or JSON, of OpenAPI 3.0 or 3.1.

Rule: whatever the file holds, its user gets an OpenAPI document or one clear error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from usagetwin.contract.document import DOCUMENT_FILE, at_pointer, document_text, pointer_token
from usagetwin.contract.operation import PATH
from usagetwin.contract.siblings.values import from_json, from_yaml
from usagetwin.errors import ContractError, FileError, quoted

LARGEST: Final = 16 * 1024 * 1024  # LaunchDarkly's whole document has a few MiB
DEEPEST_REFERENCE: Final = 20
FENCED: Final = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
OPENAPI: Final = re.compile(r"^openapi:[ \t]*[\"']?[0-9]", re.MULTILINE)
IN_JSON: Final = re.compile(r"\s*\{.*\"openapi\"\s*:", re.DOTALL)
VERSION: Final = re.compile(r"3\.[01](\..+)?")
OPERATION: Final = f"/paths{pointer_token(PATH)}/get"
LISTED: Final[Mapping[str, type]] = {"parameters": list, "responses": dict}
VALID: Final = "an OpenAPI 3.0 or 3.1 document in YAML or JSON, or the page that has it in a fenced block"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document: its JSON pointer, and its value, references followed.

    `beside` is what stands beside those references, each with its pointer and its keyword: of a schema of 3.1
    it holds as well.
    """

    root: Mapping[str, Any]
    pointer: str
    value: Any
    beside: tuple[tuple[str, str, Any], ...] = ()

    def child(self, *keys: object) -> "Place | None":
        """Give the part below, by one key after the other; None where there is none."""
        place = self
        for key in keys:
            if not isinstance(place.value, dict | list):
                return None
            try:
                value = place.value[key]  # type: ignore[call-overload]  # a key of a mapping, or a number
            except (LookupError, TypeError):
                return None
            place = _followed(Place(place.root, place.pointer + pointer_token(key), value))
        return place

    def children(self) -> "Iterator[tuple[Any, Place]]":
        """Give what is below, by key or position."""
        keys = range(len(self.value)) if isinstance(self.value, list) else self.value
        for key in keys if isinstance(self.value, dict | list) else ():
            found = self.child(key)
            if found is not None:
                yield key, found

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 -- JSON
        """Give a value of a mapping."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default


@dataclass(frozen=True, slots=True)
class Edition:
    """An OpenAPI document: how it is named, its text as YAML where it is that, and its value."""

    name: str
    text: str | None
    value: Mapping[str, Any]

    @property
    def root(self) -> Place:
        """Give the whole of it."""
        return Place(self.value, "", self.value)

    def has(self, pointer: str) -> bool:
        """Tell whether a JSON pointer leads somewhere."""
        try:
            at_pointer(self.value, pointer)
        except LookupError:
            return False
        return True

    @property
    def not_vendored(self) -> str | None:
        """Say why it can't take the vendored document's place as it stands; None where it can."""
        if self.text is None:
            return "it is JSON, and what is vendored is YAML, byte for byte"
        if not str(self.value["openapi"]).startswith("3.1"):
            return f"it is OpenAPI {self.value['openapi']}, and what is vendored is the 3.1 edition"
        if PATH not in self.value["paths"]:
            return f"it has no {PATH}"
        others = len(self.value["paths"]) - 1
        if others:
            return f"it has other paths too ({others}), and what is vendored is the edition of this one alone"
        return self._not_found

    @property
    def _not_found(self) -> str | None:
        """Say what a twin would not find where it looks for it: it follows no reference to a parameter."""
        get = self.root.child("paths", PATH, "get")
        if get is None:
            return f"it has no GET {PATH}"
        for key, shape in LISTED.items():
            own, shared = get.child(key), self.root.child("paths", PATH, key)
            if own is None or own.pointer != f"{OPERATION}/{key}" or not isinstance(own.value, shape):
                return f"its GET {PATH} has no {key} of its own"
            listed = [each for _, each in own.children()]
            if shared is not None or any(not each.pointer.startswith(f"{own.pointer}/") for each in listed):
                return f"its {key} stand in part elsewhere than at the operation"
        return None


def vendored() -> Edition:
    """Give the vendored document."""
    text = document_text()
    return Edition(DOCUMENT_FILE, text, from_yaml(text, DOCUMENT_FILE))


def edition_of(content: bytes, name: str) -> Edition:
    """Read a document. Raises FileError for what is none."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FileError(
            name, None, f"it is no UTF-8: byte {error.start} is none of a character", VALID
        ) from None
    if text.lstrip().startswith("<"):
        problem = "it is HTML, in which the document is not whole"
        raise FileError(
            name, None, problem, "the page as Markdown, whose address ends in .md, or the document"
        )
    text = text if _in_json(text) else _of_page(text, name)
    return Edition(name, None if _in_json(text) else text, _openapi(_value(text, name), name))


def _in_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _value(text: str, name: str) -> Any:  # noqa: ANN401 -- JSON or YAML
    read = from_json if _in_json(text) else from_yaml
    try:
        return read(text, name)
    except ContractError as error:
        raise FileError(error.where, None, error.problem, error.remedy) from None


def _of_page(text: str, name: str) -> str:
    """Give the document that a page has in a fenced block; the text itself where it is no page."""
    if OPENAPI.search(f"\n{text}".partition("\n```")[0].partition("\n~~~")[0]):
        return text
    likely = [block for _, block in FENCED.findall(text) if OPENAPI.search(block) or IN_JSON.match(block)]
    found = likely if len(likely) == 1 else [block for block in likely if _is_openapi(block, name)]
    if len(found) > 1:
        problem = f"the page has {len(found)} fenced blocks with an OpenAPI document"
        raise FileError(name, None, problem, "a file with the one that is meant")
    return found[0] if found else text


def _is_openapi(text: str, name: str) -> bool:
    try:
        _openapi(_value(text, name), name)
    except FileError:
        return False
    return True


def _openapi(value: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401 -- YAML holds anything
    if not isinstance(value, dict) or not isinstance(value.get("openapi"), str):
        raise FileError(name, None, "it is no OpenAPI document: it has no version under `openapi`", VALID)
    if VERSION.fullmatch(value["openapi"]) is None:
        problem = f"it is OpenAPI {quoted(value['openapi'])}, which is not read"
        raise FileError(name, None, problem, VALID)
    if not isinstance(value.get("paths"), dict):
        raise FileError(name, None, "it has no paths", VALID)
    return value


def _followed(place: Place) -> Place:
    """Follow references within the document. Raises FileError for one that leads nowhere, or elsewhere."""
    for _ in range(DEEPEST_REFERENCE):
        reference = place.get("$ref")
        if not isinstance(reference, str):
            return place
        if not reference.startswith("#/"):
            problem = f"the reference {quoted(reference)} leads out of the document"
            raise FileError(place.pointer, None, problem, "a document with all of its parts inside")
        try:
            pointer = unquote(reference[1:])
            value = at_pointer(place.root, pointer)
        except LookupError:
            problem = f"the reference {quoted(reference)} leads nowhere"
            raise FileError(place.pointer, None, problem, "a whole document") from None
        more = ((f"{place.pointer}/{key}", key, each) for key, each in place.value.items() if key != "$ref")
        place = Place(place.root, pointer, value, (*place.beside, *more))
    problem = "its references lead in a circle"
    raise FileError(place.pointer, None, problem, "a document whose references end")
