"""What a program leaves running: found by its group, and on Linux also where it has left that.

Rule: nothing is ended that was there before the program.
"""

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

ADOPTS: Final = 36  # PR_SET_CHILD_SUBREAPER: whose parent has ended becomes our child
TIME_TO_END_S: Final = 3.0  # after SIGTERM
TIME_TO_DIE_S: Final = 2.0  # after SIGKILL
NAP_S: Final = 0.01
PROCESSES: Final = Path("/proc")


class Leftovers:
    """What a program that is about to start will leave behind."""

    def __init__(self) -> None:
        """Adopt what it leaves, where the system can do that."""
        self._adopts: Final = sys.platform == "linux"
        if self._adopts:
            ctypes.CDLL(None).prctl(ADOPTS, 1, 0, 0, 0)
        self._others: Final = _children()

    def end(self, group: int) -> bool:
        """End what is left of a program whose group this was; tell whether there was anything."""
        if not self._left(group):
            return False
        for number, within_s in ((signal.SIGTERM, TIME_TO_END_S), (signal.SIGKILL, TIME_TO_DIE_S)):
            until_s = time.monotonic() + within_s
            told: set[int] = set()
            while (left := self._left(group)) and time.monotonic() < until_s:
                for process in left - told:  # each once, and who appears later too
                    _signal(process, number)
                told |= left
                time.sleep(NAP_S)
        return True

    def _left(self, group: int) -> set[int]:
        """Give what lives, each as `kill` takes it: a group is a negative number."""
        orphans = (_children() - self._others) if self._adopts else set()
        for process in orphans:
            with suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)
        living = {process for process in orphans if _lives(process)}
        return living | ({-group} if _lives(-group) else set())


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, number)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


def _children() -> set[int]:
    """Give our children, as Linux tells of them; nothing elsewhere."""
    found = set()
    for file in PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):  # it has ended meanwhile
            parent = file.read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(file.parent.name))
    return found
