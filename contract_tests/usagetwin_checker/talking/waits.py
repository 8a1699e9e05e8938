"""How long an answer asks its client to wait, by its headers.

Rule: an instant is held against the answer's own `Date`, where it has one, since clocks differ. Source:
`FACTS` 14.
"""

import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DIGITS: Final = re.compile(r"[0-9]{1,20}")
RESET: Final = "x-ratelimit-reset"
TOKEN_RESET: Final = "x-ratelimit-auth-token-reset"  # noqa: S105 -- a header's name
REMAINING: Final = {  # the header that says when there are more, for each that says how many are left
    "x-ratelimit-global-remaining": (RESET,),
    "x-ratelimit-route-remaining": (RESET,),
    "x-ratelimit-auth-token-remaining": (TOKEN_RESET, RESET),
}


def asked_wait_s(headers: "Mapping[str, str]") -> float | None:
    """Give how long a refusal asks to wait; None when it does not say."""
    after = headers.get("retry-after", "").strip()
    if DIGITS.fullmatch(after):
        return float(after)
    again_s = instant_s(after)
    if again_s is not None:
        return max(again_s - _sent_s(headers), 0.0)
    return _until_reset_s(headers, (RESET, TOKEN_RESET))


def wait_for_more_s(headers: "Mapping[str, str]") -> float:
    """Give how long an answer that leaves no further request asks to wait; 0 for any other."""
    spent = [resets for name, resets in REMAINING.items() if headers.get(name, "").strip() == "0"]
    return max((_until_reset_s(headers, resets) or 0.0 for resets in spent), default=0.0)


def instant_s(http_date: str) -> float | None:
    """Give the instant of a date as HTTP writes it; None for what is none."""
    try:
        instant = parsedate_to_datetime(http_date)
        return (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):  # what `email` raises on what is no date
        return None


def _until_reset_s(headers: "Mapping[str, str]", names: "Iterable[str]") -> float | None:
    for name in names:
        value = headers.get(name, "").strip()
        if DIGITS.fullmatch(value):
            return max(float(value) / 1000 - _sent_s(headers), 0.0)
    return None


def _sent_s(headers: "Mapping[str, str]") -> float:
    """Give when an answer was sent, by its sender's clock if it says so."""
    said_s = instant_s(headers.get("date", ""))
    return time.time() if said_s is None else said_s
