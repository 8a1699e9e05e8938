"""How much of an answer is read, and how much of it is kept: far more than a right one may need.

Rule: what is left out here, an exchange says (`oversized`, `cut`), and it is a finding. Source:
`SEMANTICS` 6.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from usagetwin import bodies
from usagetwin.days import SECONDS_PER_DAY

if TYPE_CHECKING:
    from usagetwin_checker.exchanges import Ask

MEBIBYTE: Final = 1 << 20
FEWEST_BYTES: Final = 4 * MEBIBYTE  # for any answer, an error included
BYTES_OF_A_POINT: Final = 512
MOST_BYTES: Final = bodies.MOST_BYTES
FEWEST_POINTS: Final = 3_000  # an answer with its whole history is wrong in another way, and judged as it is
LAST_SECOND: Final = 9_999_999_999
LONGEST_MONTH: Final = 31
SMALL: Final = 64 * 1024  # bytes that are kept as they came
LONGEST_TEXT: Final = 1_000
CUT_HERE: Final = b"\n... cut off here"


def most_points(ask: "Ask") -> int:
    """Give how many points are kept of an answer: twice the days of its window, where these are many."""
    return max(2 * _days(ask) + 8, FEWEST_POINTS)


def most_bytes(ask: "Ask") -> int:
    """Give how many bytes of an answer are read."""
    return min(FEWEST_BYTES + _days(ask) * BYTES_OF_A_POINT, MOST_BYTES)


def _days(ask: "Ask") -> int:
    """Give the most days that a request's window has; a lone end has the other one anywhere."""
    start, end = (_instant(ask, name) for name in ("from", "to"))
    if start is None and end is None:
        return LONGEST_MONTH
    seconds = (LAST_SECOND if end is None else end) - (0 if start is None else start)
    return max(seconds, 0) // SECONDS_PER_DAY + 2


def _instant(ask: "Ask", name: str) -> int | None:
    given = ask.instant(name)
    return None if given is None else min(given, LAST_SECOND)


def kept(body: bytes, ask: "Ask") -> tuple[bytes, int]:
    """Give what is kept of a body, and how many points it had where not all of them are kept, else 0."""
    if len(body) <= SMALL:
        return body, 0
    most = most_points(ask)
    try:
        document = json.loads(body)
        short = json.dumps(_shortened(document, most), separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return body[:SMALL] + CUT_HERE, 0  # no JSON: nor is this
    series = document.get("series") if isinstance(document, dict) else None
    cut = len(series) if isinstance(series, list) and len(series) > most else 0
    return min(short, body, key=len), cut


def _shortened(value: Any, most: int) -> Any:  # noqa: ANN401 -- any JSON
    """Give the same JSON with its longest texts, lists and objects cut off."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, list):
        return [_shortened(item, most) for item in value[:most]]
    if isinstance(value, dict):
        return {name[:LONGEST_TEXT]: _shortened(item, most) for name, item in list(value.items())[:most]}
    return value
