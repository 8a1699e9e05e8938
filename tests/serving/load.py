"""Clients that ask without pause, each on one connection that is kept alive, until the server ends it."""

import threading
from contextlib import closing
from http.client import HTTPException
from typing import Final

from tests.answer import Answer
from tests.wire import connection_to, get

MOST_REQUESTS: Final = 100_000


class Client(threading.Thread):
    """One client; `answers` counts what it got, `lost` is what went wrong, if anything did."""

    def __init__(self, url: str, query: str) -> None:
        """Take what to ask."""
        super().__init__(daemon=True)
        self.answers = 0
        self.lost: str | None = None
        self.ended_by_the_server = False
        self.warm: Final = threading.Event()
        self._url = url
        self._query = query

    def run(self) -> None:
        """Ask until an answer says that the connection ends."""
        with closing(connection_to(self._url)) as connection:
            while not self.ended_by_the_server and self.lost is None and self.answers < MOST_REQUESTS:
                try:
                    self._take(get(connection, f"{self._query}&x={self.answers}"))
                except (OSError, HTTPException, AssertionError) as error:
                    self.lost = repr(error)
        self.warm.set()

    def _take(self, answer: Answer) -> None:
        assert answer.status == 200, answer
        assert answer.values
        self.answers += 1
        self.ended_by_the_server = answer.header("connection") == "close"
        if self.answers == 5:
            self.warm.set()


class Newcomer(Client):
    """A client that makes a connection for each request, until it gets none."""

    def run(self) -> None:
        """Ask until nobody listens any more."""
        while not self.ended_by_the_server and self.lost is None and self.answers < MOST_REQUESTS:
            with closing(connection_to(self._url)) as connection:
                try:
                    connection.connect()
                except OSError:  # refused, or closed before anybody took it
                    self.ended_by_the_server = True
                    break
                try:
                    self._take(get(connection, f"{self._query}&x={self.answers}"))
                except (OSError, HTTPException, AssertionError) as error:
                    self.lost = repr(error)
                self.ended_by_the_server = False
        self.warm.set()


def started(url: str, query: str, number: int, kind: type[Client] = Client) -> list[Client]:
    """Start clients, and give them once each has had a few answers."""
    clients = [kind(url, f"{query}&client={index}") for index in range(number)]
    for client in clients:
        client.start()
    for client in clients:
        assert client.warm.wait(60)
    return clients


def ended(clients: list[Client]) -> None:
    """Wait until all have ended."""
    for client in clients:
        client.join(60)
        assert not client.is_alive()
