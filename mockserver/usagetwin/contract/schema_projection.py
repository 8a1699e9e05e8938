"""Translate a schema of OpenAPI 3.1 (JSON Schema 2020-12) to one of 3.0, or refuse it by name.

Rule: what this module does not name is refused; nothing passes because nobody thought of it.
"""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import pointer_token
from usagetwin.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    Translate = Callable[[dict[str, Any], dict[str, Any], Any, str], None]

EXTENSION: Final = "x-"
UNCHANGED: Final = frozenset(
    {
        *("title", "description", "format", "default", "enum", "example", "deprecated", "readOnly"),
        *("writeOnly", "multipleOf", "maximum", "minimum", "maxLength", "minLength", "pattern", "required"),
        *("maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"),
        *("discriminator", "xml", "externalDocs"),
    }
)


def refused(pointer: str, construct: str, remedy: str) -> ContractError:
    """Build the error that names a construct of 3.1 and where it stands."""
    return ContractError(
        f"contract at {pointer or '/'}",
        f"OpenAPI 3.0 can't say {construct}",
        f"{remedy}, or use the 3.1 form",
    )


def projected_schema(schema: Any, pointer: str) -> Any:  # noqa: ANN401 -- a schema is an object or a boolean
    """Give the 3.0 form of a schema; raise `ContractError` for a keyword that has none."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    if "$ref" in schema:
        return _reference(schema, pointer)
    projected: dict[str, Any] = {}
    for keyword, value in schema.items():
        _keyword(keyword)(projected, schema, value, pointer + pointer_token(keyword))
    if projected.get("type") == "array":
        projected.setdefault("items", {})
    return projected


def _keyword(keyword: str) -> "Translate":
    if keyword in UNCHANGED or keyword.startswith(EXTENSION):
        return lambda projected, _schema, value, _pointer: projected.setdefault(keyword, value)
    return TRANSLATIONS.get(keyword, _refuse)


def _refuse(_projected: dict[str, Any], _schema: dict[str, Any], _value: object, pointer: str) -> None:
    keyword = pointer.rpartition("/")[2]
    raise refused(pointer, f"the keyword {keyword!r}", "say it with keywords of 3.0")


def _reference(schema: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Keep a lone reference; keywords beside one are joined to it with `allOf`, since 3.0 ignores them."""
    reference = {"$ref": schema["$ref"]}
    beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
    if not beside:
        return reference
    if "allOf" in beside:
        raise refused(pointer, "'allOf' beside '$ref'", "move the reference into allOf")
    return {"allOf": [reference], **projected_schema(beside, pointer)}


def _type(projected: dict[str, Any], _schema: dict[str, Any], value: object, pointer: str) -> None:
    named = [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
    types = [name for name in named if name != "null"]
    if len(types) != 1:
        raise refused(pointer, f"the type {value!r}", "use anyOf of schemas of one type")
    projected["type"] = types[0]
    if len(named) > 1:
        projected["nullable"] = True


def _const(projected: dict[str, Any], schema: dict[str, Any], value: object, pointer: str) -> None:
    if "enum" in schema or value is None:
        raise refused(pointer, f"'const' of {value!r} here", "use enum alone")
    projected["enum"] = [value]


def _exclusive(bound: str, keyword: str) -> "Translate":
    """Turn a numeric exclusive bound into the plain one with a boolean beside it; the tighter of two wins."""

    def translate(projected: dict[str, Any], schema: dict[str, Any], value: float, pointer: str) -> None:
        if isinstance(value, bool):
            raise refused(pointer, f"a boolean {keyword!r} in 3.1", "give the bound as a number")
        plain = schema.get(bound)
        if plain is not None and (plain > value if bound == "minimum" else plain < value):
            return
        projected[bound] = value
        projected[keyword] = True

    return translate


def _examples(projected: dict[str, Any], schema: dict[str, Any], value: list[Any], _pointer: str) -> None:
    if value and "example" not in schema:
        projected["example"] = value[0]


def _comment(_projected: dict[str, Any], _schema: dict[str, Any], _value: object, _pointer: str) -> None:
    """Leave it out: it speaks to those who maintain the schema."""


def _one(projected: dict[str, Any], _schema: dict[str, Any], value: object, pointer: str) -> None:
    projected[pointer.rpartition("/")[2]] = projected_schema(value, pointer)


def _many(projected: dict[str, Any], _schema: dict[str, Any], value: list[Any], pointer: str) -> None:
    projected[pointer.rpartition("/")[2]] = [
        projected_schema(item, f"{pointer}/{index}") for index, item in enumerate(value)
    ]


def _named(projected: dict[str, Any], _schema: dict[str, Any], value: dict[str, Any], pointer: str) -> None:
    projected[pointer.rpartition("/")[2]] = {
        name: projected_schema(item, pointer + pointer_token(name)) for name, item in value.items()
    }


def _additional(projected: dict[str, Any], _schema: dict[str, Any], value: object, pointer: str) -> None:
    projected["additionalProperties"] = value if isinstance(value, bool) else projected_schema(value, pointer)


TRANSLATIONS: "Final[dict[str, Translate]]" = {
    "$comment": _comment,
    "additionalProperties": _additional,
    "allOf": _many,
    "anyOf": _many,
    "const": _const,
    "examples": _examples,
    "exclusiveMaximum": _exclusive("maximum", "exclusiveMaximum"),
    "exclusiveMinimum": _exclusive("minimum", "exclusiveMinimum"),
    "items": _one,
    "not": _one,
    "oneOf": _many,
    "properties": _named,
    "type": _type,
}
