"""Many clients at once: each keeps its connection, and asks again as soon as it is answered."""

import asyncio
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of
from tests.acme import NOW, PATH
from tests.served import served
from tests.wire import request

if TYPE_CHECKING:
    from tests.abuse.rows import Effort

WORKERS: Final = (1, 2)
REQUESTS: Final = 43  # of each client
PATIENCE_S: Final = 30.0  # for one answer
START_S: Final = 1_700_000_000


def crowds(effort: "Effort") -> list[Row]:
    """Let many clients ask one twin, and count the requests that got no whole answer."""
    rows = []
    for workers in WORKERS[-effort.kinds :]:
        with served("--now", NOW, "--quiet", "--workers", str(workers)) as twin:
            came = asyncio.run(_all_at_once(twin.url, effort.clients))
        log = (f"the log has {twin.log[0]}",) if twin.log else ()
        slowest = Line(
            claim="slowest answer",
            value=max((wait_s for waits, _ in came for wait_s in waits), default=0.0),
            unit="s",
            at_most=PATIENCE_S,
        )
        rows.append(
            Row(
                tried=f"{effort.clients:,} clients, each with {REQUESTS} requests on one connection: "
                f"{workers} worker{'s' if workers > 1 else ''}",
                attempts=effort.clients * REQUESTS,
                problems=(*problems_of(problem for _, problem in came), *log),
                figures=(slowest,),
            )
        )
    return rows


async def _all_at_once(url: str, clients: int) -> list[tuple[list[float], str | None]]:
    return await asyncio.gather(*(_ask(url, number) for number in range(clients)))


async def _ask(url: str, number: int) -> tuple[list[float], str | None]:
    """Ask again and again, each time something else; give how long each answer took, and what went wrong."""
    parts = urlsplit(url)
    waits: list[float] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for turn in range(REQUESTS):
            began_s = time.monotonic()
            from_s = START_S + number * REQUESTS + turn
            writer.write(request(PATH.encode() + f"?from={from_s}".encode()))
            async with asyncio.timeout(PATIENCE_S):
                await _answered(reader)
            waits.append(time.monotonic() - began_s)
        writer.close()
    except (OSError, EOFError, ValueError) as error:  # a time-out is an OSError
        return waits, f"client {number} after {len(waits)} answers: {type(error).__name__}"
    return waits, None


async def _answered(reader: asyncio.StreamReader) -> None:
    """Read one whole answer, which must be a 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        problem = f"not a 200: {head[:40]!r}"
        raise ValueError(problem)
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
