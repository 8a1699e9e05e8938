"""The reference: which parameters it refuses, what it reads, and what it says of an answer."""

from __future__ import annotations

from typing import Final

import pytest

from usagetwin.contract import effective_contract
from usagetwin.request.reference import NOT_JSON, TOO_DEEP, ReferenceValidator

CONTRACT: Final = effective_contract()
REFERENCE: Final = ReferenceValidator(CONTRACT)


def test_the_schemas_defaults_are_filled_in() -> None:
    """Without parameters there are the two defaults that a schema can say."""
    assert REFERENCE.parameters(b"") == {"granularity": "daily", "aggregationType": "month_to_date"}


def test_a_repeated_key_is_a_list_and_a_comma_part_of_a_key() -> None:
    """`projectKey` is exploded: one key for each time it is given."""
    assert REFERENCE.parameters(b"projectKey=a,b&projectKey=c+d")["projectKey"] == ["a,b", "c d"]


def test_refused_parameters_are_named_in_the_contracts_order() -> None:
    """The order on the wire plays no part."""
    assert REFERENCE.refused_parameters(b"granularity=x&projectKey=&to=&from=y") == [
        "from",
        "to",
        "projectKey",
        "granularity",
    ]


def test_a_patterns_end_is_the_end_of_the_value() -> None:
    """By ECMA-262 `$` does not stand before a last line break."""
    assert REFERENCE.refused_parameters(b"from=1") == []
    assert REFERENCE.refused_parameters(b"from=1%0A") == ["from"]


def test_a_violation_has_its_place_its_keyword_and_its_words() -> None:
    """What a report needs to point at the value."""
    body = b'{"_links":{},"metadata":[{}],"series":[{"time":0,"0":1},{"time":1,"0":1.5}]}'

    (violation,) = REFERENCE.body_violations(200, body)

    assert violation.path == ("series", 1, "0")
    assert violation.keyword == "type"
    assert str(violation) == "$.series[1]['0']: 1.5 is not of type 'integer'"


def test_a_missing_member_is_said_without_a_place() -> None:
    """The whole body is the place."""
    (violation,) = REFERENCE.body_violations(404, b'{"code":"not_found"}')

    assert (violation.path, violation.keyword) == ((), "required")
    assert str(violation) == "'message' is a required property"


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"code":"\xff","message":""}', b"<html>"])
def test_what_is_not_json_is_called_so(body: bytes) -> None:
    """The words hold no copy of the body, which may be long and may be no text."""
    assert [str(violation) for violation in REFERENCE.body_violations(404, body)] == [NOT_JSON]


def test_nesting_beyond_the_stack_is_a_violation_and_no_crash() -> None:
    """A hundred thousand brackets stop no validator."""
    assert [str(violation) for violation in REFERENCE.body_violations(200, b"[" * 100_000)] in (
        [TOO_DEEP],
        [NOT_JSON],
    )


def test_a_status_that_the_contract_does_not_have_is_a_violation() -> None:
    """Whatever its body says."""
    (violation,) = REFERENCE.body_violations(418, b'{"code":"a","message":"b"}')

    assert "418" in str(violation)


def test_another_media_type_is_a_violation() -> None:
    """The documented statuses have JSON alone."""
    assert REFERENCE.body_violations(404, b'{"code":"a","message":"b"}', "text/html")
