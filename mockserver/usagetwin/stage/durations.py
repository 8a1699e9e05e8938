"""How far somebody moves the clock."""

from datetime import timedelta
from typing import Final

from usagetwin.errors import SettingError, nearest

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

UNITS: Final = ("weeks", "days", "hours", "minutes", "seconds")
REMEDY: Final = "a timedelta, or units by name such as hours=9"


def duration_s(delta: object, units: dict[str, float]) -> float:
    """Give a timedelta (or None) and units by name as one number of seconds.

    Raises SettingError for no duration at all, and for one that goes backwards.
    """
    for name in units:
        if name not in UNITS:
            problem = f"a duration has no {name!r}"
            raise SettingError(problem, nearest(name, UNITS))
    if not isinstance(delta, timedelta | None):
        problem = f"the duration {delta!r} has no unit"
        raise SettingError(problem, REMEDY)
    try:
        whole = (delta or timedelta()) + timedelta(**units)
    except (TypeError, ValueError, OverflowError) as error:
        problem = f"the duration {units!r} can't be read: {error}"
        raise SettingError(problem, REMEDY) from None
    if (delta is None and not units) or whole < timedelta():
        problem = f"the clock can't advance by {whole.total_seconds():g} seconds; it goes forward"
        raise SettingError(problem, f"{REMEDY}; or freeze() at any other instant")
    return whole.total_seconds()
