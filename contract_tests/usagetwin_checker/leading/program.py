"""Run a program as a shell does: its own group, the terminal, the signals, and its status.

Rule: nothing of the program is alive when its status is given.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.errors import RemediedError, SettingError, quoted
from usagetwin_checker.leading.forwarding import FIRST
from usagetwin_checker.leading.leftovers import TIME_TO_END_S, Leftovers
from usagetwin_checker.leading.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from usagetwin_checker.leading.forwarding import Forwarding

NOT_FOUND: Final = 127
CANT_BE_RUN: Final = 126
NAP_S: Final = 0.02
REMEDY: Final = "the command after `--`, as it is typed in this folder"


@dataclass(eq=False)
class NotRunError(RemediedError):
    """A program that could not be started, with the status that a shell gives then."""

    problem: str
    remedy: str
    status: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its status, whether it left anything running, which has ended too, and in time."""

    status: int
    left_something: bool
    in_time: bool = True


def refuse_elsewhere() -> None:
    """Raise SettingError where there are no process groups."""
    if sys.platform == "win32":
        problem = "leading a command to a twin needs a POSIX system"
        raise SettingError(problem, "usagetwin serve, and its URL as the client's base URL")


def refuse_missing(arguments: "Sequence[str]") -> None:
    """Raise NotRunError for a command that is not there, before anything is done for it."""
    if not arguments[0] or (shutil.which(arguments[0]) is None and not Path(arguments[0]).exists()):
        raise _not_found(arguments[0])


def perform(
    arguments: "Sequence[str]",
    environment: "Mapping[str, str]",
    forwarding: "Forwarding",
    *,
    within_s: float | None = None,
) -> Ended:
    """Run a program to its end, and end what it leaves, and itself after a time. Raises NotRunError."""
    leftovers, terminal = Leftovers(), Terminal()
    forwarding.starting()
    process = _start(arguments, environment)
    forwarding.started(process.pid)
    terminal.give(process.pid)
    try:
        status = _wait(process, terminal, within_s)
        in_time = status is not None
        if status is None:
            status = _stop(process, terminal)
    finally:
        forwarding.over()
        terminal.take_back(process.pid)
        left = leftovers.end(process.pid)
    return Ended(status, left, in_time)


def _start(arguments: "Sequence[str]", environment: "Mapping[str, str]") -> "subprocess.Popen[bytes]":
    if not arguments[0]:
        raise _not_found(arguments[0])
    try:
        return subprocess.Popen(arguments, env=environment, process_group=0)  # noqa: S603 -- what the user asks for
    except FileNotFoundError as error:
        if shutil.which(arguments[0]) is None:
            raise _not_found(arguments[0]) from None
        raise _not_runnable(arguments[0], f"what runs it is not there ({error.strerror})") from None
    except (OSError, ValueError) as error:  # a text with a zero byte in it is a ValueError
        raise _not_runnable(arguments[0], getattr(error, "strerror", None) or str(error)) from None


def _not_found(command: str) -> NotRunError:
    return NotRunError(f"there is no command {quoted(command)}", REMEDY, NOT_FOUND)


def _not_runnable(command: str, why: str) -> NotRunError:
    problem = f"the command {quoted(command)} can't be run: {why}"
    return NotRunError(problem, "a program, or `sh -c` before a line of shell", CANT_BE_RUN)


def _wait(process: "subprocess.Popen[bytes]", terminal: Terminal, within_s: float | None) -> int | None:
    """Wait for the end, and stop as often as the program is stopped at our terminal. None: it took too long.

    In naps: Python runs handlers in this thread, and a signal that the system gives to another one, such as
    the server's, would not end a wait without an end.
    """
    until_s = None if within_s is None else time.monotonic() + within_s
    while True:
        ended, how = os.waitpid(process.pid, os.WNOHANG | (os.WUNTRACED if terminal.is_ours else 0))
        if not ended:
            if until_s is not None and time.monotonic() > until_s:
                return None
            time.sleep(NAP_S)
            continue
        if os.WIFSTOPPED(how):
            terminal.stop_with(process.pid, os.WSTOPSIG(how))
            continue
        process.returncode = code = os.waitstatus_to_exitcode(how)
        return FIRST - code if code < 0 else code


def _stop(process: "subprocess.Popen[bytes]", terminal: Terminal) -> int:
    """End the program and its group; one that has not ended after some seconds is killed."""
    os.killpg(process.pid, signal.SIGTERM)
    status = _wait(process, terminal, TIME_TO_END_S)
    if status is None:
        os.killpg(process.pid, signal.SIGKILL)
        status = _wait(process, terminal, None)
    return FIRST + signal.SIGKILL if status is None else status
