"""Tests of `usagetwin_checker.exchanges`: how a request is written, and how a body is read."""

import pytest

from tests.checker.scripted import exchange
from usagetwin.contract.operation import PATH
from usagetwin_checker.exchanges import Ask


def test_a_request_without_parameters_has_no_question_mark() -> None:
    """The path stands alone."""
    assert Ask().target == "/api/v2/usage/observability/sessions"


def test_parameters_keep_their_order_and_are_percent_encoded() -> None:
    """What has a meaning in a URL, or in a shell, is escaped; a parameter may repeat."""
    ask = Ask((("projectKey", "a b&c=d'$"), ("from", "1"), ("projectKey", "é")))

    assert ask.target == f"{PATH}?projectKey=a%20b%26c%3Dd%27%24&from=1&projectKey=%C3%A9"
    assert ask.values("projectKey") == ("a b&c=d'$", "é")
    assert ask.values("to") == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b"{} {}", "Extra data"),
        (b"\xff", "can't decode byte 0xff"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b"[-Infinity]", "-Infinity is no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"9" * 5000, "^it has a number of more than 4300 digits$"),
        (b"\xef\xbb\xbf{}", "BOM"),
    ],
    ids=["empty", "HTML", "two", "UTF-8", "NaN", "Infinity", "lists", "objects", "digits", "BOM"],
)
def test_what_is_no_json_says_why(body: bytes, reason: str) -> None:
    """Every body that can't be read raises ValueError, with the reason."""
    with pytest.raises(ValueError, match=reason):
        _ = exchange(200, body).document


def test_of_a_repeated_name_the_last_counts() -> None:
    """As every common parser has it."""
    assert exchange(200, b'{"a": 1, "a": 2}').document == {"a": 2}


@pytest.mark.parametrize(
    ("sent", "media_type"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" text/html ;x", "text/html"),
        ("", ""),
    ],
)
def test_a_media_type_is_without_its_parameters(sent: str, media_type: str) -> None:
    """Case and parameters make no difference."""
    assert exchange(headers={"content-type": sent}).media_type == media_type
