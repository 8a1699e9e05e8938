"""What a signal does to a command: it ends at once, or notes it and comes to an end that says something.

Rule: nothing that takes time is imported here: this stands before everything else.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

FIRST: Final = 128  # a shell adds the signal's number to it
NUMBERS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
STATUSES: Final = frozenset(FIRST + number for number in NUMBERS)
WITHIN_S: Final = 30
LONGEST_NAP_S: Final = 0.1
SHOW_CURSOR: Final = "\x1b[?25h"  # a progress bar hides it


def end_at_once() -> None:
    """From here on a signal ends the process at once, with one line and the status that a shell gives it."""
    for number in NUMBERS:
        if not _is_left_alone(number):
            signal.signal(number, _end)


class Stop:
    """Within this, the first signal is noted, and what was named to be done is done; the second ends at once.

    `name` is the signal's, None while there was none. What has not ended 30 seconds after its first
    signal is ended.
    """

    def __init__(self) -> None:
        """Note nothing yet."""
        self.name: str | None = None
        self.status = 0
        self._act: Callable[[str], None] = lambda _name: None
        self._before: dict[int, object] = {}

    def calls(self, act: "Callable[[str], None]") -> None:
        """Name what is to be done on a signal; it is done now where there was one already."""
        self._act = act
        if self.name is not None:
            act(self.name)

    def sleep(self, seconds: float) -> None:
        """Wait, but not beyond a signal."""
        until = time.monotonic() + seconds
        while self.name is None and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LONGEST_NAP_S))

    def __enter__(self) -> Self:
        """Listen."""
        for number in NUMBERS:
            if not _is_left_alone(number):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: "TracebackType | None",
    ) -> None:
        """Listen no more."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # what `signal.signal` gave back

    def _note(self, number: int, _frame: "FrameType | None") -> None:
        if self.name is not None:
            _end(number)
        self.name, self.status = signal.Signals(number).name, FIRST + number
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, lambda *_: _end(number))
            signal.alarm(WITHIN_S)
        self._act(self.name)


def _is_left_alone(number: int) -> bool:
    """Tell whether a signal is not ours: `nohup` has SIGHUP ignored.

    A shell has SIGINT ignored for what runs in its background, but who sends it to one process means it.
    """
    return number not in (signal.SIGINT, signal.SIGTERM) and signal.getsignal(number) is signal.SIG_IGN


def _end(number: int, _frame: "FrameType | None" = None) -> None:
    _say(f"usagetwin: ended by {signal.Signals(number).name}\n")
    os._exit(FIRST + number)


def _say(line: str) -> None:
    """Write past the streams, which may be in the middle of something, and wait for no reader."""
    with suppress(OSError, ValueError, AttributeError):  # a stream that is closed, or none
        at = sys.stderr.fileno()
        if select.select([], [at], [], 0)[1]:
            os.write(at, ((SHOW_CURSOR + "\n" if os.isatty(at) else "") + line).encode())
