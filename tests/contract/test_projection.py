"""Tests of translating a document of OpenAPI 3.1 to 3.0.3."""

from copy import deepcopy
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from usagetwin.contract.document import pointer_token
from usagetwin.contract.projection import projection
from usagetwin.errors import ContractError


def small() -> dict[str, Any]:
    """Write a document with one of most things."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1", "license": {"name": "None", "url": "https://example.com"}},
        "x-note": {"type": "null"},
        "paths": {
            "/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "post": {
                    "operationId": "a",
                    "parameters": [{"name": "q", "in": "query", "schema": {"type": ["string", "null"]}}],
                    "requestBody": {"content": {"application/json": {"schema": {"const": "x"}}}},
                    "responses": {
                        "200": {
                            "description": "Fine",
                            "headers": {"X-N": {"schema": {"type": "number", "exclusiveMinimum": 0}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}},
                        },
                        "default": {"$ref": "#/components/responses/Other"},
                    },
                    "callbacks": {
                        "done": {
                            "{$request.query.q}": {"get": {"responses": {"200": {"description": "Seen"}}}}
                        }
                    },
                },
            }
        },
        "components": {
            "schemas": {"A": {"type": "array"}},
            "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": True}},
            "responses": {"Other": {"description": "Other"}},
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }


def test_a_document_of_3_1_becomes_one_of_3_0() -> None:
    """Schemas are translated wherever they stand, and each validator accepts its own form."""
    OpenAPIV31SpecValidator(small()).validate()

    projected = projection(small())

    OpenAPIV30SpecValidator(projected).validate()
    operation = projected["paths"]["/a/{id}"]["post"]
    assert projected["openapi"] == "3.0.3"
    assert operation["parameters"][0]["schema"] == {"type": "string", "nullable": True}
    assert operation["requestBody"]["content"]["application/json"]["schema"] == {"enum": ["x"]}
    assert operation["responses"]["200"]["headers"]["X-N"]["schema"] == {
        "type": "number",
        "minimum": 0,
        "exclusiveMinimum": True,
    }
    assert projected["components"]["schemas"]["A"] == {"type": "array", "items": {}}
    assert projected["components"]["parameters"]["Id"]["schema"] == {}
    assert projected["x-note"] == {"type": "null"}


def test_the_given_document_stays_as_it_is() -> None:
    """The projection shares nothing with what it was made from."""
    document = small()

    projected = projection(document)
    projected["info"]["license"]["name"] = "changed"
    projected["x-note"]["type"] = "changed"

    assert document == small()


def altered(pointer: str, value: object) -> dict[str, Any]:
    """Set one place of the small document."""
    document = deepcopy(small())
    place: Any = document
    *steps, last = [step.replace("~1", "/") for step in pointer.split("/")[1:]]
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = value
    return document


POST = "/paths/~1a~1{id}/post"


@pytest.mark.parametrize(
    ("pointer", "value", "construct"),
    [
        ("/webhooks", {}, "the field 'webhooks' of a document"),
        ("/jsonSchemaDialect", "https://example.com", "the field 'jsonSchemaDialect' of a document"),
        ("/info/summary", "Short", "the field 'summary' of a info"),
        ("/info/license/identifier", "MIT", "the field 'identifier' of a license"),
        ("/components/pathItems", {}, "the field 'pathItems' of a components"),
        ("/components/securitySchemes/Tls", {"type": "mutualTLS"}, "the security scheme 'mutualTLS'"),
        ("/paths/~1a~1{id}/parameters/0/description", "Beside", "a field beside '$ref'"),
        (POST + "/responses/default/description", "Beside", "a field beside '$ref'"),
        (POST + "/made-up", 1, "the field 'made-up' of a operation"),
        (POST + "/parameters/0/schema", {"if": {}}, "the keyword 'if'"),
        (
            POST + "/requestBody/content/application~1json/schema",
            {"prefixItems": []},
            "the keyword 'prefixItems'",
        ),
        (POST + "/responses/200/headers/X-N/schema", {"type": "null"}, "the type 'null'"),
        ("/components/schemas/A", {"$defs": {}}, "the keyword '$defs'"),
    ],
)
def test_what_3_0_cannot_say_is_refused_by_name_and_place(
    pointer: str, value: object, construct: str
) -> None:
    """The error has the construct and the JSON pointer to it or to what holds it."""
    with pytest.raises(ContractError) as refusal:
        projection(altered(pointer, value))

    assert refusal.value.problem == f"OpenAPI 3.0 can't say {construct}"
    parent = pointer.rpartition("/")[0]
    assert refusal.value.where.startswith(f"contract at {parent}")


def test_what_3_0_needs_must_be_there() -> None:
    """3.1 does without paths and without responses; 3.0 does not."""
    no_paths, no_responses = small(), small()
    del no_paths["paths"]
    del no_responses["paths"]["/a/{id}"]["post"]["responses"]

    with pytest.raises(ContractError, match="a document without 'paths'"):
        projection(no_paths)
    with pytest.raises(ContractError, match="a operation without 'responses'"):
        projection(no_responses)


@pytest.mark.parametrize("version", ["3.0.3", "3.2.0", "2.0", None])
def test_another_version_is_refused(version: str | None) -> None:
    """The rules of translation are those from 3.1 alone."""
    with pytest.raises(ContractError, match="of version"):
        projection({**small(), "openapi": version})


def test_a_pointer_token_is_escaped() -> None:
    """Places in messages are JSON pointers."""
    assert pointer_token("/a~b") == "/~1a~0b"
