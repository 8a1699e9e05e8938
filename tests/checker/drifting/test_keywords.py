"""Tests of what a keyword's change allows."""

from typing import Any

import pytest

from usagetwin_checker.drifting.keywords import Reach, plain, reach


@pytest.mark.parametrize(
    ("keyword", "was", "is_", "expected"),
    [
        ("type", "number", "integer", Reach.LESS),
        ("type", "integer", ["integer", "null"], Reach.MORE),
        ("type", "string", "integer", Reach.OTHER),
        ("type", None, "string", Reach.LESS),
        ("type", ["integer", "null"], ["null", "integer"], Reach.SAME),
        ("enum", None, ["a"], Reach.LESS),
        ("enum", ["a"], None, Reach.MORE),
        ("enum", ["a", "b"], ["b", "c"], Reach.OTHER),
        ("required", ["a"], ["a", "b"], Reach.LESS),
        ("required", ["a"], None, Reach.MORE),
        ("minimum", None, 0, Reach.LESS),
        ("minimum", 1, 0, Reach.MORE),
        ("minimum", 0, 1, Reach.LESS),
        ("minLength", 1, None, Reach.MORE),
        ("maximum", 5, 4, Reach.LESS),
        ("maxItems", 4, 5, Reach.MORE),
        ("maxItems", 4, None, Reach.MORE),
        ("maximum", None, 4, Reach.LESS),
        ("pattern", "a", "b", Reach.OTHER),
        ("pattern", None, "b", Reach.LESS),
        ("format", "date", None, Reach.MORE),
        ("uniqueItems", None, True, Reach.LESS),
        ("uniqueItems", True, False, Reach.MORE),
        ("uniqueItems", None, False, Reach.SAME),
        ("unheard-of", 1, 2, Reach.OTHER),
        ("type", "string", [{"a": 1}], Reach.OTHER),
        ("enum", ["a"], 5, Reach.OTHER),
        ("minimum", 0, "a", Reach.OTHER),
    ],
)
def test_a_keyword_allows_less_or_more(keyword: str, was: Any, is_: Any, expected: Reach) -> None:  # noqa: ANN401 -- JSON
    """As JSON Schema means it."""
    assert reach(keyword, was, is_) is expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "nullable": True}, {"type": ["null", "string"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"const": "a", "x-internal": 1}, {"enum": ["a"]}),
        ({"type": "string", "format": "string"}, {"type": "string"}),
        ({"minLength": 0, "uniqueItems": False, "required": [], "deprecated": False}, {}),
        ({"minLength": 1, "maxLength": 0}, {"minLength": 1, "maxLength": 0}),
    ],
)
def test_a_schema_of_3_0_is_read_as_3_1_writes_it(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    """So that two editions of one document are the same."""
    assert plain(schema) == expected
