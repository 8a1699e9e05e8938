"""The operations of a document that look like the contract's, and what each of them says or allows otherwise.

Rule: what keeps the contract has no difference. The contract has two forms: the document's own schemas, and
those of the overlay, which say in a schema what the document says in words. An operation may have either.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import document
from usagetwin.contract.effective import effective_contract
from usagetwin.contract.operation import PARAMETERS, PATH, Operation
from usagetwin.contract.siblings import prose
from usagetwin.contract.siblings.resolving import Resolver, UnresolvedError, object_of
from usagetwin.contract.siblings.schemas import differences, meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")
OWN_PATHS: Final = "/__twin__"
UNKNOWN: Final = "something else"
CREDENTIAL: Final = "Authorization"
QUERY: Final = {"style": "form", "explode": True, "allowEmptyValue": False, "allowReserved": False}
SETTLED: Final = frozenset(
    {"name", "in", "description", "schema", "required", "example", "examples", "deprecated"}
)


@dataclass(frozen=True, slots=True)
class Sibling:
    """An operation of a document, and what differs from the contract: nothing, where it keeps it."""

    operation: Operation
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What is compared of an operation: of each parameter and answer what it allows, and what is said."""

    parameters: "Mapping[str, Mapping[str, Any]]"
    defaults: "Mapping[str, Any]"
    answers: "Mapping[str, Mapping[str, Any]]"
    said: "Mapping[str, tuple[str, ...]]"


def siblings_of(root: "Mapping[str, Any]") -> tuple[Sibling, ...]:
    """Give the operations that take all parameters of the contract, in the order of the document."""
    return tuple(every(root))


def every(root: "Mapping[str, Any]", *, named: str | None = None) -> "Iterator[Sibling]":
    """Give each GET of the contract's shape; with `named`, the one of that id or path, whatever its shape."""
    for path, item in root["paths"].items():
        get = item.get("get") if isinstance(item, dict) else None
        if not isinstance(get, dict):
            continue
        own = str(get.get("operationId") or path)
        if named is None or named in (own, path):
            resolver = Resolver(root)
            try:
                parameters = _parameters(item, get, resolver)
                if named is not None or set(PARAMETERS) <= parameters.keys():
                    differing, counts = _compared(path, get, parameters, root)
                    yield Sibling(Operation(own, path, counts), differing)
            except (UnresolvedError, RecursionError) as error:
                why = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
                yield Sibling(Operation(own, path, UNKNOWN), (f"it {why}",))


def ids_of(root: "Mapping[str, Any]") -> list[str]:
    """Give the ids of all operations that are GETs."""
    gets = ((path, item.get("get")) for path, item in root["paths"].items() if isinstance(item, dict))
    return [str(get.get("operationId") or path) for path, get in gets if isinstance(get, dict)]


def _compared(
    path: str, get: "Mapping[str, Any]", parameters: "Mapping[str, Any]", root: "Mapping[str, Any]"
) -> tuple[tuple[str, ...], str]:
    """Give what differs, and what the operation counts."""
    theirs = _form(root["paths"][path], parameters, Resolver(root))
    differing = (
        *_of_path(path),
        *_of_names(parameters, get),
        *_of_parameters(theirs),
        *_of_credential(parameters, get, root),
        *_of_answers(theirs),
        *prose.differences(theirs.said, _ours()[0].said, _ours()[1].said),
    )
    return tuple(dict.fromkeys(differing)), prose.counted(theirs.said) or UNKNOWN


def _parameters(
    item: "Mapping[str, Any]", get: "Mapping[str, Any]", resolver: Resolver
) -> dict[str, dict[str, Any]]:
    """Give the parameters of an operation by their names, those of its path included."""
    found = {}
    for listed in (item.get("parameters"), get.get("parameters")):
        for each in listed if isinstance(listed, list) else ():
            with resolver.entered(each) as own:
                found[str(own.get("name"))] = own
    return found


def _form(item: "Mapping[str, Any]", parameters: "Mapping[str, Any]", resolver: Resolver) -> Form:
    defaults: dict[str, Any] = {}
    allowed: dict[str, dict[str, Any]] = {}
    for name in PARAMETERS:
        own = parameters.get(name)
        if own is None:
            continue
        beside = {key: value for key, value in own.items() if key not in SETTLED and not key.startswith("x-")}
        with resolver.entered(own.get("schema", {})) as schema:
            if "default" in schema:
                defaults[name] = schema["default"]
        allowed[name] = {
            "in": own.get("in"),
            "required": own.get("required", False),
            **QUERY,
            **beside,
            **meaning(own.get("schema", {}), resolver),
        }
    answers = {}
    for status, response in object_of(item["get"].get("responses")).items():
        with resolver.entered(response) as own:
            answers[str(status)] = meaning(prose.body_schema(own), resolver)
    return Form(allowed, defaults, answers, prose.said(item, item["get"], parameters, resolver))


@cache
def _ours() -> tuple[Form, Form]:
    """Give the contract's two forms: of the document, and of the document with the overlay."""
    forms = []
    for root in (document(), effective_contract()):
        resolver, item = Resolver(root), root["paths"][PATH]
        forms.append(_form(item, _parameters({}, item["get"], resolver), resolver))
    return forms[0], forms[1]


def _of_path(path: str) -> "Iterator[str]":
    if PLAIN_PATH.fullmatch(path) is None or path.startswith(OWN_PATHS):
        yield "its path is not a plain one, without parameters or a slash at its end"


def _of_names(parameters: "Mapping[str, Any]", get: "Mapping[str, Any]") -> "Iterator[str]":
    for name in PARAMETERS:
        if name not in parameters:
            yield f"it takes no {name}"
    others = [name for name in parameters if name not in (*PARAMETERS, CREDENTIAL)]
    if others:
        yield f"it also takes {', '.join(others)}"
    if "requestBody" in get:
        yield "it takes a body"


def _of_parameters(theirs: Form) -> "Iterator[str]":
    ours = _ours()
    for name in PARAMETERS:
        if name in theirs.parameters:
            accepted = [dict(form.parameters[name]) for form in ours]
            yield from differences(dict(theirs.parameters[name]), accepted, prose.place(name))
            known = ours[1].defaults.get(name)
            if name in theirs.defaults and theirs.defaults[name] != known:
                given = theirs.defaults[name]
                yield f"{prose.place(name)} defaults to {given!r}, and the contract to {known!r}"


def _of_answers(theirs: Form) -> "Iterator[str]":
    ours = _ours()
    for status in ours[0].answers:
        if status not in theirs.answers:
            yield f"it has no answer {status}"
    for status, allowed in theirs.answers.items():
        known = [dict(form.answers[status]) for form in ours if status in form.answers]
        if known:
            yield from differences(dict(allowed), known, prose.answer(status))
        else:
            yield f"it has an answer {status}, and the contract has none"


def _of_credential(
    parameters: "Mapping[str, Any]", get: "Mapping[str, Any]", root: "Mapping[str, Any]"
) -> "Iterator[str]":
    """Say what is wrong with how a request is authorized: by one header, in whichever form that is said."""
    schemes = object_of(object_of(root.get("components")).get("securitySchemes"))
    wanted = get.get("security", root.get("security"))
    asked = wanted if isinstance(wanted, list) else []
    named = [name for each in asked for name in object_of(each)]
    ways = [*(object_of(schemes.get(name)) for name in named), object_of(parameters.get(CREDENTIAL))]
    if not any((way.get("in"), way.get("name")) == ("header", CREDENTIAL) for way in ways):
        yield f"it is not authorized by the header {CREDENTIAL}"
