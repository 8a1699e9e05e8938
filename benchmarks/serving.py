"""Start a server as a process of its own, see when it first answers, and end it however the block is left."""

import http.client
import os
import resource
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.claims import MeasureError
from benchmarks.places import ENDPOINT, ROOT, TOKEN, work_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUIET: Final = "--quiet"  # a twin without its access log
START_S: Final = 60.0
STOP_S: Final = 15.0
POLL_S: Final = 0.002
OK_STATUS: Final = 200


class SilentError(MeasureError):
    """A server that ended, or did not answer, instead of serving."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers: where, which process, and how long after its start the first 200 came."""

    url: str
    process_id: int
    ready_after_s: float

    @property
    def resident_mb(self) -> float:
        """Give the resident memory of the process. Linux only."""
        pages = Path(f"/proc/{self.process_id}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * resource.getpagesize() / 1e6

    @property
    def processor_s(self) -> float:
        """Give the processor time that the process has used, in all its threads. Linux only."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def twin(*options: str) -> list[str]:
    """Give the command that serves a twin with one worker; `{port}` stands for its port."""
    return [sys.executable, "-m", "usagetwin", "serve", "--port", "{port}", *options]


def bare(body: bytes, *options: str) -> list[str]:
    """Give the command that serves one constant body without any framework."""
    path = work_file(f"bare-{len(body)}.json")
    path.write_bytes(body)
    return [sys.executable, "-m", "benchmarks.bare", "{port}", str(path), *options]


@contextmanager
def serving(command: "Sequence[str]", log: str, *, token: str | None = TOKEN) -> "Iterator[Served]":
    """Run a command whose `{port}` is a free port, and wait for its first 200. Raises SilentError.

    With `token=None` it is asked nothing: taking a connection is enough.
    """
    port = _free_port()
    path = work_file(f"logs/{log}.log")
    with path.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            ready_after_s = _first_answer(process, port, started, path, token)
            yield Served(f"http://127.0.0.1:{port}", process.pid, ready_after_s)
        finally:
            _end(process)


def get(url: str, query: str = "", *, token: str = TOKEN) -> tuple[int, bytes]:
    """Ask a server for the endpoint; give the status and the body."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.request(
            "GET", f"{ENDPOINT}?{query}" if query else ENDPOINT, headers={"Authorization": token}
        )
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def _first_answer(
    process: "subprocess.Popen[bytes]", port: int, started: float, log: Path, token: str | None
) -> float:
    while time.perf_counter() - started < START_S:
        if _answers(port, token):
            return time.perf_counter() - started
        if process.poll() is not None:
            break
        time.sleep(POLL_S)
    message = f"{' '.join(process.args)} did not serve; its output is in {log}"  # type: ignore[arg-type]  # a list, as given above
    raise SilentError(message)


def _answers(port: int, token: str | None) -> bool:
    try:
        if token is None:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        return get(f"http://127.0.0.1:{port}", token=token)[0] == OK_STATUS
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
