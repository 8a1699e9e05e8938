"""The fast path: a verdict by the schemas of one operation, whatever bytes it is given."""

from __future__ import annotations

from typing import Any, Final

import pytest

from usagetwin.contract.operation import PATH
from usagetwin.request.fast import FastValidator

OPERATION: Final[dict[str, Any]] = {
    "parameters": [
        {"name": "since", "in": "query", "schema": {"type": "string", "pattern": "^[0-9]{1,3}$"}},
        {
            "name": "tag",
            "in": "query",
            "schema": {"type": "array", "items": {"type": "string", "minLength": 1}},
        },
        {"name": "who", "in": "query", "required": True, "schema": {"enum": ["me", "you"]}},
        {"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "integer"}},
    ],
    "responses": {
        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Counts"}}}},
        "400": {"content": {"application/json": {"schema": {"type": "object", "required": ["code"]}}}},
    },
}
CONTRACT: Final = {
    "paths": {PATH: {"get": OPERATION}},
    "components": {"schemas": {"Counts": {"type": "array", "items": {"type": "integer", "minimum": 0}}}},
}
FAST: Final = FastValidator(CONTRACT)


@pytest.mark.parametrize(
    ("parameters", "accepted"),
    [
        ({"who": "me"}, True),
        ({"who": "me", "since": "999", "tag": ["a", "b"]}, True),
        ({"who": "Me"}, False),
        ({"who": "me", "since": "1000"}, False),
        ({"who": "me", "since": "9\n"}, False),
        ({"who": "me", "since": "٣"}, False),
        ({"who": "me", "tag": ["a", ""]}, False),
        ({}, False),
    ],
)
def test_parameters_are_held_to_their_schemas(parameters: dict[str, str | list[str]], accepted: bool) -> None:  # noqa: FBT001 -- a table's column
    """Each query parameter has its schema, a required one must be there, and headers are not its matter."""
    assert FAST.accepts_parameters(parameters) is accepted


@pytest.mark.parametrize(
    ("status", "body", "accepted"),
    [
        (200, b"[1,2]", True),
        (200, b"[]", True),
        (200, b"[-1]", False),
        (200, b'{"code":1}', False),
        (400, b'{"code":1}', True),
        (400, b"[1,2]", False),
        (404, b"[1,2]", False),
        (200, b"[1,2", False),
        (200, b"", False),
        (200, b"\xff", False),
    ],
)
def test_a_body_is_held_to_the_schema_of_its_status(status: int, body: bytes, accepted: bool) -> None:  # noqa: FBT001 -- a table's column
    """References are followed; a status that the contract lacks has no valid body, and no JSON is none."""
    assert FAST.accepts_body(status, body) is accepted
