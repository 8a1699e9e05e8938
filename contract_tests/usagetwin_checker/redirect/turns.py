"""Whose request it is: that of the test whose turn it is, or of an earlier one whose thread or task goes on.

A turn is one time that the redirect is in place. What is started in it belongs to it: threads by who starts
them; what an executor runs by who submits it; tasks by their context, or by the turn of their first request.
Whatever belongs to no turn, such as a thread from before all tests, is the current test's.
"""

import asyncio
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, WeakSet

from usagetwin_checker.redirect.loop_thread import OwnThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from usagetwin_checker.redirect.route import Route

    Function = Callable[..., Any]

RUNNER: Final = "_run_tests_and_fixtures"  # anyio's task for all tests of a module or session


@dataclass(eq=False, slots=True)
class Turn:
    """One turn, and whose it is."""

    name: str
    over: bool = False


class Carried:
    """A function that an executor runs for the turn in which it was submitted."""

    def __init__(self, function: "Function", turn: Turn, local: threading.local) -> None:
        self.turn: Final = turn
        self.done = False
        self._function: Final = function
        self._local: Final = local

    def __call__(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 -- only passed on
        """Run it."""
        before = getattr(self._local, "turn", None)
        self._local.turn = self.turn
        try:
            return self._function(*arguments, **options)
        finally:
            self._local.turn = before
            self.done = True


class Turns:
    """The turns of one redirect, one after the other."""

    def __init__(self) -> None:
        self.current: Turn | None = None
        self._here: Final[ContextVar[Turn | None]] = ContextVar("usagetwin_turn", default=None)
        self._threads: Final[WeakKeyDictionary[threading.Thread, Turn]] = WeakKeyDictionary()
        self._tasks: Final[WeakKeyDictionary[asyncio.Task[Any], Turn]] = WeakKeyDictionary()
        self._carried: Final[WeakSet[Carried]] = WeakSet()
        self._local: Final = threading.local()  # whose work this thread does; whether it starts a worker

    def begin(self, name: str) -> None:
        """Begin a turn in this thread."""
        self.current = Turn(name)
        self._here.set(self.current)

    def end(self) -> None:
        """End it."""
        if self.current is not None:
            self.current.over = True
        self.current = None
        self._here.set(None)

    def whose(self) -> Turn | None:
        """Give the turn that this thread, and the task that runs in it, belong to."""
        task = _current_task()
        if task is not None and task in self._tasks:
            return self._tasks[task]
        turn = self._by_context_or_thread() or self.current
        if task is not None and turn is not None and not turn.over and not _runs_tests(task):
            self._tasks[task] = turn
        return turn

    def _by_context_or_thread(self) -> Turn | None:
        here = self._here.get()
        if here is not None and not here.over:
            return here
        thread = threading.current_thread()
        turn = getattr(self._local, "turn", None) or self._threads.get(thread)
        # A context that is left over says nothing in the main thread: a loop for all tests may have kept it.
        return here if turn is None and thread is not threading.main_thread() else turn

    def left_over(self) -> bool:
        """Tell whether something of an earlier turn goes on."""
        return any(turn.over for turn in self._going_on())

    def _going_on(self) -> "Iterator[Turn]":
        for thread, turn in list(self._threads.items()):
            if thread.is_alive():
                yield turn
        for task, turn in list(self._tasks.items()):
            if not task.done() and not task.get_loop().is_closed():
                yield turn
        for carried in list(self._carried):
            if not carried.done:
                yield carried.turn

    def starts(self, thread: threading.Thread) -> None:
        """Let a thread belong to whom it is started by; one of an executor's belongs to nobody."""
        turn = self.whose()
        of_an_executor = getattr(self._local, "submits", False)
        if turn is not None and not of_an_executor and not isinstance(thread, OwnThread):
            self._threads[thread] = turn

    def carried(self, function: "Function") -> "Function":
        """Let a function that is to run elsewhere belong to whom it is submitted by."""
        turn = self.whose()
        if turn is None:
            return function
        carried = Carried(function, turn, self._local)
        self._carried.add(carried)
        return carried

    @contextmanager
    def submitting(self) -> "Iterator[None]":
        """Let the threads that this thread starts meanwhile belong to nobody: an executor's workers."""
        self._local.submits = True
        try:
            yield
        finally:
            self._local.submits = False


def start(original: "Function", route: "Route") -> "Function":
    """Note who starts a thread."""

    def start(thread: threading.Thread) -> None:
        if route.in_place:
            route.turns.starts(thread)
        original(thread)

    return start


def submit(original: "Function", route: "Route") -> "Function":
    """Note who submits what an executor runs."""

    def submit(executor: Any, function: "Function", /, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 -- only passed on
        if not route.in_place:
            return original(executor, function, *arguments, **options)
        carried = route.turns.carried(function)
        with route.turns.submitting():
            return original(executor, carried, *arguments, **options)

    return submit


def _current_task() -> "asyncio.Task[Any] | None":
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None  # no loop runs in this thread


def _runs_tests(task: "asyncio.Task[Any]") -> bool:
    return getattr(getattr(task.get_coro(), "cr_code", None), "co_name", "") == RUNNER
