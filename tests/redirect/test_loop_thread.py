"""The thread that runs a loop, and what its callers see of it."""

import asyncio
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import freezegun
import pytest
import time_machine

from usagetwin_checker.redirect import loop_thread
from usagetwin_checker.redirect.loop_thread import LocalServerError, LoopThread, RealTimeLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


async def _nothing() -> None:
    """End at once."""


async def _name() -> str:
    return threading.current_thread().name


def _exit() -> None:
    raise SystemExit(3)


@pytest.fixture
def thread() -> "Iterator[LoopThread]":
    """Give a running thread, which is ended with the test if it can be."""
    thread = LoopThread("the loop", at_end=_nothing)
    thread.start()
    yield thread
    thread.stop()


def test_a_call_runs_in_the_thread_and_gives_its_result(thread: LoopThread) -> None:
    """To whoever waits for it."""
    assert thread.call(_name) == "the loop"


def test_a_call_raises_what_it_raises(thread: LoopThread) -> None:
    """In the caller; the loop goes on."""

    async def fail() -> None:
        message = "mine"
        raise ValueError(message)

    with pytest.raises(ValueError, match="mine"):
        thread.call(fail)
    assert thread.call(_name) == "the loop"


def test_the_end_runs_in_the_loop_and_cancels_what_is_left() -> None:
    """Then the loop is closed, and the thread is gone."""
    told: list[str] = []

    async def at_end() -> None:
        told.append(threading.current_thread().name)

    async def wait_for_ever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def begin() -> None:
        task = asyncio.ensure_future(wait_for_ever())
        await asyncio.sleep(0)
        assert not task.done()

    thread = LoopThread("the loop", at_end=at_end)
    thread.start()
    thread.call(begin)
    thread.stop()
    thread.stop()

    assert told == ["the loop", "cancelled"]
    assert thread.loop.is_closed()
    assert "the loop" not in {other.name for other in threading.enumerate()}


def test_a_loop_that_fails_says_so_to_all_who_call() -> None:
    """To the call that it fails in, to the next, and at the stop."""

    async def exit_loop() -> None:
        asyncio.get_running_loop().call_soon(_exit)
        await asyncio.Event().wait()

    thread = LoopThread("the loop", at_end=_nothing)
    thread.start()

    calls: list[Callable[[], object]] = [
        lambda: thread.call(exit_loop),
        lambda: thread.call(_nothing),
        thread.stop,
    ]
    for work in calls:
        with pytest.raises(LocalServerError, match="the loop failed: SystemExit: 3") as caught:
            work()
        assert isinstance(caught.value.__cause__, SystemExit)


def test_a_thread_that_never_started_can_be_stopped() -> None:
    """Its caller was interrupted in between; the loop is closed."""
    thread = LoopThread("the loop", at_end=_nothing)

    with pytest.raises(LocalServerError, match="the loop is not running"):
        thread.call(_nothing)
    thread.stop()

    assert thread.loop.is_closed()


def test_calls_in_the_moment_of_the_end_are_answered_or_refused() -> None:
    """None of them waits."""
    for _ in range(50):
        thread = LoopThread("the loop", at_end=_nothing)
        thread.start()
        answers: list[object] = []
        callers = [threading.Thread(target=_call_until_refused, args=(thread, answers)) for _ in range(3)]
        for caller in callers:
            caller.start()
        thread.stop()
        for caller in callers:
            caller.join(5)

        assert answers == ["refused"] * 3


def _call_until_refused(thread: LoopThread, answers: list[object]) -> None:
    try:
        while True:
            thread.call(_nothing)
    except LocalServerError as error:
        answers.append("refused" if error.problem == "the loop is not running" else error)


def test_a_loop_that_is_blocked_is_not_waited_for_without_end(
    thread: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what may block it."""
    monkeypatch.setattr(loop_thread, "WITHIN_S", 0.05)
    freed = threading.Event()
    thread.loop.call_soon_threadsafe(freed.wait)

    with pytest.raises(LocalServerError, match=r"the loop did not answer within 0\.05 s: something blocks"):
        thread.call(_nothing)
    with pytest.raises(LocalServerError, match=r"the loop did not end within 0\.05 s: something blocks"):
        thread.stop()
    freed.set()
    monkeypatch.undo()


def test_a_loop_cannot_wait_for_itself(thread: LoopThread) -> None:
    """An application that stops its own server would hang."""

    async def call() -> None:
        thread.call(_nothing)

    with pytest.raises(LocalServerError, match="was asked to wait for itself"):
        thread.call(call)


def test_a_thread_that_was_stopped_takes_no_calls(thread: LoopThread) -> None:
    """It says so."""
    thread.stop()

    with pytest.raises(LocalServerError, match="the loop is not running"):
        thread.call(_nothing)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads, on purpose
def test_a_forked_child_is_told_that_the_thread_is_its_parents(thread: LoopThread) -> None:
    """A call would wait for ever there; a stop does nothing."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            thread.stop()
            thread.call(_nothing)
        except LocalServerError as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)

    with os.fdopen(read) as pipe:
        said = pipe.read()

    assert said.startswith(
        f"the loop belongs to process {os.getpid()}, of which this one is a fork\n  try   "
    )
    assert thread.call(_name) == "the loop"


@pytest.mark.parametrize(
    "travel", [freezegun.freeze_time, time_machine.travel], ids=["freezegun", "time-machine"]
)
def test_its_time_goes_on_while_a_test_stands_still(thread: LoopThread, travel: type) -> None:
    """Or its timeouts would never come."""

    async def wait() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(0.02)
        return loop.time() - before

    with travel("2026-03-17T15:20:00Z"):
        waited = thread.call(wait)

    assert waited >= 0.02


def test_its_time_goes_on_also_when_it_is_imported_while_time_stands_still() -> None:
    """The first test that uses the twin may be a frozen one."""
    script = (
        "import asyncio, freezegun\n"
        "with freezegun.freeze_time('2026-03-17'):\n"
        "    from usagetwin_checker.redirect.loop_thread import RealTimeLoop\n"
        "    with asyncio.Runner(loop_factory=RealTimeLoop) as runner:\n"
        "        runner.run(asyncio.wait_for(asyncio.sleep(0.02), 5))\n"
        "with asyncio.Runner(loop_factory=RealTimeLoop) as runner:\n"
        "    runner.run(asyncio.sleep(0.02))\n"
        "print('went on')"
    )

    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=False
    )

    assert run.stdout.strip() == "went on", run.stderr


def test_its_time_is_the_monotonic_clock() -> None:
    """As asyncio's own."""
    ours = RealTimeLoop()
    theirs = asyncio.SelectorEventLoop()
    try:
        assert abs(ours.time() - theirs.time()) < 1
    finally:
        ours.close()
        theirs.close()
