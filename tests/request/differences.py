"""The classes of bodies on which the two JSON parsers differ: examples, and how to recognise each.

Recognition is Python's own `json` with stricter hooks, and no part of either validator.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST: Final = 900  # what every supported Python's own JSON parser reads


def a_value(token: str) -> bytes:
    """Make a 200 whose `_links` hold a token, where the schema takes anything."""
    return f'{{"_links":{{"x":{token}}},"metadata":[{{}}],"series":[]}}'.encode()


def a_count(token: str) -> bytes:
    """Make a 200 that has a token as a number of sessions."""
    return f'{{"_links":{{}},"metadata":[{{}}],"series":[{{"time":0,"0":{token}}}]}}'.encode()


PLAIN: Final = a_count("1").decode()


@dataclass(frozen=True)
class Difference:
    """A class of bodies that the fast path refuses and the reference may accept."""

    name: str
    examples: tuple[bytes, ...]
    has: Callable[[bytes], bool]
    reference_accepts: bool | None = True  # None: as the Python at hand says


def _text(body: bytes) -> str:
    """Decode as the standard library's JSON parser does."""
    return body.decode(json.detect_encoding(body), "surrogatepass")


def _not_utf_8(body: bytes) -> bool:
    return json.detect_encoding(body) not in {"utf-8", "utf-8-sig"}


def _encoded_surrogate(body: bytes) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in _text(body))


def _has_constant(body: bytes) -> bool:
    return _found(body, parse_constant=lambda _token: _raise_found())


def _has_infinite_float(body: bytes) -> bool:
    return _found(body, parse_float=lambda token: _raise_found() if math.isinf(float(token)) else 0)


def _has_infinite_integer(body: bytes) -> bool:
    return _found(body, parse_int=lambda token: _raise_found() if math.isinf(float(token)) else int(token))


def _has_surrogate_escape(body: bytes) -> bool:
    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        try:
            json.dumps(pairs, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            _raise_found()
        return dict(pairs)

    return not _encoded_surrogate(body) and _found(body, object_pairs_hook=look)


def _has_depth(body: bytes) -> bool:
    depth = deepest = 0
    for character in _text(body):
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest > DEEPEST


class FoundError(Exception):
    """What was looked for is in the body."""


def _raise_found() -> NoReturn:
    raise FoundError


def _found(body: bytes, **hooks: Any) -> bool:  # noqa: ANN401 -- those of `json.loads`
    try:
        json.loads(_text(body), **hooks)
    except FoundError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


DIFFERENCES: Final = (
    Difference(
        "byte order mark", (b"\xef\xbb\xbf" + PLAIN.encode(),), lambda body: body.startswith(b"\xef\xbb\xbf")
    ),
    Difference(
        "UTF-16 and UTF-32",
        tuple(PLAIN.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")),
        _not_utf_8,
    ),
    Difference("encoded surrogate", (a_value('"@"').replace(b"@", b"\xed\xa0\x80"),), _encoded_surrogate),
    Difference(
        "lone surrogate escape",
        (a_value('"\\ud800"'), a_value('{"\\udc00":1}'), b'{"code":"\\uD83D","message":""}'),
        _has_surrogate_escape,
    ),
    Difference("NaN and Infinity", tuple(map(a_value, ("NaN", "Infinity", "-Infinity"))), _has_constant),
    Difference(
        "fraction beyond a double", tuple(map(a_value, ("1e309", "-1e5000", "1.0e400"))), _has_infinite_float
    ),
    Difference(
        "integer beyond a double",
        (a_value("1" + "0" * 400), a_count("1" + "0" * 400)),
        _has_infinite_integer,
    ),
    Difference(
        "deep nesting",
        (a_value("[" * 1200 + "]" * 1200), a_value('{"":' * 1200 + "1" + "}" * 1200)),
        _has_depth,
        None,
    ),
)


def difference_of(body: bytes) -> Difference | None:
    """Give the listed difference that a body shows, if its bytes are text at all."""
    try:
        return next((difference for difference in DIFFERENCES if difference.has(body)), None)
    except UnicodeDecodeError:
        return None
