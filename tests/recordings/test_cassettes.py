"""Tests of an interaction of a cassette, in the forms that tools give it."""

import gzip
from typing import Any

import pytest

from usagetwin.recordings import har
from usagetwin.recordings.cassettes import interaction, scenario
from usagetwin.recordings.entries import Entry, PassedOver

REQUEST: dict[str, Any] = {"method": "GET", "uri": "http://x/", "headers": {"A": ["1", "2"]}, "body": None}


def read(response: Any, **changes: Any) -> Entry | PassedOver:  # noqa: ANN401 -- any JSON
    """Read an interaction with this response."""
    (found,) = interaction({"request": REQUEST, "response": response} | changes)
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"string": "ä"}, "ä".encode()),
        ({"string": b"\xff"}, b"\xff"),
        ({"encoding": "utf-8", "base64_string": "e30="}, b"{}"),
        ("{}", b"{}"),
        ({}, None),
        (None, None),
    ],
)
def test_a_body_has_several_forms(body: object, expected: bytes | None) -> None:
    """VCR.py's, VCR's for Ruby, and that of older cassettes; none is no empty one."""
    found = read({"status": {"code": 200}, "headers": {"B": "3"}, "body": body})

    assert isinstance(found, Entry)
    assert found.body == expected
    assert (found.request_headers, found.headers) == ({"a": "1, 2"}, {"b": "3"})


def test_a_body_that_is_compressed_is_decoded_and_one_that_was_decoded_is_not() -> None:
    """The header stays in either case."""
    headers = {"Content-Encoding": ["gzip"]}
    packed = read({"status": {"code": 200}, "headers": headers, "body": {"string": gzip.compress(b"{}")}})
    plain = read({"status": {"code": 200}, "headers": headers, "body": {"string": "{}"}})
    broken = read({"status": {"code": 200}, "headers": headers, "body": {"string": b"\x1f\x8b"}})

    assert isinstance(packed, Entry)
    assert isinstance(plain, Entry)
    assert packed.body == plain.body == b"{}"
    assert broken == har.UNKNOWN_CODING


def test_a_body_that_was_not_kept_whole_is_none() -> None:
    """Schemathesis says how long it was."""
    found = read({"status": {"code": "200"}, "body": {"string": "{"}, "truncated_from": 9})

    assert isinstance(found, Entry)
    assert found.body is None


def test_numbers_may_be_texts() -> None:
    """As Schemathesis writes them."""
    found = read(
        {"status": {"code": "404"}, "elapsed": "0.25", "body": ""}, recorded_at="1970-01-01T00:00:07+00:00"
    )

    assert isinstance(found, Entry)
    assert (found.status, found.seconds, found.at_s) == (404, 0.25, 7.0)
    slow = read({"status": {"code": "404"}, "elapsed": "long", "body": ""})
    assert isinstance(slow, Entry)
    assert slow.seconds == 0


@pytest.mark.parametrize("code", [None, "x", "2000", -200, True, [], "٢٠٠"])
def test_without_a_status_there_is_no_response(code: object) -> None:
    """Whatever is in its place."""
    assert read({"status": {"code": code}}) == har.UNANSWERED
    assert read(None) == har.UNANSWERED


@pytest.mark.parametrize("value", [None, 7, [], {}, {"request": []}, {"request": {"uri": 7}}])
def test_what_is_no_interaction_is_told_apart(value: object) -> None:
    """Whatever it is."""
    assert list(interaction(value)) == [har.MALFORMED]


def test_a_scenario_without_interactions_has_none() -> None:
    """In whatever form."""
    assert list(scenario([])) == list(scenario({})) == []
    (found,) = scenario({"a": {"request": REQUEST, "response": {"status_code": 200, "content_size": 9}}})
    assert isinstance(found, Entry)
    assert found.body is None
