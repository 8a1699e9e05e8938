"""What time it is, in whole Unix seconds: as the machine says, or frozen."""

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from usagetwin.days import LAST_INSTANT_S, iso
from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

    Clock = Callable[[], int]

DIGITS: Final = re.compile(r"[0-9]{1,10}")
DATES_IN_DIGITS: Final = {4: ("%Y", "%Y-01-01"), 6: ("%Y%m", "%Y-%m-01"), 8: ("%Y%m%d", "%Y-%m-%d")}
REMEDY: Final = "Unix seconds (1735689600), a date (2026-03-17), or an instant in UTC (2026-03-17T15:20:00Z)"


def real_clock() -> int:
    """Read the machine's clock, through `time.time`, so that time-travel libraries work."""
    return int(time.time())


def frozen_clock(now_s: int) -> "Clock":
    """Give a clock that stands still."""
    return lambda: now_s


def parse_instant(text: str) -> int:
    """Read an instant, in Unix seconds or ISO 8601; without a zone it is UTC. Raises SettingError."""
    if DIGITS.fullmatch(text):
        refuse_ambiguous(text)
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        seconds = int(instant.timestamp())
    except (ValueError, OverflowError):
        problem = f"the instant {text!r} can't be read"
        raise SettingError(problem, REMEDY, "now") from None
    if not 0 <= seconds <= LAST_INSTANT_S:
        problem = f"the instant {text!r} is out of range"
        raise SettingError(problem, "an instant from 1970-01-01 to 2286-11-20", "now")
    return seconds


def refuse_ambiguous(digits: str) -> None:
    """Refuse digits that are a year, a month or a date to whoever wrote them, and a second of 1970 to us.

    Raises SettingError with both readings.
    """
    read, written = DATES_IN_DIGITS.get(len(digits), ("", ""))
    try:
        meant = datetime.strptime(digits, read).replace(tzinfo=UTC) if read else None
    except ValueError:
        return
    if meant is None or not 0 <= meant.timestamp() <= LAST_INSTANT_S:
        return
    problem = f"the instant {digits!r} may be a date, or the Unix second {int(digits)} ({iso(int(digits))})"
    raise SettingError(problem, f"{meant.strftime(written)}, or {iso(int(digits))}", "now")
