"""How long a large question keeps others waiting, in this process: the longest wait of a task beside it."""

import asyncio
import gc
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from benchmarks.claims import Line, MeasureError
from benchmarks.places import ENDPOINT, TOKEN, work_file
from usagetwin import Settings, create_app
from usagetwin.serving.server import ALLOCATIONS_BETWEEN_COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_MS: Final = 100.0
NOW: Final = "2026-03-17T15:20:00Z"
FAR: Final = "2286-11-01"
YEAR: Final = "from=1740000000&to=1771500000"
BEGIN: Final = "name: heavy\nabout: A world at a limit.\nprojects:\n"
PROJECTS: Final = (
    BEGIN + "  - {key: 'team-{n}', repeat: 10000, created: 2024-01-01, traffic: {level: 700, noise: 30}}\n"
)
EVENTS: Final = (
    BEGIN + "  - key: 'web-{n}'\n    repeat: 4\n    created: 2024-01-01\n    traffic:\n      level: 700\n"
    "      events:\n" + "        - {from: 2024-01-01, to: 2030-01-01, percent: 101, why: e}\n" * 4_999
)
SEPARATE: Final = {"projects": "separate"}
CASES: "Final[tuple[tuple[str, str, str, str, Mapping[str, str]], ...]]" = (
    ("10 000 projects, first question", PROJECTS, NOW, "", {}),
    ("10 000 projects, a year", PROJECTS, NOW, YEAR, {}),
    ("20 000 events of four projects, a year", EVENTS, NOW, YEAR, {}),
    ("all days until 2286", "business-week", FAR, "from=0", {}),
    (
        "all days until 2286, two columns",
        "business-week",
        FAR,
        "from=0&projectKey=default&projectKey=mobile",
        SEPARATE,
    ),
)


def longest_waits(times: int) -> list[Line]:
    """Ask a few fresh twins each large question, and give the shortest of the longest waits."""
    lines = []
    for name, world, now, query, policies in CASES:
        measured = [_longest(_app(world, now, policies), query) for _ in range(times)]
        waited_ms, taken_ms = min(measured)
        note = f"the question itself took {taken_ms:.0f} ms; the best of {times} twins"
        lines.append(
            Line(claim=f"others wait for: {name}", value=waited_ms, unit="ms", at_most=MOST_MS, note=note)
        )
    return lines


def _app(world: str, now: str, policies: "Mapping[str, str]") -> Any:  # noqa: ANN401 -- an ASGI application
    if "\n" in world:
        file = work_file("heavy.yaml")
        file.write_text(world, encoding="utf-8")
        world = str(file)
    app = create_app(Settings(world=world, now=now, policies=policies))
    gc.freeze()  # as a server does when it has started: else the collector, with all modules, is measured
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    return app


def _longest(app: Any, query: str) -> tuple[float, float]:  # noqa: ANN401 -- an ASGI application
    """Give the longest wait of a task that wants nothing but its turn, and the time of the answer, in ms."""

    async def measured() -> tuple[float, float]:
        longest_s, done = 0.0, False

        async def watch() -> None:
            nonlocal longest_s
            while not done:
                before = perf_counter()
                await asyncio.sleep(0)
                longest_s = max(longest_s, perf_counter() - before)

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        started = perf_counter()
        await _ask(app, query)
        taken_s = perf_counter() - started
        done = True
        await watching
        return longest_s * 1000, taken_s * 1000

    return asyncio.run(measured())


async def _ask(app: Any, query: str) -> None:  # noqa: ANN401 -- an ASGI application
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.append(message.get("status", 200))

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": ENDPOINT,
        "raw_path": ENDPOINT.encode(), "root_path": "", "query_string": query.encode(),
        "headers": [(b"authorization", TOKEN.encode())], "server": ("127.0.0.1", 80), "client": None,
    }  # fmt: skip
    await app(scope, receive, send)
    if set(statuses) != {200}:
        message = f"a large question was answered with {statuses}"
        raise MeasureError(message)
