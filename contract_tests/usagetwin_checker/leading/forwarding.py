"""What a signal to usagetwin does while it leads a program: the program gets it.

Rule: before there is a program, a signal ends the run, and what was started for it; after it, nothing more.
"""

import os
import signal
import sys
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType

FIRST: Final = 128  # a shell adds the signal's number to it
TO_ALL: Final = ("SIGINT", "SIGQUIT")  # as a terminal sends them: to the whole group
ENDING: Final = ("SIGINT", "SIGTERM", "SIGHUP")
FORWARDED: Final = ("SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
KILLED_AFTER_S: Final = 5.0  # the second signal that asks for the end


class Forwarding:
    """Within this, signals are passed on to the program, and kept for it while it is started."""

    def __init__(self) -> None:
        """Pass nothing on yet."""
        self._program: int | None = None
        self._starting = False
        self._over = False
        self._kept: Final[list[int]] = []
        self._asked_to_end = 0
        self._killing: Timer | None = None
        self._before: Final[dict[int, object]] = {}

    def starting(self) -> None:
        """Keep signals from here on: a program is about to start. One that has come ends the run here.

        Not where it came: that may be in the midst of an import, where libraries catch whatever is raised.
        """
        self._starting = True
        if self._kept:
            sys.exit(FIRST + self._kept[0])

    def started(self, program: int) -> None:
        """Pass signals on to a program, which leads a group of its own, and those first that were kept."""
        self._program = program
        while self._kept:
            self._pass_on(self._kept.pop(0))

    def over(self) -> None:
        """Pass nothing more on: the program has ended."""
        self._over, self._program = True, None
        if self._killing is not None:
            self._killing.cancel()

    def __enter__(self) -> Self:
        """Listen."""
        for name in FORWARDED:
            number = getattr(signal, name)
            if name in TO_ALL or signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores SIGHUP
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """Listen no more."""
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # what `signal.signal` gave back

    def _note(self, number: int, _frame: "FrameType | None") -> None:
        if self._program is not None:
            self._pass_on(number)
        elif not self._over:
            self._kept.append(number)
            if not self._starting and len(self._kept) > 1:
                sys.exit(FIRST + number)  # whatever is under way

    def _pass_on(self, number: int) -> None:
        program, name = self._program, signal.Signals(number).name
        if program is None:
            return
        with suppress(ProcessLookupError):
            (os.killpg if name in TO_ALL else os.kill)(program, number)
        self._asked_to_end += name in ENDING
        if self._asked_to_end > 1 and self._killing is None:
            self._killing = Timer(KILLED_AFTER_S, self._kill)
            self._killing.daemon = True
            self._killing.start()

    def _kill(self) -> None:
        program = self._program
        if program is not None:
            with suppress(ProcessLookupError):
                os.killpg(program, signal.SIGKILL)
