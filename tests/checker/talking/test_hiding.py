"""Tests of `usagetwin_checker.talking.hiding`: however a secret is written, nothing of it is left."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usagetwin_checker.talking.hiding import Hiding

TOKEN = "api-33333333-3333-4333-8333-3333333355ec"
WRITTEN = {
    "as it is": TOKEN,
    "in capitals": TOKEN.upper(),
    "escaped in JSON": "".join(f"\\u{ord(char):04X}" for char in TOKEN),
    "partly escaped in JSON": TOKEN.replace("-", "\\u002d"),
    "escaped twice": TOKEN.replace("-", "\\\\u002d"),
    "in a URL": "".join(f"%{ord(char):02X}" for char in TOKEN),
    "partly in a URL": TOKEN.replace("-", "%2d"),
    "in HTML": "".join(f"&#{ord(char)};" for char in TOKEN),
    "in HTML, by hexadecimals": "".join(f"&#x{ord(char):04x};" for char in TOKEN),
    "in a program": "".join(f"\\x{ord(char):02x}" for char in TOKEN),
    **{
        f"in base64, after {before} bytes": base64.b64encode(b":" * before + TOKEN.encode() + b"\n").decode()
        for before in range(4)
    },
}
PART = 6  # characters of it that are no chance


def parts(text: str) -> list[str]:
    """Give the parts of a text that are long enough to be a part of a secret."""
    return [text[start : start + PART] for start in range(len(text) - PART + 1)]


@pytest.mark.parametrize("way", WRITTEN)
def test_a_secret_is_taken_out_however_it_is_written(way: str) -> None:
    """Of texts and of bytes; what stands around it stays."""
    text = f'{{"message": "before {WRITTEN[way]} after"}}'

    hidden = Hiding(TOKEN).text(text)

    assert "before " in hidden
    assert " after" in hidden
    assert "[token]" in hidden
    assert Hiding(TOKEN).body(text.encode()) == hidden.encode()
    for readable in (hidden, json.loads(hidden)["message"], html.unescape(hidden)):
        assert [part for part in parts(TOKEN) if part in readable.lower()] == []


@settings(max_examples=25)  # each compiles a pattern of its own
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=60),
    st.binary(max_size=9),
)
def test_any_secret_is_taken_out_of_whatever_it_stands_in(secret: str, around: bytes) -> None:
    """Characters that mean something in a pattern mean themselves."""
    hiding = Hiding(secret)

    assert secret.encode() not in hiding.body(around + secret.encode() + around)
    for way in (json.dumps(secret), quote(secret, safe=""), html.escape(secret)):
        assert "[token]" in hiding.text(way)


def test_a_word_that_is_no_secret_stays() -> None:
    """A placeholder such as `x` is in many a word, and taking it out would break the very JSON."""
    assert Hiding("x").text("text") == "text"
    assert Hiding("").body(b"text") == b"text"
