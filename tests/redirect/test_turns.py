"""What a turn leaves behind: its requests are stopped, in later turns and between them, and reach nobody."""

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import TYPE_CHECKING

import pytest
import requests

from usagetwin_checker.redirect.route import LeftOverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.redirect.echo import Echo
    from usagetwin_checker.redirect.active import Redirect

URL = "https://app.launchdarkly.com/late"


class Poller:
    """Asks when it is told to, and gives the status or what kept it from one."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._asked: Queue[str] = Queue()
        self._answers: Queue[object] = Queue()

    def run(self) -> None:
        """Ask until there is nothing more to ask."""
        while self._asked.get(timeout=20):
            try:
                self._answers.put(requests.get(URL, timeout=20).status_code)
            except requests.RequestException as error:
                self._answers.put(str(error))

    def ask(self) -> object:
        """Let it ask once."""
        self._asked.put("once")
        return self._answers.get(timeout=20)

    def end(self) -> None:
        """Let it end."""
        self._asked.put("")


def _in_a_thread(work: "Callable[[], None]") -> "Callable[[], None]":
    thread = threading.Thread(target=work, name="poller")
    thread.start()
    return thread.join


def _in_a_thread_of_a_thread(work: "Callable[[], None]") -> "Callable[[], None]":
    started: Queue[Callable[[], None]] = Queue()
    threading.Thread(target=lambda: started.put(_in_a_thread(work))).start()
    return started.get(timeout=20)


def _in_an_executor(work: "Callable[[], None]") -> "Callable[[], None]":
    executor = ThreadPoolExecutor(1)
    executor.submit(work)
    return executor.shutdown


def _in_a_loop(work: "Callable[[], None]") -> "Callable[[], None]":
    return _in_a_thread(lambda: asyncio.run(asyncio.to_thread(work)))


@pytest.fixture
def poller() -> "Iterator[Poller]":
    """Give one that ends with the test."""
    poller = Poller()
    yield poller
    poller.end()


@pytest.mark.parametrize("start", [_in_a_thread, _in_a_thread_of_a_thread, _in_an_executor, _in_a_loop])
def test_what_goes_on_after_its_turn_is_stopped(
    redirect: "Redirect", echo: "Echo", poller: Poller, start: "Callable[..., Callable[[], None]]"
) -> None:
    """Between turns and in the next one; then everything is put back."""
    true_connect = socket.socket.connect
    with redirect:
        join = start(poller.run)
        during = poller.ask()
    between = poller.ask()
    with redirect:
        later, mine = poller.ask(), requests.get(URL, timeout=20).status_code
    poller.end()
    join()
    redirect.deactivate()

    assert (during, mine, len(echo.asked)) == (200, 200, 2)
    assert "goes on after its test" in str(between)
    assert "is nobody's, and was stopped" in str(later)
    assert sum(redirect.left_over.values()) == 2
    assert socket.socket.connect is true_connect


def test_everything_else_passes_while_something_goes_on(redirect: "Redirect", poller: Poller) -> None:
    """It is inactive but for what is left."""
    with redirect:
        join = _in_a_thread(poller.run)

    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("twin.invalid", 443)
    poller.end()
    join()
    redirect.deactivate()


def test_a_thread_from_before_all_turns_is_the_current_turn_s(
    redirect: "Redirect", echo: "Echo", poller: Poller
) -> None:
    """A server that all tests share, say."""
    join = _in_a_thread(poller.run)
    with redirect:
        first = poller.ask()
    with redirect:
        second = poller.ask()
    poller.end()
    join()

    assert (first, second, len(echo.asked)) == (200, 200, 2)


def test_an_executor_may_serve_many_turns(redirect: "Redirect", echo: "Echo") -> None:
    """What it runs belongs to whom it was submitted by, though the first turn started its thread."""

    def ask() -> int:
        return requests.get(URL, timeout=20).status_code

    true_connect = socket.socket.connect
    with ThreadPoolExecutor(1) as executor:
        with redirect:
            first = executor.submit(ask).result(20)
        assert socket.socket.connect is true_connect
        with redirect:
            second = executor.submit(ask).result(20)

    assert (first, second, len(echo.asked)) == (200, 200, 2)


def test_a_loop_in_a_thread_may_serve_many_turns(redirect: "Redirect", echo: "Echo") -> None:
    """What is given to it belongs to whom it was given by, though the first turn started its thread."""
    loop = asyncio.new_event_loop()

    async def ask() -> int:
        return (await asyncio.to_thread(requests.get, URL, timeout=20)).status_code

    with redirect:
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        first = asyncio.run_coroutine_threadsafe(ask(), loop).result(20)
    with redirect:
        second = asyncio.run_coroutine_threadsafe(ask(), loop).result(20)
    asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)
    loop.close()
    redirect.deactivate()

    assert (first, second, len(echo.asked)) == (200, 200, 2)


def test_a_task_that_goes_on_in_a_shared_loop_is_stopped(redirect: "Redirect", echo: "Echo") -> None:
    """The loop is the tests' own, as a loop of a whole session is."""

    async def asks() -> None:
        _, writer = await asyncio.open_connection("app.launchdarkly.com", 80)
        writer.close()
        await writer.wait_closed()

    async def goes_on(asked: asyncio.Event) -> None:
        await asks()
        await asked.wait()
        await asks()

    with asyncio.Runner() as runner:
        asked = asyncio.Event()

        async def start() -> "asyncio.Task[None]":
            task = asyncio.create_task(goes_on(asked))
            await asyncio.sleep(0.05)
            return task

        async def end(task: "asyncio.Task[None]") -> None:
            asked.set()
            await task

        with redirect:
            task = runner.run(start())
        with redirect, pytest.raises(LeftOverError):
            runner.run(end(task))

    redirect.deactivate()
    assert echo.asked == []
