"""Tests of what is taken for a secret, and of what is left alone."""

import base64
import json
from urllib.parse import quote

import pytest

from usagetwin_checker.talking.recordings.scrubbing import Scrubber, is_credential

TOKEN = "api-22222222-2222-4222-8222-2222222255ec"
ODD = 'long "secret" & co/+'
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "apiKey",
        "access_token",
        "accessToken",
        "client_secret",
        "X-Amz-Signature",
        "sessionId",
    ],
)
def test_the_name_of_a_credential_is_known(name: str) -> None:
    """In any spelling that headers and parameters have."""
    assert is_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        "projectKey",
        "from",
        "aggregationType",
        "Content-Type",
        "X-Ratelimit-Auth-Token-Remaining",
        "key",
        "ETag",
    ],
)
def test_what_a_rule_is_about_is_no_credential(name: str) -> None:
    """Project keys and rate-limit headers are judged, and stay."""
    assert not is_credential(name)


@pytest.mark.parametrize(
    "echo",
    [
        ODD,
        ODD.upper(),
        quote(ODD, safe=""),
        json.dumps(ODD)[1:-1],
        base64.b64encode(ODD.encode()).decode(),
        base64.b64encode(f"{ODD}:".encode()).decode(),
    ],
)
def test_a_known_secret_goes_in_every_form_that_a_server_echoes(echo: str) -> None:
    """Plain, in a URL, in JSON, in base64; from texts and from bytes."""
    scrubber = Scrubber([ODD])

    assert scrubber.text(f"<{echo}>").rstrip("=>") == "<[token]"
    assert scrubber.body(f"<{echo}>".encode()).rstrip(b"=>") == b"<[token]"


@pytest.mark.parametrize("secret", [TOKEN, TOKEN.replace("api", "sdk"), JWT, "Bearer abcdefghijkl0123"])
def test_what_looks_like_a_token_goes_though_nobody_told_of_it(secret: str) -> None:
    """A token of LaunchDarkly's, a JWT, and what follows the name of a scheme."""
    assert Scrubber().text(f"got {secret}, thanks") == "got [token], thanks"


def test_a_short_word_is_no_secret() -> None:
    """A token such as `x` is in many an innocent word."""
    assert Scrubber(["x"]).text("exact") == "exact"


def test_a_url_loses_its_user_its_credentials_and_its_fragment() -> None:
    """The rest stays as it was written, byte for byte."""
    url = "https://me:word@host.example:8443/p%20q?from=%31&api_key=abc&flag&projectKey=a+b#part"

    assert (
        Scrubber().url(url) == "https://host.example:8443/p%20q?from=%31&api_key=[token]&flag&projectKey=a+b"
    )


def test_a_credential_of_a_query_goes_wherever_its_url_stands() -> None:
    """In a text and in a body, where `&` may be escaped; what comes beside it stays."""
    scrubber = Scrubber()

    assert scrubber.text("see /x?to=1&token=abc.") == "see /x?to=1&token=[token]"
    assert scrubber.body(b'{"href": "/x?api_key=a\\u0026sig=b&to=1"}') == (
        b'{"href": "/x?api_key=[token]\\u0026sig=[token]&to=1"}'
    )


def test_what_a_request_was_sent_with_is_known() -> None:
    """Its credential, its cookies, and those of its query, if they are long enough to be known."""
    scrubber = Scrubber([ODD])
    knowing = scrubber.also(
        {"cookie": "a=0123456789abcdef; b=1", "authorization": "Own zyxwvutsrqponmlk"}, ""
    )

    assert knowing.text(f"0123456789ABCDEF, zyxwvutsrqponmlk, {ODD}, 1") == "[token], [token], [token], 1"
    assert scrubber.also({"authorization": "[token]"}, "from=1") is scrubber
    assert scrubber.also({}, "sig=0123456789abcdef").body(b"<0123456789abcdef>") == b"<[token]>"


def test_of_many_requests_not_all_secrets_are_kept() -> None:
    """Each is scrubbed with its own."""
    scrubber = Scrubber()

    for number in range(200):
        secret = f"{number:020}"
        assert scrubber.also({"cookie": secret}, "").text(secret) == "[token]"


def test_of_a_header_with_a_credential_stays_whether_there_is_one() -> None:
    """An empty one stays empty."""
    headers = {"authorization": "whatever", "cookie": "", "server": "x"}

    assert Scrubber().headers(headers) == {"authorization": "[token]", "cookie": "", "server": "x"}
