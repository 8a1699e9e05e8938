"""Statuses and bodies, drawn from a seed: as the schemas say, then changed in value, text or bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

STATUSES: Final = (200, 400, 401, 403, 404, 405, 429, 500)
OTHER_STATUSES: Final = (100, 201, 204, 302, 402, 406, 502, 503, 599)

NUMBERS: Final = (
    *(
        "0",
        "1",
        "-1",
        "-0",
        "0.0",
        "-0.0",
        "1.0",
        "1.5",
        "1e3",
        "1E+2",
        "1e-1",
        "10e-1",
        "1e22",
        "1e308",
        "5e-324",
        "-1e-400",
    ),
    *(
        "9007199254740993",
        "9007199254740993.0",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
    ),
    *("-9223372036854775809", "1" + "0" * 40, "1" + "0" * 400, "1" * 4301, "1e309", "-1e5000"),
    *("NaN", "Infinity", "-Infinity", "01", "+1", "1.", ".5", "0x1F", "1_0", "--1", "1e", "nan"),
)
STRINGS: Final = (
    *(
        '""',
        '"a"',
        '"\\u0000"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\/"',
        '"\x7f"',
        '"ä"',
        '"\u2028"',
    ),
    *('"\x00"', '"\n"', '"\\x41"', '"\\u12"', "'a'", '"a', 'a"', '"\\ud83dx"', '"1"', '"__proto__"'),
)
OTHERS: Final = (
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "[[]]",
    '{"a":{}}',
    "[1,]",
    '{"a"}',
    "None",
    "True",
    "",
    '{"a":1,"a":"b"}',
)


def answer(random: Random) -> tuple[int, bytes]:
    """Draw a status and a body: as the schema says, then perhaps changed in value, text or bytes."""
    status = random.choice(STATUSES if random.random() < 0.93 else OTHER_STATUSES)
    success = (status == 200) != (random.random() < 0.03)
    holder: list[Any] = [_series_list(random) if success else _error(random)]
    tokens: list[str] = []
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        _change(random, holder, tokens)
    text = json.dumps(
        holder[0], ensure_ascii=random.random() < 0.5, separators=random.choice(((",", ":"), (", ", ": ")))
    )
    for index, token in enumerate(tokens):
        text = text.replace(f'"@{index}@"', token, 1)
    return status, _bytes(random, text)


def _series_list(random: Random) -> dict[str, Any]:
    width = random.randint(1, 3)
    start = random.randint(0, 20_000)
    series = [
        {
            "time": (start + day) * 86_400_000,
            **{str(i): random.choice((0, 7, 2**53 + 1)) for i in range(width)},
        }
        for day in range(random.randint(0, 3))
    ]
    href = {"href": "/api/v2/usage", "type": "application/json"}
    return {"_links": {"self": href}, "metadata": [{"projectKey": "ä"}] * width, "series": series}


def _error(random: Random) -> dict[str, Any]:
    error = {"code": "invalid_request", "message": random.choice(("", "no", "ä \U0001f600 \u2028"))}
    return error if random.random() < 0.8 else {**error, "id": "x"}


def _change(random: Random, holder: list[Any], tokens: list[str]) -> None:
    """Change one place: put a raw token there, remove it, add a member, or repeat one."""
    places = list(_places(holder))
    container, key = random.choice(places)
    what = random.random()
    if what < 0.7:
        tokens.append(random.choice(random.choice((NUMBERS, STRINGS, OTHERS))))
        container[key] = f"@{len(tokens) - 1}@"
    elif what < 0.85 and container is not holder:
        del container[key]
    elif isinstance(container, dict):
        name = random.choice(("extra", "0", "time", "code", "", "\ud83d"))
        container[name] = random.choice((1, -1, "a", None, [], {}))
    else:
        container[key] = [container[key]]


def _places(container: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 -- JSON, whatever it is
    found: list[tuple[Any, Any]] = []
    members = list(container.items()) if isinstance(container, dict) else list(enumerate(container))
    for key, value in members:
        found.append((container, key))
        if isinstance(value, dict | list):
            found += _places(value)
    return found


def _bytes(random: Random, text: str) -> bytes:
    body = text.encode("utf-8", "surrogatepass")
    return random.choice(BYTES)(random, body) if random.random() < 0.15 else body


def _cut(random: Random, body: bytes) -> bytes:
    return body[: random.randint(0, len(body))]


def _flipped(random: Random, body: bytes) -> bytes:
    place = random.randint(0, len(body))
    return body[:place] + bytes([random.randint(0, 255)]) + body[place + 1 :]


def _repeated(_random: Random, body: bytes) -> bytes:
    """Give the first member again, with another value, at the end."""
    return body[:-1] + b"," + body[1:].split(b":", 1)[0] + b":[]}"


BYTES: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (
    _cut,
    _flipped,
    _flipped,
    _repeated,
    lambda _random, body: b"\xef\xbb\xbf" + body,
    lambda _random, body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda _random, body: body.decode("utf-8", "replace").encode("utf-16-be"),
    lambda _random, body: body.decode("utf-8", "replace").encode("utf-32-le"),
    lambda _random, body: body + b"\n",
    lambda _random, body: b" \t\r\n" + body,
    lambda _random, body: body + b"x",
    lambda _random, body: body + body,
    lambda _random, body: b'{"_links":' + b"[" * 1200 + b"]" * 1200 + b"," + body[1:],
    lambda _random, body: body.replace(b'"', b"'"),
    lambda _random, body: body.replace(b"}", b",}"),
    lambda _random, _body: b"",
)
