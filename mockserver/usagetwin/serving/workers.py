"""Several server processes on the same sockets: their parent starts, watches, replaces and stops them.

Rule: the parent answers nothing. A worker ends with its parent, however that ends, and a new one serves
before the old one stops, so that no request is lost.
"""

import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from usagetwin.serving.listeners import take_no_more

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

    Work = Callable[[Sequence[socket.socket], Callable[[], None]], None]

SPAWN: Final = get_context("spawn")
START_WITHIN_S: Final = 60.0  # a worker on a busy machine
AGAIN_AFTER_S: Final = 1.0  # from one start to the next in the same place, where workers do not live
BESIDE_S: Final = 2.0  # how much longer than its own bound a worker may take to stop
STARTED: Final = "started"
LOG: Final = logging.getLogger("usagetwin.error")


class Workers:
    """`number` processes that each run `work(listeners, started)` until they get SIGTERM.

    `work` must be picklable, and call `started` once it serves. A worker stops within `stop_within_s`
    by itself; one that does not is killed.
    """

    def __init__(
        self,
        work: "Work",
        listeners: "Sequence[socket.socket]",
        *,
        number: int,
        stop_within_s: float,
        again: "Callable[[], Work]",
    ) -> None:
        """Take what the processes do, and the sockets that they share.

        `again` says what those do that take the place of others.
        """
        self._work = work
        self._again: Final = again
        self._listeners: Final = tuple(listeners)
        self._number: Final = number
        self._stop_within_s: Final = stop_within_s + BESIDE_S
        self._serving: list[_Worker] = []
        self._leaving: list[_Worker] = []
        self._next: _Worker | None = None  # what is started in the place of another
        self._to_replace: list[_Worker] = []
        self._signals: list[int] = []
        self._announced = False

    def run(self, ready: "Callable[[], None]") -> int:
        """Run them until SIGTERM or SIGINT, and give the exit status; `ready` is called when one serves.

        SIGHUP replaces them one after the other. A worker that ends is replaced; where one ends before any
        serves, all end, with status 1.
        """
        with self._listening_for_signals() as awake:
            self._serving = [self._started() for _ in range(self._number)]
            while not self._is_told_to_stop():
                self._wait_for_something(awake)
                if not self._greet(ready) and any(worker.has_ended for worker in self._serving):
                    self._stop()
                    return 1
                self._replace_the_dead()
                self._replace_the_old()
            self._stop()
        return 0

    def _started(self) -> "_Worker":
        return _Worker(self._work, self._listeners)

    def _listening_for_signals(self) -> "_Wakeful":
        numbers = [signal.SIGTERM, signal.SIGINT]
        if hasattr(signal, "SIGHUP"):
            numbers.append(signal.SIGHUP)
        return _Wakeful(numbers, self._signals)

    def _is_told_to_stop(self) -> bool:
        return any(number in (signal.SIGTERM, signal.SIGINT) for number in self._signals)

    def _all(self) -> "list[_Worker]":
        return [*self._serving, *self._leaving, *([self._next] if self._next else [])]

    def _wait_for_something(self, awake: socket.socket) -> None:
        """Wait until a signal has come, a worker serves, or one has ended."""
        workers = self._all()
        alive = [worker for worker in workers if not worker.has_ended]
        starting = [worker for worker in alive if not worker.has_served]
        at_s = [worker.late_s for worker in starting]
        at_s += [worker.again_s for worker in workers if worker.has_ended]
        wait(
            [awake, *(worker.process.sentinel for worker in alive), *(worker.link for worker in starting)],
            max(0.0, min(at_s) - time.monotonic()) if at_s else None,
        )
        with suppress(BlockingIOError):
            awake.recv(4096)
        for worker in workers:
            worker.look()

    def _greet(self, ready: "Callable[[], None]") -> bool:
        """Say once that they serve, and tell whether that was said."""
        if not self._announced and any(worker.has_served for worker in self._serving):
            self._announced = True
            ready()
        return self._announced

    def _replace_the_dead(self) -> None:
        self._leaving = [worker for worker in self._leaving if not worker.has_ended]
        for place, worker in enumerate(self._serving):
            if worker.has_ended and time.monotonic() >= worker.again_s:
                self._serving[place] = self._started()

    def _replace_the_old(self) -> None:
        """Go on with what SIGHUP asked for: one at a time; the new one serves before the old one leaves."""
        if self._signals and not self._is_told_to_stop():
            self._signals.remove(signal.SIGHUP)
            self._to_replace = list(self._serving)
            self._work = self._again()
        if self._next is not None and self._next.has_served:
            old = self._to_replace.pop(0)
            if old in self._serving:
                self._serving[self._serving.index(old)] = self._next
                old.end()
                self._leaving.append(old)
            else:  # it has died meanwhile, and has been replaced
                self._next.end()
                self._leaving.append(self._next)
            self._next = None
        elif self._next is not None and (self._next.has_ended or self._next.is_late):
            LOG.error("a new process did not start; the old ones go on")
            self._next.kill()
            self._next = None
            self._to_replace.clear()
        if self._next is None and self._to_replace:
            self._next = self._started()

    def _stop(self) -> None:
        """End all workers: first with SIGTERM, and after their time with SIGKILL."""
        for listener in self._listeners:
            take_no_more(listener)
            listener.close()
        workers = self._all()
        for worker in workers:
            worker.end()
        deadline = time.monotonic() + self._stop_within_s
        for worker in workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
        for worker in workers:
            worker.kill()


class _Worker:
    """One process, as its parent sees it."""

    def __init__(self, work: "Work", listeners: "Sequence[socket.socket]") -> None:
        """Start it."""
        self.link, theirs = SPAWN.Pipe()
        self.process: Final = SPAWN.Process(target=_run, args=(work, listeners, theirs))
        self.late_s: Final = time.monotonic() + START_WITHIN_S
        self.again_s: Final = time.monotonic() + AGAIN_AFTER_S
        self.has_served = False
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a process inherits what is ignored
        try:
            self.process.start()
        finally:
            signal.signal(signal.SIGINT, handler)
        theirs.close()

    @property
    def has_ended(self) -> bool:
        return self.process.exitcode is not None

    @property
    def is_late(self) -> bool:
        return not self.has_served and time.monotonic() >= self.late_s

    def look(self) -> None:
        """Hear whether it serves."""
        if not self.has_served:
            with suppress(EOFError, OSError):
                self.has_served = self.link.poll() and self.link.recv() == STARTED
        if self.is_late:
            self.kill()

    def end(self) -> None:
        """Ask it to stop."""
        if not self.has_ended:
            self.process.terminate()

    def kill(self) -> None:
        """End it, whatever it does, also where it is stopped; nothing happens where it has ended."""
        if not self.has_ended:
            self.process.kill()
        self.process.join()
        self.link.close()


class _Wakeful:
    """Take signals as they come, and make a socket readable that a wait can watch."""

    def __init__(self, numbers: "list[signal.Signals]", caught: list[int]) -> None:
        """Take the signals, and the list that they go to."""
        self._numbers = numbers
        self._caught = caught
        self._before: dict[int, Any] = {}
        self._reader, self._writer = socket.socketpair()

    def __enter__(self) -> socket.socket:
        """Take the signals from here on."""
        for end in (self._reader, self._writer):
            end.settimeout(0)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in self._numbers:
            self._before[number] = signal.signal(number, lambda got, _frame: self._caught.append(got))
        return self._reader

    def __exit__(self, *_error: object) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _run(work: "Work", listeners: "Sequence[socket.socket]", link: "Connection[Any, Any]") -> None:
    """Be a worker: stop with SIGTERM, which the end of the parent brings as well."""
    threading.Thread(target=_end_with, args=(link,), daemon=True).start()
    work(listeners, lambda: _tell(link))


def _tell(link: "Connection[Any, Any]") -> None:
    with suppress(OSError):  # the parent has ended
        link.send(STARTED)


def _end_with(link: "Connection[Any, Any]") -> None:
    """Wait for the end of the parent, which never says anything on its link."""
    with suppress(EOFError, OSError):
        link.recv()
    os.kill(os.getpid(), signal.SIGTERM)  # the process, not this thread, is what handles it
