"""The known faults of values that crash a server: text that it can't store, quote, print or count.

Rule: only what the honest twin refuses with 400 or 404 crashes, so that a valid request never does.
"""

import re
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known.changes import error
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

KEY: Final = "projectKey"
TIMES: Final = ("from", "to")
ENUMS: Final = ("granularity", "aggregationType")
REFUSALS: Final = (400, 404)
COLUMN: Final = 255
LAST_OF_A_PLANE: Final = "\uffff"
LAST_INT64: Final = str(2**63 - 1)
STATUS: Final = ("status-is-documented",)


def _crashing(when: "Callable[[str], bool]", *names: str) -> "Answering":
    """Answer 500 where a value of one of some parameters is such a one."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        own = await honest.ask(request)
        values = [value for name in names for value in request.values(name)]
        crashes = own.status in REFUSALS and any(map(when, values))
        return error(500, "internal_error", "Something went wrong") if crashes else own

    return reply


def _overflows(value: str) -> bool:
    digits = value.lstrip("0") if re.fullmatch(r"[0-9]+", value) else ""
    return len(digits) > len(LAST_INT64) or (len(digits) == len(LAST_INT64) and digits > LAST_INT64)


FAULTS: Final = (
    Deviation(
        "key-beyond-ascii-crashes",
        "A projectKey with a character beyond ASCII, such as an umlaut, is answered with 500.",
        STATUS,
        _crashing(lambda value: not value.isascii(), KEY),
    ),
    Deviation(
        "key-beyond-the-first-plane-crashes",
        "A projectKey with a character of four bytes in UTF-8, such as an emoji, is answered with 500.",
        STATUS,
        _crashing(lambda value: any(one > LAST_OF_A_PLANE for one in value), KEY),
    ),
    Deviation(
        "enum-beyond-ascii-crashes",
        "A granularity or aggregationType with a character beyond ASCII is answered with 500.",
        STATUS,
        _crashing(lambda value: not value.isascii(), *ENUMS),
    ),
    Deviation(
        "single-quote-in-a-key-crashes",
        "A projectKey with a single quote is answered with 500, as by a query that is put together as text.",
        STATUS,
        _crashing(lambda value: "'" in value, KEY),
    ),
    Deviation(
        "control-character-in-a-key-crashes",
        "A projectKey with a control character, such as NUL or a line feed, is answered with 500.",
        STATUS,
        _crashing(lambda value: any(one < " " for one in value), KEY),
    ),
    Deviation(
        "key-longer-than-its-column-crashes",
        "A projectKey of more than 255 characters is answered with 500.",
        STATUS,
        _crashing(lambda value: len(value) > COLUMN, KEY),
    ),
    Deviation(
        "digits-beyond-64-bits-crash",
        "A `from` or `to` that no signed integer of 64 bits holds is answered with 500.",
        STATUS,
        _crashing(_overflows, *TIMES),
    ),
)
