"""Which instant somebody means, in each of the forms that one is written in; UTC, in whole seconds."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from usagetwin.clock import REMEDY, parse_instant, refuse_ambiguous
from usagetwin.days import LAST_INSTANT_S
from usagetwin.errors import SettingError

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

Instant = str | int | date  # a datetime is a date

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
MS_PER_S: Final = 1000
_DIGITS: Final = re.compile("[0-9]{1,20}")


def instant_s(value: Instant) -> int:
    """Give an instant in Unix seconds, rounded down.

    `value` is Unix seconds, ISO 8601 (`2026-03-17T15:20:00Z`), a date (its first instant) or a datetime;
    without a zone it is UTC. Raises SettingError for anything else, and for what lies before 1970 or
    after 2286.
    """
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        refuse_ambiguous(value)
        return instant_s(int(value))
    if isinstance(value, str):
        return parse_instant(value)
    if isinstance(value, date):
        seconds = (_aware(value) - EPOCH) // SECOND
    elif isinstance(value, int) and not isinstance(value, bool):
        seconds = value
    else:
        problem = f"the instant {value!r} is {_kind(value)}"
        raise SettingError(problem, f"{REMEDY}, or a datetime")
    if not 0 <= seconds <= LAST_INSTANT_S:
        raise _out_of_range(value, seconds)
    return seconds


def wire_instant(value: Instant) -> str:
    """Give an instant as a parameter has it. Digits stay as they are: the contract says what they may be.

    Raises SettingError as `instant_s` does.
    """
    if isinstance(value, str) and value.isdecimal():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(instant_s(value))


def moment(seconds: int) -> datetime:
    """Give Unix seconds as a datetime in UTC."""
    return EPOCH + seconds * SECOND


def _aware(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value if value.utcoffset() is not None else value.replace(tzinfo=UTC)


def _kind(value: object) -> str:
    article = "an" if type(value).__name__[0] in "aeiou" else "a"
    return f"{article} {type(value).__name__}, which is no instant"


def _out_of_range(value: object, seconds: int) -> SettingError:
    if 0 <= seconds // MS_PER_S <= LAST_INSTANT_S:
        problem = f"the instant {value!r} looks like milliseconds; an instant is in Unix seconds"
        return SettingError(problem, f"{seconds // MS_PER_S}")
    return SettingError(f"the instant {value!r} is out of range", "an instant from 1970-01-01 to 2286-11-20")
