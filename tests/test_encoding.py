"""The bytes of a body."""

import json

import pytest

from usagetwin.encoding import encode


def test_json_has_no_spaces_and_is_utf_8() -> None:
    """In the order of the document, and without escapes that JSON does not ask for."""
    assert encode({"b": [1, {}], "a": "ä\n"}) == b'{"b":[1,{}],"a":"\xc3\xa4\\n"}'


@pytest.mark.parametrize("count", [2**53, 2**63, 2**64 - 1, 2**64, 10**40])
def test_a_count_of_any_size_keeps_all_its_digits(count: int) -> None:
    """Also beyond 64 bits, where a fast encoder gives up."""
    assert encode({"0": count}) == b'{"0":%d}' % count


def test_a_string_that_is_no_unicode_text_is_escaped() -> None:
    """So that an odd name never stops an answer."""
    assert json.loads(encode({"name": "\ud800"})) == {"name": "\ud800"}
