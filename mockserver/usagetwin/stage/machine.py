"""What time it is for the twin in a test, by a reference from its start: a test's fakes are not for it.

A fake that is used up by somebody else's calls, or breaks them, is no use to its test. Clocks that freezegun
and time-machine set are the exception: they are meant for the whole process, and the twin follows them.
"""

import time
from math import floor
from typing import Final

TRAVEL: Final = "freezegun"  # it replaces functions; time-machine changes them where they are
TRUE_TIME: Final = time.time


def clock_s() -> int:
    """Give the machine's time in Unix seconds, or where a time-travel library has put it."""
    current = time.time
    travels = str(getattr(current, "__module__", "")).partition(".")[0] == TRAVEL
    return floor(current() if travels else TRUE_TIME())
