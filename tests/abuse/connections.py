"""Connections whose client says nothing, half of something, one byte at a time, or reads nothing."""

import select
import socket
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.claims import Line
from tests.abuse.rows import Row
from tests.acme import NOW, PATH
from tests.served import served
from tests.wire import request, send

if TYPE_CHECKING:
    from tests.abuse.rows import Effort

IDLE_S: Final = 2.0  # what the twin is told
BESIDE_S: Final = 10.0  # how much later a busy machine may come to it
ASKED: Final = request(PATH.encode())
DRIP_S: Final = 0.2

BEGUN: Final = {  # what is sent, after which nothing more comes
    "say nothing": b"",
    "send one byte": b"G",
    "send half a head": ASKED[:-2],
    "send half a body": ASKED[:-2] + b"Content-Length: 9\r\n\r\nabc",
    "send half a chunk": ASKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n9\r\nabc",
    "ask once, and then send half a head": ASKED + ASKED[:-2],
}


def waiting_connections(effort: "Effort") -> list[Row]:
    """Hold many open at once, and see when the server ends them; others are answered meanwhile."""
    world = ("--now", NOW, "--quiet", "--idle-timeout", str(IDLE_S))
    rows = []
    with served(*world) as twin:
        for name, begun in list(BEGUN.items())[-effort.kinds :]:
            rows.append(_ended(twin.url, name, begun, effort.held_open))
        rows.append(_dripping(twin.url, effort.held_open))
        problem = twin.log[:3]
        status = twin.stop()
    if problem or status:
        rows.append(Row(tried="the twin afterwards", attempts=1, problems=(f"status {status}, {problem}",)))
    return rows


def _row(tried: str, number: int, left: int, answered: bool, passed_s: float) -> Row:  # noqa: FBT001 -- a column
    problems = (f"open after {passed_s:.1f} s",) * left
    if not answered:
        problems = (*problems, "another client got no answer meanwhile")[:number]
    slowest = Line(claim="the last one ended after", value=passed_s, unit="s", at_most=IDLE_S + BESIDE_S)
    return Row(tried=tried, attempts=number, problems=problems, figures=(slowest,))


def _ended(url: str, name: str, begun: bytes, number: int) -> Row:
    with ExitStack() as stack:
        links = [_connected(url, stack) for _ in range(number)]
        started = time.monotonic()
        for link in links:
            link.sendall(begun)
        answered = _answers(url)
        left = _until_ended(links, started)
        passed_s = time.monotonic() - started
    return _row(f"connections that {name}", number, left, answered, passed_s)


def _dripping(url: str, number: int) -> Row:
    """Send a head that never ends, a byte at a time."""
    with ExitStack() as stack:
        links = [_connected(url, stack) for _ in range(number)]
        started = time.monotonic()
        for link in links:
            link.sendall(ASKED[:-2] + b"X: ")
        answered = _answers(url)
        still = list(links)
        while still and time.monotonic() - started < IDLE_S + BESIDE_S:
            for link in still:
                with suppress(OSError):
                    link.sendall(b"y")
            still = [link for link in still if not _has_ended(link)]
            time.sleep(DRIP_S)
        passed_s = time.monotonic() - started
    return _row("connections that send a byte now and then", number, len(still), answered, passed_s)


def _connected(url: str, stack: ExitStack) -> socket.socket:
    parts = urlsplit(url)
    return stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=30))


def _answers(url: str) -> bool:
    try:
        answer = send(url, ASKED)
    except OSError:
        return False
    return answer.status == 200


def _until_ended(links: list[socket.socket], started: float) -> int:
    """Wait for the ends, and give how many are still open after the bound."""
    left = list(links)
    while left and time.monotonic() - started < IDLE_S + BESIDE_S:
        readable, _, _ = select.select(left, [], [], 0.5)
        left = [link for link in left if link not in readable or not _has_ended(link)]
    return len(left)


def _has_ended(link: socket.socket) -> bool:
    link.setblocking(False)  # noqa: FBT003 -- the standard library's signature
    try:
        while data := link.recv(65536):
            del data
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
