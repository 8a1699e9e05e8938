"""Large accounts and many questions: how long one takes, what others wait meanwhile, and the memory."""

import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.claims import Line
from benchmarks.serving import Served
from tests.abuse.rows import Row
from tests.account.world.heavy import many_events, many_projects
from tests.acme import NOW
from tests.served import served
from tests.wire import connection_to, get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.abuse.rows import Effort
    from tests.answer import Answer
    from tests.served import Twin

WAIT_S: Final = 30.0  # the time-out of the clients, which is many clients' own
EVENTS_OF_A_PROJECT: Final = 5_000
MOST_GROWTH_MB: Final = 10.0
MONTH_S: Final = 2_678_400
YEARS_FROM_S: Final = 1_640_995_200
HEAVY: Final = {
    "the first question": "",
    "two years, day by day": "from=1709251200&to=1772539200&granularity=daily",
    "all months": "from=0&granularity=monthly",
    "all days": "from=0",
}


def large_accounts(effort: "Effort") -> list[Row]:
    """Ask an account of many projects, and one of many events, while another client asks for little."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repeat = max(1, effort.events // EVENTS_OF_A_PROJECT)
        worlds = {
            f"{effort.projects:,} projects": many_projects(folder, effort.projects),
            f"{effort.events:,} events": many_events(folder, effort.events // repeat - 1, repeat),
        }
        return [
            _asked(twin, f"{account}: {question}", query)
            for account, file in worlds.items()
            for twin in _served(file)
            for question, query in HEAVY.items()
        ]


def _served(file: Path) -> "Iterator[Twin]":
    with served("--now", NOW, "--quiet", "--world", str(file)) as twin:
        yield twin


def _asked(twin: "Twin", tried: str, query: str) -> Row:
    """Ask it once, with somebody else asking beside it."""
    other = Other(twin.url)
    other.start()
    other.warm.wait(WAIT_S)
    with closing(connection_to(twin.url)) as connection:
        begun = time.monotonic()
        answer = get(connection, query)
        passed_s = time.monotonic() - begun
    other.over.set()
    other.join(WAIT_S)
    problems = [_problem(answer)]
    return Row(
        tried=tried,
        attempts=1,
        problems=tuple(problem for problem in [*problems, other.problem] if problem)[:1],
        figures=(
            Line(claim=f"status {answer.status} after", value=passed_s, unit="s", at_most=WAIT_S),
            Line(claim="bytes", value=len(answer.body)),
            Line(claim="others got answers", value=other.answers),
            Line(claim="and waited at most", value=other.slowest_s, unit="s", at_most=WAIT_S),
        ),
    )


def _problem(answer: "Answer") -> str | None:
    """Allow an answer, or the refusal that names the bound on one request."""
    if answer.status == 200 or (answer.status == 400 and b"counts" in answer.body):
        return None
    return f"{answer.status} {answer.body[:200]!r}"


class Other(threading.Thread):
    """Somebody who asks for little, again and again; `slowest_s` is the longest wait for an answer."""

    def __init__(self, url: str) -> None:
        """Take where to ask."""
        super().__init__(daemon=True)
        self.answers = 0
        self.slowest_s = 0.0
        self.problem: str | None = None
        self.warm: Final = threading.Event()
        self.over: Final = threading.Event()
        self._url = url

    def run(self) -> None:
        """Ask for what is refused at once, so that nothing but the turn is waited for."""
        with closing(connection_to(self._url)) as connection:
            connection.connect()
            self.warm.set()
            while not self.over.is_set():
                begun = time.monotonic()
                try:
                    answer = get(connection, f"granularity=x&number={self.answers}")
                except OSError as error:
                    self.problem = f"another client: {error!r}"
                    return
                self.slowest_s = max(self.slowest_s, time.monotonic() - begun)
                self.answers += 1
                if answer.status != 400:
                    self.problem = f"another client got {answer.status}"


def unique_queries(effort: "Effort") -> list[Row]:
    """Ask many queries of which no two are alike, and look at the memory when a third of them has passed."""
    settled = effort.unique // 3
    problems: list[str] = []
    with served("--now", NOW, "--quiet") as twin, closing(connection_to(twin.url)) as connection:
        process = Served(twin.url, twin.process.pid, 0.0)
        settled_mb = process.resident_mb
        begun = time.monotonic()
        for number in range(effort.unique):
            if number == settled:
                settled_mb = process.resident_mb
            start_s = YEARS_FROM_S + number * 601
            answer = get(
                connection, f"from={start_s}&to={start_s + MONTH_S + number % 977}&projectKey=default"
            )
            if answer.status != 200:
                problems.append(f"{answer.status} to number {number}")
        passed_s = time.monotonic() - begun
        last_mb = process.resident_mb
    return [
        Row(
            tried="queries of which no two are alike",
            attempts=effort.unique,
            problems=tuple(problems),
            figures=(
                Line(claim="time", value=passed_s, unit="s"),
                Line(claim="memory in the end", value=last_mb, unit="MB"),
                Line(
                    claim=f"growth since number {settled:,}",
                    value=last_mb - settled_mb,
                    unit="MB",
                    at_most=MOST_GROWTH_MB,
                ),
            ),
        )
    ]
