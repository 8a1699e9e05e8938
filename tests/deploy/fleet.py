"""Replicas behind nginx with one Redis, which a test stops and replaces while clients ask without pause."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FULL
from tests.redis_server import redis_server
from tests.served import Twin, served
from tests.wire import connection_to, get
from tools.balanced import NoNginxError, balanced, free_port

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.redis_server import Redis

MOST_REQUESTS: Final = 100_000  # of one client


class Fleet:
    """The replicas, by number, each on a port that it keeps when it is replaced."""

    def __init__(self, redis: "Redis", size: int) -> None:
        """Take what they share, and how many they are."""
        self.redis: Final = redis
        self.ports: Final = [free_port() for _ in range(size)]
        self.url = ""
        self._running: Final[dict[int, tuple[Twin, ExitStack]]] = {}

    def start(self, number: int, *options: str) -> Twin:
        """Start a replica, and wait until it is ready."""
        stack = ExitStack()
        port = ("--port", str(self.ports[number]))
        twin = stack.enter_context(served(*port, "--store", self.redis.url, *options))
        self._running[number] = (twin, stack)
        return twin

    def stop(self, number: int) -> tuple[int, list[str]]:
        """Stop a replica by SIGTERM, as a cluster does; give its exit status and its log."""
        twin, stack = self._running.pop(number)
        with stack:
            return twin.stop(), twin.log

    def kill(self, number: int) -> None:
        """End a replica as if its machine had died."""
        twin, stack = self._running.pop(number)
        with stack:
            twin.process.kill()
            twin.wait()

    def replica(self, number: int) -> str:
        """Give the URL of one replica, past nginx."""
        return f"http://127.0.0.1:{self.ports[number]}"

    def end(self) -> None:
        """End all that run."""
        for _, stack in self._running.values():
            stack.close()


@contextmanager
def fleet(folder: Path, size: int, *options: str) -> "Iterator[Fleet]":
    """Serve replicas behind nginx until the block is left; skip the test where a program is missing."""
    with redis_server(str(folder)) as redis:
        replicas = Fleet(redis, size)
        try:
            with balanced(replicas.ports, folder) as nginx:
                replicas.url = nginx.url
                with ThreadPoolExecutor(size) as pool:
                    list(pool.map(lambda number: replicas.start(number, *options), range(size)))
                yield replicas
        except NoNginxError as error:
            pytest.skip(str(error))
        finally:
            replicas.end()


@dataclass(slots=True)
class Tally:
    """What clients sent, and what became of it."""

    sent: int = 0
    answered: int = 0
    wrong: int = 0
    lost: int = 0

    @property
    def words(self) -> dict[str, int]:
        """Give all but the number, which differs from run to run: what must not happen."""
        return {"wrong": self.wrong, "lost": self.lost, "unaccounted": self.sent - self.answered - self.lost}


class Asker(threading.Thread):
    """A client that asks without pause until it is told to end; an answer must be one of the right bodies."""

    def __init__(self, url: str, query: str, right: "Collection[bytes]", token: str) -> None:
        """Take what to ask, and what may be answered."""
        super().__init__(daemon=True)
        self.tally: Final = Tally()
        self.seen: Final[set[bytes]] = set()
        self.problems: Final[list[str]] = []
        self.warm: Final = threading.Event()
        self._asked: Final = (url, query, {"Authorization": token})
        self._right: Final = right
        self._over: Final = threading.Event()

    def end(self) -> None:
        """Let it end after its present request."""
        self._over.set()
        self.join(60)
        assert not self.is_alive()

    def run(self) -> None:
        """Ask, on one connection for as long as it lasts."""
        url, query, headers = self._asked
        while not self._over.is_set() and self.tally.sent < MOST_REQUESTS:
            with closing(connection_to(url)) as connection:
                try:
                    while not self._over.is_set() and self.tally.sent < MOST_REQUESTS:
                        self.tally.sent += 1
                        answer = get(connection, query, headers)
                        self._take(answer.status, answer.body)
                except (OSError, HTTPException) as error:
                    self.tally.lost += 1
                    self.problems.append(repr(error))

    def _take(self, status: int, body: bytes) -> None:
        self.tally.answered += 1
        self.seen.add(body)
        if status != 200 or body not in self._right:
            self.tally.wrong += 1
            self.problems.append(f"{status} {body[:200]!r}")
        if self.tally.answered >= 5:
            self.warm.set()


@contextmanager
def asking(
    url: str, query: str, right: "Collection[bytes]", *, clients: int = 4, token: str = FULL
) -> "Iterator[list[Asker]]":
    """Let clients ask while the block runs."""
    askers = [Asker(url, query, right, token) for _ in range(clients)]
    for asker in askers:
        asker.start()
    try:
        for asker in askers:
            assert asker.warm.wait(60), asker.problems
        yield askers
    finally:
        for asker in askers:
            asker.end()


def summed(askers: list[Asker]) -> Tally:
    """Add up what clients have counted."""
    tallies = [asker.tally for asker in askers]
    return Tally(
        sum(one.sent for one in tallies),
        sum(one.answered for one in tallies),
        sum(one.wrong for one in tallies),
        sum(one.lost for one in tallies),
    )
