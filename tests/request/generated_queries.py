"""Query strings, drawn from a seed: valid ones, ones on an edge, and ones in odd or broken encodings.

Plain generators rather than Hypothesis's, here and for answers: a hundred thousand cases in minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote_from_bytes

if TYPE_CHECKING:
    from random import Random

NAMES: Final = (b"from", b"to", b"granularity", b"aggregationType", b"projectKey", b"projectKey")
ODD_NAMES: Final = (
    b"",
    b"limit",
    b"From",
    b"projectKey[]",
    b"authorization",
    b"\xff",
    "größe".encode(),
    b"from ",
)
VALID: Final = {
    b"from": (b"0", b"1735689600", b"9999999999", b"0000000001"),
    b"to": (b"1", b"2147483648", b"9999999999", b"0000000000"),
    b"granularity": (b"daily", b"monthly"),
    b"aggregationType": (b"month_to_date", b"incremental", b"rolling_30d"),
    b"projectKey": (b"default", b"a,b", b"a b", b" ", "käse".encode(), "\U0001f600".encode(), b"\0", b"null"),
}
EDGES: Final = (
    b"",
    b" ",
    b"x",
    b"-1",
    b"+1",
    b"1.0",
    b"1e5",
    b"0x1F",
    b"1_000",
    b" 1",
    b"1 ",
    b"1\n",
    b"1\r\n",
    b"1\0",
    b"12345678901",
    b"1735689600000",
    b"1" * 4000,
    "\u0661\u0662".encode(),
    "\uff11".encode(),
    "\u00b2".encode(),
    b"2026-01-01",
    b"2026-01-01T00:00:00Z",
    b"Daily",
    b"daily\n",
    b" daily",
    b"day",
    b"rolling_30D",
    b"month-to-date",
    b"true",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\xef\xbb\xbf1",
    b"a=b",
    b"1;to=2",
    b"1#2",
    b"%",
    b"%2",
    b"%zz",
    b"%u0031",
)
SEPARATORS: Final = (b"&", b"&", b"&", b"&", b"&", b"&", b"&&", b";")


def query_string(random: Random) -> bytes:
    """Draw a raw query string of up to five parts."""
    parts = [_part(random) for _ in range(random.randint(0, 5))]
    joined = b"".join(part + random.choice(SEPARATORS) for part in parts)
    if random.random() < 0.9:
        joined = joined.rstrip(b"&;")
    return (
        joined
        if random.random() < 0.97
        else joined + random.choice((b"\n", b"\0", b" ", b"\xff", b"=", b"&="))
    )


def _part(random: Random) -> bytes:
    name = random.choice(NAMES if random.random() < 0.9 else ODD_NAMES)
    value = random.choice(VALID[name]) if name in VALID and random.random() < 0.7 else _value(random)
    if random.random() < 0.03:
        return _encoded(random, name)
    return _encoded(random, name) + b"=" + _encoded(random, value)


def _value(random: Random) -> bytes:
    if random.random() < 0.8:
        return random.choice(EDGES)
    alphabet = (
        b"0",
        b"1",
        b"9",
        b"a",
        b"-",
        b"+",
        b"%",
        b"=",
        b"\n",
        "\u0663".encode(),
        b"\xfe",
        b" ",
        b"\\",
    )
    return b"".join(random.choice(alphabet) for _ in range(random.randint(0, 12)))


def _encoded(random: Random, text: bytes) -> bytes:
    """Write bytes as a client might: percent-encoded, with `+` for a space, wholly encoded, or raw."""
    form = random.random()
    if form < 0.6:
        return quote_from_bytes(text, safe="").encode()
    if form < 0.8:
        return quote_from_bytes(text, safe=" ").replace(" ", "+").encode()
    if form < 0.9:
        return b"".join(b"%%%02x" % byte for byte in text)
    return text
