"""Tests of translating a schema of OpenAPI 3.1 to 3.0."""

from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator

from usagetwin.contract.schema_projection import projected_schema
from usagetwin.errors import ContractError

VALUES = [
    None,
    True,
    0,
    1,
    2,
    3,
    4.5,
    "",
    "a",
    "ab",
    [],
    [1],
    ["a"],
    {},
    {"a": 1},
    {"a": "x"},
    {"a": 1, "b": 2},
]


@pytest.mark.parametrize(
    ("schema", "projected"),
    [
        (True, {}),
        (False, {"not": {}}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 1}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"type": ["string", "null"], "minLength": 1}, {"type": "string", "nullable": True, "minLength": 1}),
        ({"type": ["null", "integer"]}, {"type": "integer", "nullable": True}),
        ({"type": "string", "const": "a"}, {"type": "string", "enum": ["a"]}),
        (
            {"type": "number", "exclusiveMinimum": 1},
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
        ),
        (
            {"type": "number", "exclusiveMaximum": 3, "maximum": 3},
            {"type": "number", "maximum": 3, "exclusiveMaximum": True},
        ),
        (
            {"type": "number", "minimum": 2, "exclusiveMinimum": 2},
            {"type": "number", "minimum": 2, "exclusiveMinimum": True},
        ),
        ({"type": "number", "minimum": 2, "exclusiveMinimum": 1}, {"type": "number", "minimum": 2}),
        ({"type": "number", "exclusiveMaximum": 4, "maximum": 2}, {"type": "number", "maximum": 2}),
        (
            {"type": "number", "minimum": 1, "exclusiveMinimum": 2},
            {"type": "number", "minimum": 2, "exclusiveMinimum": True},
        ),
        ({"type": "array"}, {"type": "array", "items": {}}),
        (
            {"type": "array", "items": {"type": ["integer", "null"]}},
            {"type": "array", "items": {"type": "integer", "nullable": True}},
        ),
        (
            {"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": False},
            {"type": "object", "properties": {"a": {"enum": [1]}}, "additionalProperties": False},
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer", "exclusiveMinimum": 1}},
            {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
            },
        ),
        (
            {"anyOf": [{"const": "a"}, {"type": "array"}]},
            {"anyOf": [{"enum": ["a"]}, {"type": "array", "items": {}}]},
        ),
        ({"oneOf": [{"const": 1}], "not": {"const": 2}}, {"oneOf": [{"enum": [1]}], "not": {"enum": [2]}}),
        ({"allOf": [True, {"const": 1}]}, {"allOf": [{}, {"enum": [1]}]}),
    ],
)
def test_a_schema_says_the_same_in_3_0(schema: Any, projected: Any) -> None:  # noqa: ANN401 -- any schema
    """The translation has the form of 3.0 and accepts the same values, each by its own validator."""
    assert projected_schema(schema, "") == projected

    OAS30Validator.check_schema(projected)
    before, after = OAS31Validator(schema), OAS30Validator(projected)
    untyped = isinstance(projected, dict) and "type" not in projected
    for value in VALUES:
        if value is None and untyped:  # 3.0 leaves open whether a schema without a type allows null
            continue
        assert before.is_valid(value) == after.is_valid(value), value


def test_annotations_pass_and_comments_stay_behind() -> None:
    """The first of several examples becomes the one that 3.0 has; extensions are kept."""
    schema = {"$comment": "for us", "title": "T", "examples": [1, 2], "default": 3, "x-note": {"const": 4}}

    assert projected_schema(schema, "") == {"title": "T", "example": 1, "default": 3, "x-note": {"const": 4}}


def test_an_example_is_kept_before_examples() -> None:
    """Where both stand, the one that 3.0 knows wins; an empty list gives none."""
    assert projected_schema({"example": 1, "examples": [2]}, "") == {"example": 1}
    assert projected_schema({"examples": []}, "") == {}


def test_a_lone_reference_is_kept() -> None:
    """A reference needs no translation."""
    assert projected_schema({"$ref": "#/components/schemas/A"}, "") == {"$ref": "#/components/schemas/A"}


def test_what_stands_beside_a_reference_is_joined_to_it() -> None:
    """3.0 ignores what stands beside a reference, so both go into a conjunction."""
    assert projected_schema({"$ref": "#/components/schemas/A", "minimum": 1}, "") == {
        "allOf": [{"$ref": "#/components/schemas/A"}],
        "minimum": 1,
    }


@pytest.mark.parametrize(
    ("schema", "construct"),
    [
        ({"type": ["string", "integer"]}, "the type ['string', 'integer']"),
        ({"type": ["string", "integer", "null"]}, "the type"),
        ({"type": "null"}, "the type 'null'"),
        ({"type": []}, "the type []"),
        ({"const": None}, "'const' of None"),
        ({"const": 1, "enum": [1, 2]}, "'const' of 1"),
        ({"exclusiveMinimum": True}, "a boolean 'exclusiveMinimum'"),
        ({"exclusiveMaximum": False}, "a boolean 'exclusiveMaximum'"),
        ({"$ref": "#/components/schemas/A", "allOf": [{}]}, "'allOf' beside '$ref'"),
        ({"if": {"type": "string"}}, "'if'"),
        ({"then": {}}, "'then'"),
        ({"else": {}}, "'else'"),
        ({"prefixItems": [{}]}, "'prefixItems'"),
        ({"contains": {}}, "'contains'"),
        ({"minContains": 1}, "'minContains'"),
        ({"maxContains": 1}, "'maxContains'"),
        ({"patternProperties": {"^a": {}}}, "'patternProperties'"),
        ({"propertyNames": {}}, "'propertyNames'"),
        ({"dependentRequired": {"a": ["b"]}}, "'dependentRequired'"),
        ({"dependentSchemas": {"a": {}}}, "'dependentSchemas'"),
        ({"unevaluatedProperties": False}, "'unevaluatedProperties'"),
        ({"unevaluatedItems": False}, "'unevaluatedItems'"),
        ({"contentEncoding": "base64"}, "'contentEncoding'"),
        ({"contentMediaType": "image/png"}, "'contentMediaType'"),
        ({"contentSchema": {}}, "'contentSchema'"),
        ({"$defs": {"A": {}}}, "'$defs'"),
        ({"$id": "https://example.com/a"}, "'$id'"),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, "'$schema'"),
        ({"$anchor": "a"}, "'$anchor'"),
        ({"$dynamicRef": "#a"}, "'$dynamicRef'"),
        ({"nullable": True}, "'nullable'"),
        ({"made-up": 1}, "'made-up'"),
    ],
)
def test_what_3_0_cannot_say_is_refused_by_name(schema: dict[str, Any], construct: str) -> None:
    """The error names the construct and where it stands, however deep."""
    deep = {"type": "object", "properties": {"a/b": {"type": "array", "items": schema}}}

    with pytest.raises(ContractError) as refusal:
        projected_schema(deep, "/components/schemas/Deep")

    assert f"OpenAPI 3.0 can't say {construct}" in str(refusal.value) or construct in refusal.value.problem
    assert refusal.value.where.startswith("contract at /components/schemas/Deep/properties/a~1b/items")
