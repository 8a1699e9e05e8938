"""Memory and time of a check whose target sends large answers: `python -m benchmarks.answer_sizes`.

Each row is a check in a process of its own against a stand-in server in this one. An answer is as large as
its row says, whatever is asked: one point and spaces, or points for one day after the other.
"""

import re
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import peak
from tests.checker.hostile import series
from tests.checker.raw_server import answer, answering

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from tests.checker.raw_server import Respond

MEGABYTE: Final = 10**6
HALF_A_MILLION: Final = 500_000
BUDGETS: Final = (40, 1000)
DAY_MS: Final = 86_400_000
FIRST_DAY: Final = 19_723  # 2024-01-01
FROM: Final = re.compile(rb"[?&]from=(\d{1,10})(?!\d)")
PADDING: Final = b" " * 65536


@dataclass(frozen=True)
class Row:
    """One check: what it was sent, and what it cost."""

    sent: str
    budget: int
    status: int
    requests: int
    peak_mib: float
    seconds: float


def padded(size: int) -> "Respond":
    """Give a `respond` that sends a series of one point, and spaces up to a size."""
    start, _, end = series('[{"time": 1767225600000, "0": 1}|]').partition(b"|")
    head = answer().replace(b"Content-Length: 0", b"Content-Length: %d" % size)

    def respond(link: "socket.socket", _head: bytes) -> None:
        link.sendall(head + start)
        for _ in range((size - len(start) - len(end)) // len(PADDING)):
            link.sendall(PADDING)
        link.sendall(PADDING[: (size - len(start) - len(end)) % len(PADDING)] + end)

    return respond


def pointed(number: int) -> "Respond":
    """Give a `respond` that sends so many points, a day apart, from the first day that is asked for."""
    known: dict[int, bytes] = {}

    def respond(link: "socket.socket", head: bytes) -> None:
        given = FROM.search(head)
        first = int(given[1]) // 86_400 if given else FIRST_DAY
        if first not in known:
            known.clear()
            points = (f'{{"time":{(first + day) * DAY_MS},"0":{day % 90}}}' for day in range(number))
            known[first] = answer(series(f"[{','.join(points)}]"))
        link.sendall(known[first])

    return respond


SENT: "Final[dict[str, Callable[[], Respond]]]" = {
    "1 MB": lambda: padded(MEGABYTE),
    "10 MB": lambda: padded(10 * MEGABYTE),
    "100 MB": lambda: padded(100 * MEGABYTE),
    "5 000 points": lambda: pointed(5000),
    "500 000 points": lambda: pointed(HALF_A_MILLION),
}


def rows(names: "tuple[str, ...]" = tuple(SENT), budgets: tuple[int, ...] = BUDGETS) -> "Iterator[Row]":
    """Run a check for each size and budget."""
    for name in names:
        for budget in budgets:
            with answering(SENT[name]()) as server:
                yield _row(name, budget, server.url)


def _row(name: str, budget: int, url: str) -> Row:
    command = [sys.executable, "-m", "usagetwin", "check", url, "--budget", str(budget)]
    started = time.monotonic()
    ended = peak.run(command)
    seconds = time.monotonic() - started
    said = re.findall(r"; (\d+) requests in", ended.printed)
    requests = int(said[-1]) if said else 0
    return Row(name, budget, ended.status, requests, ended.peak / peak.KIB**2, seconds)


def main() -> None:
    """Print a table; arguments are names of sizes."""
    print("| each answer | budget | status | requests | peak MiB | seconds |")
    print("|---|---|---|---|---|---|")
    for row in rows(tuple(sys.argv[1:]) or tuple(SENT)):
        cells = (row.sent, row.budget, row.status, row.requests, f"{row.peak_mib:.0f}", f"{row.seconds:.0f}")
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
