"""The load generator: how wrk is run, and what its report says."""

import re
import resource
import subprocess
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from benchmarks.claims import MeasureError
from benchmarks.places import ENDPOINT, HERE, TOKEN, program

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTIONS: Final = 16
SCRIPT: Final = HERE / "queries.lua"
REQUESTS: Final = re.compile(r"^ *(\d+) requests in ", re.MULTILINE)
RATE: Final = re.compile(r"^Requests/sec: +([0-9.]+)", re.MULTILINE)
TROUBLE: Final = re.compile(r"^ *(Non-2xx or 3xx responses: .*|Socket errors: .*)", re.MULTILINE)


class Loaded(Protocol):
    """What can be asked: where, and the processor time that its processes have used."""

    @property
    def url(self) -> str:
        """Give the base URL."""

    @property
    def processor_s(self) -> float:
        """Give the seconds of processor time."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk saw, and the shares of one processor that wrk and the server had meanwhile."""

    requests: int
    per_second: float
    wrk_share: float = 0.0
    server_share: float = 1.0

    @property
    def per_processor_second(self) -> float:
        """Give the requests for each second of the server's processor time, however much it had of it."""
        return self.per_second / self.server_share


class LoadError(MeasureError):
    """A run of wrk that says nothing about speed, because requests failed."""


def repeated(server: Loaded, query: str, seconds: int, token: str = TOKEN) -> Load:
    """Ask one query over and over. Raises AbsentError and LoadError."""
    return _run(server, seconds, ["-H", f"Authorization: {token}", f"{server.url}{ENDPOINT}?{query}"])


def unrepeated(server: Loaded, arguments: "Sequence[int]", seconds: int) -> Load:
    """Ask queries that never repeat; `arguments` are those of `queries.lua`. Raises as `repeated` does."""
    return _run(server, seconds, ["-s", str(SCRIPT), server.url, "--", *map(str, arguments)])


def read(report: str) -> Load:
    """Read wrk's report. Raises LoadError when a request failed or none was answered."""
    requests, rate, trouble = REQUESTS.search(report), RATE.search(report), TROUBLE.search(report)
    if trouble:
        message = f"requests failed: {trouble[1]}"
        raise LoadError(message)
    if not (requests and rate and int(requests[1])):
        message = f"wrk had no answer: {report.strip() or 'it printed nothing'}"
        raise LoadError(message)
    return Load(int(requests[1]), float(rate[1]))


def _run(server: Loaded, seconds: int, arguments: "Sequence[str]") -> Load:
    wrk = program("wrk", "install it from your distribution: apt-get install wrk")
    before_s, server_before_s, started = _children_s(), server.processor_s, time.perf_counter()
    ended = subprocess.run(
        [wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    taken_s = time.perf_counter() - started
    wrk_share = (_children_s() - before_s) / taken_s
    server_share = (server.processor_s - server_before_s) / taken_s
    if ended.returncode:
        message = f"wrk ended with status {ended.returncode}: {ended.stderr.strip()}"
        raise LoadError(message)
    return replace(read(ended.stdout), wrk_share=wrk_share, server_share=server_share)


def _children_s() -> float:
    """Give the processor time of the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
