"""One run of a program beside a twin of its own, in a process of ours that does nothing else.

Rule: runs share nothing: no twin, no ports, and not what is ended when one of them leaves something behind.
A fork, so that the libraries of a twin are loaded once for all of them; whoever starts one has no threads.
"""

import ctypes
import json
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from usagetwin.errors import UsageTwinError, readable
from usagetwin_checker.leading.forwarding import FORWARDED, Forwarding
from usagetwin_checker.leading.program import NotRunError, perform
from usagetwin_checker.leading.twin import LedTwin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagetwin.account.world import World
    from usagetwin.settings import Settings
    from usagetwin_checker.redirect.authority import Authority

WHEN_THE_PARENT_ENDS: Final = 1  # PR_SET_PDEATHSIG
SIGNALS: Final = tuple(getattr(signal, name) for name in FORWARDED if hasattr(signal, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended, and what it asked; `problem` says why there is nothing to know of it."""

    status: int = 0
    in_time: bool = True
    seconds: float = 0.0
    requests: int = 0
    deviated: bool = False  # whether any answer was another one than the honest twin's
    was_run: bool = True
    problem: str | None = None

    @property
    def failed(self) -> bool:
        """Tell whether it failed, or took too long."""
        return bool(self.status) or not self.in_time

    @property
    def reason(self) -> str:
        """Give what failed."""
        took = f"stopped, as it had not ended after {self.seconds:.0f} s"
        return f"exit status {self.status}" if self.in_time else took


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is run, and what its twin is; each run shows a deviation of its own, or none."""

    command: "Sequence[str]"
    settings: "Settings"
    world: "World"
    authority: "Authority"
    block_other_hosts: bool

    def try_out(self) -> None:
        """Serve the honest twin for a moment: what is wrong is said here, and libraries are loaded once.

        Raises SettingError and LocalServerError.
        """
        with self.twin(None):
            pass

    def twin(self, deviation: str | None) -> LedTwin:
        """Make the twin of one run. Raises SettingError."""
        return LedTwin(
            replace(self.settings, deviation=deviation),
            self.world,
            block_other_hosts=self.block_other_hosts,
            authority=self.authority,
        )


@dataclass(frozen=True, slots=True)
class Supervised:
    """A run under way: the process that supervises it, and where its outcome will be read from."""

    process: int
    reader: int

    def ended(self) -> Outcome:
        """Wait for the end, and give the outcome."""
        text = bytearray()
        while part := os.read(self.reader, 65536):
            text += part
        os.close(self.reader)
        _, how = os.waitpid(self.process, 0)
        if text:
            return Outcome(**json.loads(text))
        return Outcome(problem=f"the process beside it has ended: {os.waitstatus_to_exitcode(how)}")


def start(task: Task, deviation: str | None, *, output: int, within_s: float | None) -> Supervised:
    """Start a run that reads nothing and writes to a file."""
    reader, writer = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the run passes them on
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        _supervise(task, deviation, output, writer, within_s, before, parent)
    os.close(writer)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return Supervised(process, reader)


def _supervise(  # noqa: PLR0913, PLR0917 -- what a fork needs
    task: Task,
    deviation: str | None,
    output: int,
    writer: int,
    within_s: float | None,
    mask: set[int],
    parent: int,
) -> None:
    """Be the process beside a run; this does not return."""
    try:
        os.setsid()  # signals come from whoever started this, and from no terminal
        _end_with(parent)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for file, stream in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(file, stream)
        with Forwarding() as forwarding:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            outcome = _outcome(task, deviation, forwarding, within_s)
        text = json.dumps(asdict(outcome)).encode()
        while text:
            text = text[os.write(writer, text) :]
    finally:
        os._exit(0)  # nothing of the process that this one is a copy of may happen twice


def _end_with(parent: int) -> None:
    """Have the system send SIGTERM when the process that started this one has gone, where it can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(WHEN_THE_PARENT_ENDS, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def _outcome(task: Task, deviation: str | None, forwarding: Forwarding, within_s: float | None) -> Outcome:
    try:
        with task.twin(deviation) as twin:
            began_s = time.monotonic()
            ended = perform(task.command, twin.environment, forwarding, within_s=within_s)
            seconds = time.monotonic() - began_s
    except NotRunError as error:
        return Outcome(status=error.status, was_run=False, problem=str(error))
    except SystemExit as stopped:  # a signal came before the command
        return Outcome(status=int(stopped.code or 0), was_run=False, problem="it was stopped")
    except (UsageTwinError, OSError) as error:
        return Outcome(problem=readable(str(error)))
    return Outcome(
        status=ended.status,
        in_time=ended.in_time,
        seconds=seconds,
        requests=twin.tally.asked,
        deviated=twin.tally.deviated,
        problem=next((f"the twin failed: {error}" for error in twin.tally.errors), None),
    )
