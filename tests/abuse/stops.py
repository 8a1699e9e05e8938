"""Stops of a served twin: under load, after its workers were replaced or killed, and held up."""

import os
import random
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of
from tests.acme import NOW, PATH
from tests.served import WITHIN_S, served, starting
from tests.serving.load import Newcomer, ended, started
from tests.serving.processes import all_replaced, until, until_all_serve, workers_of
from tests.wire import request, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.abuse.rows import Effort
    from tests.served import Twin

    Before = Callable[[Twin], None]

LONGEST_START_S: Final = 3.0
ENDS: Final = (0, 128 + signal.SIGTERM, -signal.SIGTERM)  # the last one before Python itself is there
HISTORY: Final = "from=0&to=9999999999"
KEPT: Final = 6  # clients that keep their connection
NEW: Final = 2  # clients that make one for each request
BOUND_S: Final = 12.0  # what `usagetwin serve --help` states
SENT: Final = request(PATH.encode() + b"?from=1&aggregationType=incremental")


def nothing(_twin: "Twin") -> None:
    """Leave it as it started."""


def replaced(twin: "Twin") -> None:
    """Have all its workers replaced by SIGHUP."""
    before = workers_of(twin)
    twin.process.send_signal(signal.SIGHUP)
    until(lambda: all_replaced(twin, before))


def killed(twin: "Twin") -> None:
    """Have one of its workers killed, and wait for the one that replaces it."""
    before = workers_of(twin)
    os.kill(min(before), signal.SIGKILL)
    until(lambda: min(before) not in workers_of(twin))
    until_all_serve(twin, len(before))


UNDER_LOAD: "Final[tuple[tuple[str, int, Before], ...]]" = (
    ("1 worker", 1, nothing),
    ("2 workers", 2, nothing),
    ("4 workers", 4, nothing),
    ("2 workers, after SIGHUP", 2, replaced),
    ("2 workers, after one was killed and replaced", 2, killed),
)


def stops_under_load(effort: "Effort") -> list[Row]:
    """Stop it while eight clients ask without pause, and count what they lose."""
    return [
        _under_load(name, workers, before, effort.stops)
        for name, workers, before in UNDER_LOAD[-effort.kinds :]
    ]


def _under_load(name: str, workers: int, before: "Before", runs: int) -> Row:
    answered = lost = 0
    times_s, problems = [], []
    for _ in range(runs):
        with served("--now", NOW, "--quiet", "--workers", str(workers)) as twin:
            if workers > 1:
                until_all_serve(twin, workers)
            before(twin)
            clients = started(twin.url, HISTORY, KEPT) + started(twin.url, HISTORY, NEW, Newcomer)
            begun = time.monotonic()
            status = twin.stop()
            times_s.append(time.monotonic() - begun)
            ended(clients)
        answered += sum(client.answers for client in clients)
        failed = [f"{type(client).__name__}: {client.lost}" for client in clients if client.lost]
        lost += len(failed)
        if failed or status or twin.log:
            problems.append(f"lost {failed}, status {status}, log {twin.log[:3]}")
    return Row(
        tried=f"SIGTERM under load: {name}",
        attempts=runs,
        problems=tuple(problems),
        figures=(
            Line(claim="answered", value=answered),
            Line(claim="lost", value=lost, at_most=0),
            _slowest(times_s),
        ),
    )


def _slowest(times_s: list[float]) -> Line:
    return Line(claim="slowest stop", value=max(times_s), unit="s", at_most=BOUND_S)


def hung(twin: "Twin", _stack: ExitStack) -> None:
    """Stop one worker as a debugger does."""
    os.kill(min(workers_of(twin)), signal.SIGSTOP)


def not_reading(twin: "Twin", stack: ExitStack) -> None:
    """Ask for a lot, and take no answer."""
    link = _link(twin, stack)
    link.settimeout(1)
    with suppress(TimeoutError):
        link.sendall(SENT * 50_000)


def half_open(twin: "Twin", stack: ExitStack) -> None:
    """Begin requests that never end, and say nothing at all on other connections."""
    for begun in (b"", b"G", SENT[:-2], SENT[:-2] + b"Content-Length: 9\r\n\r\nabc"):
        _link(twin, stack).sendall(begun)


def twice(twin: "Twin", _stack: ExitStack) -> None:
    """Have sent SIGINT before, as an impatient person does."""
    twin.process.send_signal(signal.SIGINT)


HELD_UP: "Final[tuple[tuple[str, int, Callable[[Twin, ExitStack], None]], ...]]" = (
    ("one of 2 workers hangs", 2, hung),
    ("a client reads no answer", 1, not_reading),
    ("a client of 2 workers reads no answer", 2, not_reading),
    ("connections are half-open or silent", 1, half_open),
    ("SIGINT comes too", 2, twice),
)


def stops_held_up(effort: "Effort") -> list[Row]:
    """Stop it while something holds it up, kill the parent of workers, stop a start: all ends in time."""
    runs = max(1, effort.stops // 3)
    tries: list[Callable[[], Row]] = [
        *(partial(_held_up, name, workers, hold, runs) for name, workers, hold in HELD_UP),
        partial(_orphaned, runs),
        partial(_during_the_start, effort),
    ]
    return [attempt() for attempt in tries[-effort.kinds :]]


def _held_up(name: str, workers: int, hold: "Callable[[Twin, ExitStack], None]", runs: int) -> Row:
    times_s, problems = [], []
    for _ in range(runs):
        with ExitStack() as stack:
            twin = stack.enter_context(served("--now", NOW, "--quiet", "--workers", str(workers)))
            if workers > 1:
                until_all_serve(twin, workers)
            hold(twin, stack)
            begun = time.monotonic()
            status = twin.stop()
            times_s.append(time.monotonic() - begun)
            problems.append(f"status {status}, log {twin.log[:3]}" if status or twin.log else None)
    return Row(
        tried=f"SIGTERM while {name}",
        attempts=runs,
        problems=problems_of(problems),
        figures=(_slowest(times_s),),
    )


def _orphaned(runs: int) -> Row:
    """Kill the parent of two workers, and see them end."""
    times_s, problems = [], []
    for _ in range(runs):
        with served("--now", NOW, "--quiet", "--workers", "2") as twin:
            until_all_serve(twin, 2)
            workers = workers_of(twin)
            begun = time.monotonic()
            twin.process.kill()
            twin.wait()
            until(partial(_have_ended, workers))
            times_s.append(time.monotonic() - begun)
            problems.append("something answers still" if _answers(twin) else None)
    return Row(
        tried="SIGKILL of the parent of 2 workers: they end, and nobody answers",
        attempts=runs,
        problems=problems_of(problems),
        figures=(_slowest(times_s),),
    )


def _have_ended(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def _during_the_start(effort: "Effort") -> Row:
    """Stop it at some moment while it starts, with one worker and with two in turn."""
    chance = random.Random(effort.seed)  # noqa: S311 -- the same moments in every run of a seed
    times_s, problems = [], []
    for run in range(3 * effort.stops):
        with starting("--port", "0", "--now", NOW, "--quiet", "--workers", str(1 + run % 2)) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, LONGEST_START_S))
            begun = time.monotonic()
            process.terminate()
            _, said = process.communicate(timeout=WITHIN_S)
            times_s.append(time.monotonic() - begun)
        ended_well = process.returncode in ENDS and "Traceback" not in said
        problems.append(None if ended_well else f"status {process.returncode}, {said[-300:]}")
    return Row(
        tried="SIGTERM at some moment of the start: no traceback",
        attempts=len(problems),
        problems=problems_of(problems),
        figures=(_slowest(times_s),),
    )


def _answers(twin: "Twin") -> bool:
    try:
        return send(twin.url, SENT).status == 200
    except OSError:
        return False


def _link(twin: "Twin", stack: ExitStack) -> socket.socket:
    parts = urlsplit(twin.url)
    return stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=30))
