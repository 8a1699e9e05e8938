"""Load that is held for minutes: its waits and memory, and what clients see of workers that die meanwhile."""

import os
import re
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import wrk
from benchmarks.claims import Line
from benchmarks.places import program
from benchmarks.processes import resident_mb
from benchmarks.throughput import MONTHS_31_FROM_S, NOW, script_arguments
from tests.abuse.rows import Row
from tests.served import READY, WITHIN_S, starting
from tests.serving.processes import until_all_serve, workers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.abuse.rows import Effort

WORKERS: Final = 2
POINTS: Final = 31
REPEATED_PERCENT: Final = 50
SAMPLES: Final = 60  # of the memory, in one run
SETTLED: Final = 1 / 3  # of the time: by then the caches are as full as they get
MOST_GROWTH_MB: Final = 10.0 * WORKERS
UNITS: Final = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
SUMMARY: Final = re.compile(r"^ *(\d+) requests in ", re.MULTILINE)
WAITS: Final = re.compile(r"^ +(50|90|99)% +([\d.]+)(us|ms|s|m)$", re.MULTILINE)
SLOWEST: Final = re.compile(r"^ +Latency +\S+ +\S+ +([\d.]+)(us|ms|s|m) ", re.MULTILINE)
REFUSED: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")
BROKEN: Final = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What wrk saw: whole answers and how many of them were no 200, broken connections, and waits in ms."""

    answers: int
    refused: int
    unconnected: int
    broken: int
    late: int
    waits_ms: dict[str, float]

    @property
    def waits(self) -> list[Line]:
        """Give the waits as figures."""
        return [Line(claim=name, value=ms, unit="ms") for name, ms in self.waits_ms.items()]


@dataclass(slots=True)
class Watched:
    """A twin under load: its process, the lines of its log, and its memory in the course of time."""

    process: "subprocess.Popen[str]"
    ready: str
    lines: int = 0
    killed: int = 0
    course_mb: list[tuple[float, float]] = field(default_factory=list)  # seconds, MB

    @property
    def url(self) -> str:
        """Give its URL, once it has said that it is ready."""
        return self.ready.removeprefix(READY).strip()

    def grown_mb(self) -> float:
        """Give how much the memory has grown since the caches were full."""
        settled = self._settled()
        return settled[-1][1] - settled[0][1]

    def slope_mb(self) -> float:
        """Give the memory that a minute adds since then, by the line that is nearest to all samples."""
        settled = self._settled()
        mean_s = sum(at_s for at_s, _ in settled) / len(settled)
        mean_mb = sum(mb for _, mb in settled) / len(settled)
        spread = sum((at_s - mean_s) ** 2 for at_s, _ in settled)
        return 60 * sum((at_s - mean_s) * (mb - mean_mb) for at_s, mb in settled) / spread

    def _settled(self) -> list[tuple[float, float]]:
        last_s = self.course_mb[-1][0]
        return [(at_s, mb) for at_s, mb in self.course_mb if at_s >= last_s * SETTLED]


def held(effort: "Effort") -> list[Row]:
    """Ask two workers at full rate, and again while workers are killed. Raises AbsentError."""
    asker = program("wrk", "install it from your distribution: apt-get install wrk")
    tries: list[Callable[[], Row]] = [
        partial(_undisturbed, asker, effort.load_s),
        partial(_killed, asker, effort.load_s, effort.kill_every_s),
    ]
    return [attempt() for attempt in tries[-effort.kinds :]]


def _undisturbed(asker: str, load_s: float) -> Row:
    with _twin() as twin, _meanwhile(twin, load_s / SAMPLES, _look):
        seen = _load(asker, twin.url, load_s)
    problems = [f"{seen.refused} answers were no 200"] if seen.refused else []
    broken = seen.broken + seen.unconnected + seen.late
    problems += [f"{broken} connections broke"] if broken else []
    return Row(
        tried=f"{WORKERS} workers at full rate for {load_s:,.0f} s, half of it one query, with the log",
        attempts=seen.answers,
        problems=tuple(problems),
        figures=(
            Line(claim="answers in a second", value=round(seen.answers / load_s)),
            *seen.waits,
            Line(claim="lines of log", value=twin.lines),
            Line(claim="memory in the end", value=twin.course_mb[-1][1], unit="MB"),
            Line(claim="growth since a third", value=twin.grown_mb(), unit="MB", at_most=MOST_GROWTH_MB),
            Line(claim="slope since then", value=twin.slope_mb(), unit="MB a minute"),
        ),
    )


def _killed(asker: str, load_s: float, every_s: float) -> Row:
    with _twin() as twin, _meanwhile(twin, every_s, _kill):
        seen = _load(asker, twin.url, load_s)
    problems = [f"{seen.refused} answers were no 200"] if seen.refused else []
    problems += [] if twin.killed else ["no worker was killed"]
    return Row(
        tried=f"the same for {load_s:,.0f} s, while a worker is killed every {every_s:g} s",
        attempts=seen.answers,
        problems=tuple(problems),
        figures=(
            Line(claim="workers killed", value=twin.killed),
            Line(claim="answers in a second", value=round(seen.answers / load_s)),
            Line(claim="connections broken", value=seen.broken, at_most=twin.killed * wrk.CONNECTIONS),
            Line(claim="connections refused", value=seen.unconnected, at_most=0),
            Line(claim="answers later than 2 s", value=seen.late),
            *seen.waits,
        ),
    )


def _load(asker: str, url: str, seconds: float) -> Seen:
    """Let wrk ask."""
    command = [
        asker,
        *(
            "--threads",
            "1",
            "--connections",
            str(wrk.CONNECTIONS),
            "--duration",
            f"{max(1, round(seconds))}s",
        ),
        *("--latency", "-s", str(wrk.SCRIPT), url, "--"),
        *map(str, script_arguments(0, POINTS, MONTHS_31_FROM_S, REPEATED_PERCENT)),
    ]
    return read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read(report: str) -> Seen:
    """Read what wrk reports with --latency."""
    requests, slowest = SUMMARY.search(report), SLOWEST.search(report)
    assert requests is not None, report
    assert slowest is not None, report
    waits = {f"{share} % within": float(value) * UNITS[unit] for share, value, unit in WAITS.findall(report)}
    waits["slowest"] = float(slowest[1]) * UNITS[slowest[2]]
    refused, broken = REFUSED.search(report), BROKEN.search(report)
    connect, lost, write, late = map(int, broken.groups()) if broken else (0, 0, 0, 0)
    return Seen(int(requests[1]), int(refused[1]) if refused else 0, connect, lost + write, late, waits)


def _look(twin: Watched, at_s: float) -> None:
    twin.course_mb.append((at_s, resident_mb(twin.process.pid)))


def _kill(twin: Watched, _at_s: float) -> None:
    """Kill a worker, if there is another one that serves."""
    workers = workers_of(twin)
    if len(workers) == WORKERS:
        os.kill(min(workers), signal.SIGKILL)
        twin.killed += 1


@contextmanager
def _twin() -> "Iterator[Watched]":
    """Serve with the log on, whose lines another process counts."""
    with subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as counter:  # noqa: S607 -- any wc
        assert counter.stdin is not None
        assert counter.stdout is not None
        with starting("--port", "0", "--now", NOW, "--workers", str(WORKERS), log=counter.stdin) as process:
            counter.stdin.close()
            assert process.stdout is not None
            twin = Watched(process, process.stdout.readline())
            until_all_serve(twin, WORKERS)
            yield twin
        twin.lines = int(counter.stdout.read())


@contextmanager
def _meanwhile(twin: Watched, every_s: float, act: "Callable[[Watched, float], None]") -> "Iterator[None]":
    over = threading.Event()
    begun_s = time.monotonic()

    def repeat() -> None:
        while not over.wait(every_s):
            act(twin, time.monotonic() - begun_s)

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(WITHIN_S)
