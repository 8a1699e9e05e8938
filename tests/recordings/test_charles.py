"""Tests of a transaction of Charles's."""

from typing import Any

import pytest

from usagetwin.recordings import har
from usagetwin.recordings.charles import transaction
from usagetwin.recordings.entries import Entry


def made(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Give a transaction as Charles exports it."""
    return {
        "status": "COMPLETE",
        "method": "GET",
        "protocolVersion": "HTTP/2.0",
        "scheme": "https",
        "host": "app.launchdarkly.com",
        "port": 443,
        "actualPort": 443,
        "path": "/x",
        "query": "a=%20b",
        "times": {"start": "1970-01-01T00:00:07.000Z"},
        "durations": {"total": 250},
        "request": {
            "header": {"headers": [{"name": ":method", "value": "GET"}, {"name": "A", "value": "1"}]}
        },
        "response": {
            "status": 200,
            "header": {"headers": [{"name": "B", "value": "2"}]},
            "body": {"text": "{}", "charset": "UTF-8"},
        },
    } | changes


def test_a_transaction_is_read() -> None:
    """With all that there is of it."""
    assert transaction(made()) == Entry(
        "GET",
        "https://app.launchdarkly.com/x?a=%20b",
        {"a": "1"},
        200,
        {"b": "2"},
        b"{}",
        at_s=7.0,
        seconds=0.25,
    )


def test_another_port_is_in_the_url() -> None:
    """That which was asked for, or else that which was used."""
    plain = transaction(made(scheme="http", port=None, actualPort=8080, query=None, path=None))

    assert isinstance(plain, Entry)
    assert plain.url == "http://app.launchdarkly.com:8080/"


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"encoded": "AAEC"}, b"\0\1\2"), ({}, None), (None, None), ({"text": "ä"}, "ä".encode())],
)
def test_a_body_is_text_or_bytes_or_was_not_kept(body: object, expected: bytes | None) -> None:
    """Bytes are in base64."""
    found = transaction(made(response={"status": 200, "body": body}))

    assert isinstance(found, Entry)
    assert found.body == expected


@pytest.mark.parametrize(
    "changes", [{"status": "FAILED"}, {"response": None}, {"response": {"status": None}}]
)
def test_what_was_not_completed_has_no_response(changes: dict[str, Any]) -> None:
    """Such as a request that failed, or a tunnel."""
    assert transaction(made(**changes)) == har.UNANSWERED


def test_what_is_no_transaction_is_told_apart() -> None:
    """Whatever it is; and a body that can't be decoded, too."""
    assert transaction(7) == transaction({}) == transaction(made(host=None)) == har.MALFORMED
    assert transaction(made(response={"status": 200, "body": {"encoded": "x"}})) == har.UNKNOWN_CODING
