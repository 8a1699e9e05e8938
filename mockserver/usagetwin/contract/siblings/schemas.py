"""What a schema allows, in one form whichever version of OpenAPI wrote it, and how two of them differ.

Rule: words about a schema are left out, since `prose` holds those to the contract; what is not known here
stays as it is, and so is a difference.
"""

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from usagetwin.contract.siblings.resolving import Resolver

    Meaning = dict[str, Any]

WORDS: Final = frozenset(
    {
        "title",
        "description",
        "example",
        "examples",
        "default",
        "externalDocs",
        "deprecated",
        "xml",
        "$comment",
    }
)
TELLS_NOTHING: Final = ("string", "int64")  # formats: what the type says already
GRANTED: "Final[Mapping[str, Any]]" = {  # values with which a keyword says what holds without it
    **dict.fromkeys(("minLength", "minItems", "minProperties"), 0),
    **dict.fromkeys(("uniqueItems", "nullable", "deprecated", "readOnly", "writeOnly"), False),
    "required": [],
}
NESTED: Final = frozenset({"items", "additionalProperties", "not"})
UNORDERED: Final = frozenset({"required", "enum"})
LISTS: Final = frozenset({"allOf", "anyOf", "oneOf"})
MISSING: Final = object()
LONGEST: Final = 120


def meaning(schema: object, resolver: "Resolver") -> "Meaning":
    """Give what a schema allows, with what it refers to in its place. Raises UnresolvedError."""
    with resolver.entered(schema) as own:
        found: Meaning = {}
        for keyword, value in own.items():
            if keyword not in WORDS and not keyword.startswith("x-"):
                found.update(_keyword(keyword, value, resolver))
    if isinstance(schema, dict) and "$ref" in schema and schema.keys() - WORDS - {"$ref"}:
        found["beside its $ref"] = sorted(schema.keys() - WORDS - {"$ref"})
    alone: list[Meaning] = found.get("allOf", [])
    return alone[0] if found.keys() == {"allOf"} and len(alone) == 1 else found


def differences(theirs: "Meaning", ours: "Sequence[Meaning]", where: str) -> "Iterator[str]":
    """Say where a schema allows something else than each of the contract's forms of it."""
    for keyword in dict.fromkeys([*theirs, *(each for own in ours for each in own)]):
        value = theirs.get(keyword, MISSING)
        accepted = [own.get(keyword, MISSING) for own in ours]
        if any(value == each for each in accepted):
            continue
        nested = [each for each in accepted if isinstance(each, dict)]
        if keyword == "properties" and isinstance(value, dict) and nested:
            yield from _of_properties(value, nested, where)
        elif keyword in NESTED and isinstance(value, dict) and nested:
            yield from differences(value, nested, f"{where}{'[]' if keyword == 'items' else f'.({keyword})'}")
        else:
            yield f"{where}: {_said(keyword, value)}, and the contract {_said(keyword, accepted[0])}"


def _of_properties(theirs: "Meaning", ours: "Sequence[Meaning]", where: str) -> "Iterator[str]":
    for name in dict.fromkeys([*theirs, *(each for own in ours for each in own)]):
        known = [own[name] for own in ours if name in own]
        if name not in theirs:
            if len(known) == len(ours):  # the overlay spells some out, and the document does not
                yield f"{where}: has no field {name}"
        elif not known:
            yield f"{where}: has a field {name}, and the contract has none"
        else:
            yield from differences(theirs[name], known, f"{where}.{name}")


def _keyword(keyword: str, value: Any, resolver: "Resolver") -> "Meaning":  # noqa: ANN401 -- JSON
    if keyword == "properties" and isinstance(value, dict):
        return {keyword: {name: meaning(each, resolver) for name, each in value.items()}}
    if keyword in NESTED and isinstance(value, dict | bool):
        allowed = meaning(value, resolver)
        return {keyword: allowed} if allowed else {}
    if keyword in LISTS and isinstance(value, list):
        return {keyword: [meaning(each, resolver) for each in value]}
    if keyword in UNORDERED and isinstance(value, list):
        value = sorted(value, key=json.dumps)
    if keyword == "type" and isinstance(value, list):
        types = [each for each in value if each != "null"]
        plain = types[0] if len(types) == 1 else types
        return {"type": plain, **({"nullable": True} if len(types) < len(value) else {})}
    nothing = (keyword == "format" and value in TELLS_NOTHING) or value == GRANTED.get(keyword, MISSING)
    return {} if nothing else {keyword: value}


def _said(keyword: str, value: object) -> str:
    if value is MISSING:
        return f"has no {keyword}"
    text = json.dumps(value, ensure_ascii=False)
    return f"has {keyword} {text if len(text) <= LONGEST else text[:LONGEST] + '...'}"
