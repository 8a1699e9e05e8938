"""Translate an OpenAPI 3.1 document to 3.0.3, or refuse by name what 3.0 can't say.

Rule: the tables below are what 3.0 knows of each object; a field that they don't name is refused. Schemas
are the other module's.
"""

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from usagetwin.contract.document import pointer_token
from usagetwin.contract.schema_projection import EXTENSION, projected_schema, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECTED_VERSION: Final = "3.0.3"
PLAIN: Final = ""  # a value that both versions write alike
LIST: Final = "list of "
MAP: Final = "map of "
REFERABLE: Final = frozenset(
    {"parameter", "request body", "response", "header", "example", "link", "callback"}
)

OBJECTS: "Final[Mapping[str, Mapping[str, str]]]" = {
    "document": {
        "openapi": PLAIN,
        "info": "info",
        "servers": PLAIN,
        "paths": MAP + "path item",
        "components": "components",
        "security": PLAIN,
        "tags": PLAIN,
        "externalDocs": PLAIN,
    },
    "info": {
        **dict.fromkeys(("title", "description", "termsOfService", "contact", "version"), PLAIN),
        "license": "license",
    },
    "license": dict.fromkeys(("name", "url"), PLAIN),
    "components": {
        "schemas": MAP + "schema",
        "responses": MAP + "response",
        "parameters": MAP + "parameter",
        "examples": MAP + "example",
        "requestBodies": MAP + "request body",
        "headers": MAP + "header",
        "securitySchemes": MAP + "security scheme",
        "links": MAP + "link",
        "callbacks": MAP + "callback",
    },
    "path item": {
        **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), "operation"),
        **dict.fromkeys(("$ref", "summary", "description", "servers"), PLAIN),
        "parameters": LIST + "parameter",
    },
    "operation": {
        **dict.fromkeys(("tags", "summary", "description", "externalDocs", "operationId"), PLAIN),
        **dict.fromkeys(("deprecated", "security", "servers"), PLAIN),
        "parameters": LIST + "parameter",
        "requestBody": "request body",
        "responses": MAP + "response",
        "callbacks": MAP + "callback",
    },
    "parameter": {
        **dict.fromkeys(("name", "in", "description", "required", "deprecated", "allowEmptyValue"), PLAIN),
        **dict.fromkeys(("style", "explode", "allowReserved", "example"), PLAIN),
        "schema": "schema",
        "examples": MAP + "example",
        "content": MAP + "media type",
    },
    "header": {
        **dict.fromkeys(("description", "required", "deprecated", "style", "explode", "example"), PLAIN),
        "schema": "schema",
        "examples": MAP + "example",
        "content": MAP + "media type",
    },
    "request body": {"description": PLAIN, "required": PLAIN, "content": MAP + "media type"},
    "response": {
        "description": PLAIN,
        "headers": MAP + "header",
        "content": MAP + "media type",
        "links": MAP + "link",
    },
    "media type": {
        "schema": "schema",
        "example": PLAIN,
        "examples": MAP + "example",
        "encoding": MAP + "encoding",
    },
    "encoding": {
        **dict.fromkeys(("contentType", "style", "explode", "allowReserved"), PLAIN),
        "headers": MAP + "header",
    },
    "example": dict.fromkeys(("summary", "description", "value", "externalValue"), PLAIN),
    "link": dict.fromkeys(
        ("operationRef", "operationId", "parameters", "requestBody", "description", "server"), PLAIN
    ),
    "security scheme": dict.fromkeys(
        ("type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"), PLAIN
    ),
}
NEEDED: "Final[Mapping[str, str]]" = {"document": "paths", "operation": "responses"}


def projection(document: "Mapping[str, Any]") -> dict[str, Any]:
    """Give the 3.0.3 form of a 3.1 document; raise `ContractError` for what has none."""
    version = str(document.get("openapi"))
    if not version.startswith("3.1."):
        construct = f"what a document of version {version!r} means"
        raise refused(pointer="/openapi", construct=construct, remedy="give a document of version 3.1")
    projected: dict[str, Any] = _projected(deepcopy(dict(document)), "document", "")
    projected["openapi"] = PROJECTED_VERSION
    return projected


def _projected(value: Any, kind: str, pointer: str) -> Any:  # noqa: ANN401 -- JSON
    if kind == PLAIN:
        return value
    if kind == "schema":
        return projected_schema(value, pointer)
    if kind.startswith(LIST):
        item_kind = kind.removeprefix(LIST)
        return [_projected(item, item_kind, f"{pointer}/{index}") for index, item in enumerate(value)]
    if kind.startswith(MAP):
        return _map(value, kind.removeprefix(MAP), pointer)
    if kind == "callback":
        return _map(value, "path item", pointer)
    return _object(value, kind, pointer)


def _map(value: dict[str, Any], kind: str, pointer: str) -> dict[str, Any]:
    return {
        name: item if name.startswith(EXTENSION) else _projected(item, kind, pointer + pointer_token(name))
        for name, item in value.items()
    }


def _object(value: dict[str, Any], kind: str, pointer: str) -> dict[str, Any]:
    if kind in REFERABLE and "$ref" in value:
        if len(value) > 1:
            raise refused(pointer, "a field beside '$ref'", "say it where the reference leads")
        return value
    needed = NEEDED.get(kind)
    if needed is not None and needed not in value:
        raise refused(pointer, f"a {kind} without {needed!r}", f"add {needed}")
    if kind == "security scheme" and value.get("type") == "mutualTLS":
        raise refused(pointer, "the security scheme 'mutualTLS'", "use another scheme")
    return {name: _field(item, kind, name, pointer) for name, item in value.items()}


def _field(value: Any, kind: str, name: str, pointer: str) -> Any:  # noqa: ANN401 -- JSON
    if name.startswith(EXTENSION):
        return value
    place = pointer + pointer_token(name)
    if name not in OBJECTS[kind]:
        raise refused(place, f"the field {name!r} of a {kind}", "remove it")
    return _projected(value, OBJECTS[kind][name], place)
