"""A served twin whose standard output or error is full, closed, without a reader, or not read."""

import os
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final

from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of
from tests.acme import NOW
from tests.served import USAGETWIN, WITHIN_S
from tests.wire import connection_to, get

if TYPE_CHECKING:
    from typing import IO

    from tests.abuse.rows import Effort

FULL: Final = "/dev/full"  # a disk that is always full
BOUND_S: Final = 12.0  # what `usagetwin serve --help` states
NUMBERS: Final = {"stdout": 1, "stderr": 2}
STATES: Final = ("closed", "without a reader", "not read by its reader", "on a full disk")
LOG_FAILS: Final = "usagetwin: the log on standard error "


@dataclass(frozen=True, slots=True)
class Case:
    """Which stream is in which state, and how many workers have it."""

    stream: str
    state: str
    workers: int = 1

    @property
    def words(self) -> str:
        """Say it."""
        of = f" of {self.workers} workers" if self.workers > 1 else ""
        return f"{self.stream}{of} is {self.state}"


CASES: Final = (
    *(Case("stderr", state, 2) for state in STATES),
    *(Case(stream, state) for state in STATES for stream in NUMBERS),
)


def served_without_output(effort: "Effort") -> list[Row]:
    """Ask many times, each with a line of log, and stop: all is answered, with status 0 and no traceback."""
    return [_row(case, effort.logged) for case in CASES[-4 * effort.kinds :]]


def _row(case: Case, number: int) -> Row:
    with ExitStack() as stack:
        other = stack.enter_context(tempfile.TemporaryFile())
        port = _free_port()
        process = _serve(case, port, other, stack)
        stack.callback(_ended, process)
        answered, slowest_s = _asked(f"http://127.0.0.1:{port}", process, number)
        begun = time.monotonic()
        process.terminate()
        status = process.wait(WITHIN_S)
        stopped_s = time.monotonic() - begun
        other.seek(0)
        said = other.read().decode(errors="replace")
    problems = (
        f"{number - answered} requests had no answer" if answered < number else None,
        f"status {status}" if status else None,
        "a traceback" if "Traceback" in said else None,
        "says more than once that the log fails" if said.count(LOG_FAILS) > 1 else None,
    )
    return Row(
        tried=f"{number:,} requests and a stop while {case.words}",
        attempts=1,
        problems=("; ".join(problems_of(problems)),) if any(problems) else (),
        figures=(
            Line(claim="answered", value=answered),
            Line(claim="slowest answer", value=slowest_s, unit="s", at_most=BOUND_S),
            Line(claim="stop", value=stopped_s, unit="s", at_most=BOUND_S),
        ),
    )


def _serve(case: Case, port: int, other: "IO[bytes]", stack: ExitStack) -> "subprocess.Popen[bytes]":
    """Start a twin with one stream in that state, and the other one in a file."""
    number = NUMBERS[case.stream]
    redirection = {"on a full disk": f"{number}>{FULL}", "closed": f"{number}>&-"}.get(case.state, "")
    broken: int | IO[bytes] = other
    if not redirection:
        reader, broken = os.pipe()
        stack.callback(os.close, broken)
        if case.state == "without a reader":
            os.close(reader)
        else:
            stack.callback(os.close, reader)
    serve = (*USAGETWIN, "serve", "--port", str(port), "--now", NOW, "--workers", str(case.workers))
    return subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *serve],
        stdin=subprocess.DEVNULL,
        stdout=broken if case.stream == "stdout" else other,
        stderr=broken if case.stream == "stderr" else other,
        start_new_session=True,
    )


def _asked(url: str, process: "subprocess.Popen[bytes]", number: int) -> tuple[int, float]:
    """Ask that many times, and give the number of answers and the slowest one."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with closing(connection_to(url)) as connection, suppress(ConnectionRefusedError):
            return _on(connection, number)
        time.sleep(0.02)
    return 0, 0.0


def _on(connection: "HTTPConnection", number: int) -> tuple[int, float]:
    slowest_s = 0.0
    connection.connect()
    for count in range(number):
        begun = time.monotonic()
        try:
            answer = get(connection, f"projectKey=default&number-{count}={'x' * 80}")
        except (OSError, HTTPException):
            return count, slowest_s
        if answer.status != 200:
            return count, slowest_s
        slowest_s = max(slowest_s, time.monotonic() - begun)
    return number, slowest_s


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ended(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
