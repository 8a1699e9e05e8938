"""One daemon thread that runs one event loop, and whose failures surface in the threads that use it.

The loop's time is the machine's own, whatever a time-travel library makes of `time.monotonic`: a frozen
clock would otherwise stop every timeout, and the server with it. Loop and sockets are made in the
caller's thread, so that what forbids them (a plugin that blocks sockets) is seen there.
"""

import asyncio
import os
import threading
import time
from asyncio import wait  # by name: a test may replace it for its own code
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from usagetwin.errors import RemediedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    T = TypeVar("T")

WITHIN_S: Final = 10.0  # how long a caller waits for the loop, or for the thread's end
FAREWELL_S: Final = 1.0  # how long cancelled tasks may take at the end


@dataclass(eq=False)
class LocalServerError(RemediedError):
    """The thread of a local server that can't do what it is asked to."""

    problem: str
    remedy: str


def _machine_clock() -> "Callable[[], float]":
    """Give the monotonic clock that no time-travel library replaces, also where one is active already."""
    if hasattr(time, "clock_gettime"):
        return partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    return time.monotonic  # Windows


class RealTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is the machine's."""

    _clock = staticmethod(_machine_clock())

    def time(self) -> float:
        """Read the machine's monotonic clock, in seconds."""
        return self._clock()


class OwnThread(threading.Thread):
    """A thread of ours, which serves all tests, whichever it was started in."""


class LoopThread:
    """The thread. `at_end` runs in the loop once it was stopped, or has failed."""

    def __init__(self, name: str, *, at_end: "Callable[[], Coroutine[Any, Any, None]]") -> None:
        self.loop: Final = RealTimeLoop()
        self._name: Final = name
        self._at_end: Final = at_end
        self._process: Final = os.getpid()
        self._taking: Final = threading.Lock()  # held while a call is taken, and while the last one was
        self._takes_calls = False
        self._failure: BaseException | None = None
        self._thread: Final = OwnThread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start to run the loop."""
        self._takes_calls = True
        self._thread.start()

    def call(self, work: "Callable[[], Coroutine[Any, Any, T]]") -> "T":
        """Run a coroutine function in the loop, wait for its end, and give what it gives.

        Raises what it raises, and LocalServerError when the loop can't run it.
        """
        with self._taking:
            self._check()
            future = asyncio.run_coroutine_threadsafe(work(), self.loop)
        try:
            result = future.result(WITHIN_S)
        except (TimeoutError, CancelledError):
            self._check()
            future.cancel()
            raise self._blocked(deed="answer") from None
        if self._failure is not None:
            raise self._failed() from self._failure
        return result

    def stop(self) -> None:
        """End the loop and its thread, and wait for that.

        Raises LocalServerError when the loop had failed.
        """
        if os.getpid() != self._process:
            return  # a forked child has no such thread, and the loop belongs to its parent
        if self._thread.ident is None:
            self.loop.close()  # it never started
            return
        with self._taking:
            if self._takes_calls:
                self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(WITHIN_S)
        if self._thread.is_alive():
            raise self._blocked(deed="end")
        if self._failure is not None:
            raise self._failed() from self._failure

    def _check(self) -> None:
        if os.getpid() != self._process:
            problem = f"{self._name} belongs to process {self._process}, of which this one is a fork"
            raise LocalServerError(problem, "the call in the process that started the server")
        if threading.current_thread() is self._thread:
            problem = f"{self._name} was asked to wait for itself"
            raise LocalServerError(problem, "the call from the test's thread, not from the application")
        if self._failure is not None:
            raise self._failed() from self._failure
        if not self._takes_calls:
            problem = f"{self._name} is not running"
            raise LocalServerError(problem, "a server that is started and not stopped")

    def _failed(self) -> LocalServerError:
        problem = f"{self._name} failed: {type(self._failure).__name__}: {self._failure}"
        return LocalServerError(problem, "the cause above, in the application that it serves")

    def _blocked(self, *, deed: str) -> LocalServerError:
        problem = f"{self._name} did not {deed} within {WITHIN_S:g} s: something blocks its loop"
        return LocalServerError(problem, "an application that awaits, where it sleeps or waits")

    def _run(self) -> None:
        try:
            self.loop.run_forever()
        except BaseException as failure:  # noqa: BLE001 -- it is raised again, in the caller
            self._failure = failure
        with self._taking:
            self._takes_calls = False
        try:
            self.loop.run_until_complete(self._end())
        finally:
            self.loop.close()

    async def _end(self) -> None:
        """Say farewell, and cancel what is left; a call that came too late learns of it so."""
        await self._at_end()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await wait(tasks, timeout=FAREWELL_S)
        await self.loop.shutdown_asyncgens()
