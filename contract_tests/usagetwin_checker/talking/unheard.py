"""What HTTP's libraries log is unheard while a target is asked with a secret: they write headers whole.

Rule: every level is put back as it was.
"""

import logging
from typing import Final

LIBRARIES: Final = ("httpx", "httpcore")


class Unheard:
    """From here on nothing below a warning of these libraries is logged, until its end."""

    def __init__(self) -> None:
        """Raise the levels of their loggers."""
        known = [
            name
            for name in logging.root.manager.loggerDict
            if name.startswith(tuple(f"{each}." for each in LIBRARIES))
        ]
        loggers = [logging.getLogger(name) for name in (*LIBRARIES, *known)]
        self._before = {logger: logger.level for logger in loggers}
        for logger in loggers:
            logger.setLevel(max(logger.getEffectiveLevel(), logging.WARNING))

    def end(self) -> None:
        """Put them back."""
        for logger, level in self._before.items():
            logger.setLevel(level)
        self._before = {}
