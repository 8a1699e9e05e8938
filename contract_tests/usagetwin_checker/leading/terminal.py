"""Who has the terminal while a program runs: the program's group, as a shell gives it to a job.

Rule: nothing is done where standard input is no terminal, or where another group has it.
"""

import os
import signal
from typing import Final

INPUT: Final = 0
WANTS_IT: Final = (signal.SIGTTIN, signal.SIGTTOU)


class Terminal:
    """The terminal at standard input, if it is ours to give."""

    def __init__(self) -> None:
        """Look whether it is."""
        self._is_ours: Final = _holder() == os.getpgrp()

    @property
    def is_ours(self) -> bool:
        """Tell whether it was ours, and so the program's."""
        return self._is_ours

    def give(self, group: int) -> None:
        """Give it to a program's group, and wake what had tried to use it before."""
        if self._is_ours and _holder() == os.getpgrp():
            _hand(group)
        if self._is_ours:
            os.killpg(group, signal.SIGCONT)

    def take_back(self, group: int) -> None:
        """Take it back from a program's group."""
        if self._is_ours and _holder() == group:
            _hand(os.getpgrp())

    def stop_with(self, group: int, number: int) -> None:
        """Stop as the program has stopped, all that a shell knows of this job; go on when told to."""
        if not (number in WANTS_IT and _holder() == group):
            self.take_back(group)
            os.killpg(os.getpgrp(), signal.SIGSTOP)
        self.give(group)


def _holder() -> int | None:
    """Give the group that has the terminal; None where standard input is none."""
    try:
        return os.tcgetpgrp(INPUT)
    except OSError:
        return None


def _hand(group: int) -> None:
    """Hand it over: a group that has it no more would be stopped for that."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        os.tcsetpgrp(INPUT, group)
    except OSError:
        pass  # the group has ended, or the terminal has gone
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
