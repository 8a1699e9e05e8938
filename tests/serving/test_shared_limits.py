"""Rate limits of several processes that share a Redis, and what becomes of them when it is gone."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

import pytest

from tests.acme import NOW
from tests.redis_server import redis_server
from tests.served import served
from tests.serving.processes import until
from tests.wire import connection_to, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.redis_server import Redis

SOMEBODY: Final = "somebody"
AHEAD: Final = "2026-03-03T12:00:10Z"  # the next window of ten seconds


@pytest.fixture
def redis(tmp_path: "Path") -> "Iterator[Redis]":
    """Serve a Redis of this test's own."""
    with redis_server(str(tmp_path)) as server:
        yield server


def statuses(urls: list[str], requests: int, token: str = SOMEBODY) -> Counter[int]:
    """Ask several twins, each request on a connection of its own, eight at once; count the statuses."""

    def asked(number: int) -> int:
        connection = connection_to(urls[number % len(urls)])
        try:
            return get(connection, headers={"Authorization": token}).status
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(asked, range(requests)))


def put(url: str, document: object) -> None:
    """Tell a twin something."""
    body = json.dumps(document).encode()
    asked = Request(url, body, {"Content-Type": "application/json"}, method="PUT")  # noqa: S310 -- a twin of ours
    with urlopen(asked, timeout=60) as answer:  # noqa: S310 -- a twin of ours
        assert answer.status == 200


def shared(acme_file: str, redis: "Redis", rate: str, *options: str) -> "tuple[str, ...]":
    """Give the options of a twin that counts in a Redis, at the small account's noon."""
    limited = ("--rate-limit", rate, "--store", redis.url, "--quiet")
    return ("--world", acme_file, "--now", NOW, *limited, *options)


@pytest.mark.proof
def test_two_replicas_of_two_workers_allow_as_many_as_one(acme_file: str, redis: "Redis") -> None:
    """Exactly 30 of each token, in a window that does not end, since the clock stands."""
    options = shared(acme_file, redis, "30/10s", "--workers", "2")
    with ExitStack() as stack:
        urls = [stack.enter_context(served(*options)).url for _ in range(2)]

        assert statuses(urls, 100) == {200: 30, 429: 70}
        assert statuses(urls, 20, "another") == {200: 20}


def test_two_replicas_allow_as_many_as_one(acme_file: str, redis: "Redis") -> None:
    """Exactly 30 of each token, until the clock of a replica is moved on. No token is a key."""
    options = shared(acme_file, redis, "30/10s")
    with ExitStack() as stack:
        urls = [stack.enter_context(served(*options)).url for _ in range(2)]

        assert statuses(urls, 50) == {200: 30, 429: 20}
        assert statuses(urls, 20, "another") == {200: 20}
        assert redis.said("KEYS LIMITS:*").startswith("*2\r\n")
        assert SOMEBODY not in redis.said("KEYS *")

        put(f"{urls[0]}/__twin__/plays/default/clock", {"now": AHEAD})
        assert statuses(urls[:1], 31) == {200: 30, 429: 1}
        assert statuses(urls[1:], 1) == {429: 1}


def test_without_its_redis_a_twin_counts_nothing_and_goes_on(acme_file: str, redis: "Redis") -> None:
    """Never a 500; the log says so once; and when it is back, requests are counted again."""
    with served(*shared(acme_file, redis, "2/10s")) as twin:
        assert statuses([twin.url], 3) == {200: 2, 429: 1}

        redis.stop()
        assert statuses([twin.url], 30) == {200: 30}
        until(lambda: any(redis.url in line for line in twin.log))
        told = [line for line in twin.log if redis.url in line]

        redis.start()
        until(lambda: statuses([twin.url], 1) == {429: 1})

    assert len(told) == 1
    assert "does not answer" in told[0]


@pytest.mark.proof
def test_many_requests_of_many_tokens_on_four_processes(acme_file: str, redis: "Redis") -> None:
    """2,000 of each of ten tokens, of which 500 each are allowed: no more, and no fewer."""
    options = shared(acme_file, redis, "500/60s", "--workers", "2")
    with ExitStack() as stack:
        urls = [stack.enter_context(served(*options)).url for _ in range(2)]

        for number in range(10):
            assert statuses(urls, 2_000, f"token-{number}") == {200: 500, 429: 1_500}
