"""Where requests are counted."""

import asyncio
import logging
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.redis_server import redis_server
from usagetwin import store
from usagetwin.errors import SettingError
from usagetwin.store import Attempts, InMemory, InRedis, check_store, counts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.redis_server import Redis

WINDOW = 100


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Redis]":
    """Serve a Redis for the tests of this file."""
    with redis_server(str(tmp_path_factory.mktemp("redis"))) as server:
        yield server


def in_redis(url: str) -> InRedis:
    """Give counts in a Redis of which nothing is known yet."""
    return InRedis(url, Attempts(url))


def added(counts: store.Counts, *asked: tuple[int, str]) -> "Sequence[int | None]":
    """Count requests, each of a window and a key, in a loop of their own."""

    async def add() -> list[int | None]:
        return [await counts.add(window, key, 10) for window, key in asked]

    return asyncio.run(add())


def test_each_key_has_its_own_count_in_memory() -> None:
    """And begins again with each window, whether the clock went on or back."""
    counts = counts_of("memory://")

    assert added(counts, (1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "a"), (1, "a")) == [1, 2, 1, 1, 2, 1]


def test_what_is_kept_in_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it all begin again: a clock that stands never ends a window."""
    monkeypatch.setattr(store, "MOST_KEYS", 2)

    assert added(InMemory(), (1, "a"), (1, "b"), (1, "a"), (1, "c")) == [1, 1, 1, 1]


def test_two_clients_of_a_redis_count_together(redis: "Redis") -> None:
    """Window by window, in whatever loop each runs; the keys end by themselves."""
    one, two = in_redis(redis.url), in_redis(redis.url)

    assert added(one, (WINDOW, "k"), (WINDOW, "k"), (WINDOW + 1, "k")) == [1, 2, 1]
    assert added(two, (WINDOW, "k"), (WINDOW, "other")) == [3, 1]
    assert added(one, (WINDOW, "k")) == [4]
    key = redis.said("KEYS *").split("\r\n")[2]
    assert key.startswith("LIMITS:usagetwin/")
    assert 0 < int(redis.said(f"TTL {key}")[1:]) <= 3_600


def test_a_redis_that_is_gone_counts_nothing_and_is_told_of_once(
    tmp_path: "Path", caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a minute, without the password; when it is back, it counts again."""
    now_s = [1_000.0]
    monkeypatch.setattr(store, "monotonic", lambda: now_s[0])
    caplog.set_level(logging.ERROR)
    with redis_server(str(tmp_path)) as server:
        counts = in_redis(server.url.replace("//", "//somebody:s3cret@"))  # whom this server does not know
        assert added(counts, (1, "k"), (1, "k")) == [None, None]
        assert len(caplog.messages) == 1
        assert "s3cret" not in caplog.text
        assert f"redis://127.0.0.1:{server.port}" in caplog.text

        counts = in_redis(server.url)
        assert added(counts, (1, "k")) == [1]
        server.stop()
        for _ in range(3):
            assert added(counts, (1, "k")) == [None]
            now_s[0] += store.AGAIN_AFTER_S
        assert len(caplog.messages) == 2
        now_s[0] += store.WARNED_EVERY_S
        assert added(counts, (1, "k")) == [None]
        assert len(caplog.messages) == 3

        server.start()
        assert added(counts, (1, "k")) == [None]  # it is left alone for a moment
        now_s[0] += store.AGAIN_AFTER_S
        assert added(counts, (1, "k"), (1, "k")) == [1, 2]


def test_a_redis_that_says_nothing_is_gone_as_well(caplog: pytest.LogCaptureFixture) -> None:
    """It is given up, for all who wait for it at once, and told of once."""
    caplog.set_level(logging.ERROR)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        counts = in_redis(f"redis://127.0.0.1:{silent.getsockname()[1]}")

        async def together() -> list[int | None]:
            return await asyncio.gather(*(counts.add(1, str(number), 10) for number in range(200)))

        assert asyncio.run(together()) == [None] * 200

    assert len(caplog.messages) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "disk:///tmp",
        "memory",
        "redis://",
        "redis://h:port",
        "redis://h:0",
        "redis://[::1",
        "http://h",
    ],
)
def test_a_store_that_does_not_exist_is_refused_with_those_that_do(url: str) -> None:
    """Before anything is asked of it."""
    with pytest.raises(SettingError) as caught:
        check_store(url)

    assert (caught.value.setting, caught.value.remedy) == ("store", store.TAKES)


def test_a_redis_without_its_client_library_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the extra that brings it; nobody who counts in memory needs it."""
    monkeypatch.setattr(store, "find_spec", lambda _name: None)
    check_store("memory://")

    with pytest.raises(SettingError, match=r"usagetwin\[redis\]"):
        check_store("redis://127.0.0.1")


def test_a_url_that_the_client_library_can_t_read_is_refused() -> None:
    """At the start, and not with the first request."""
    with pytest.raises(SettingError, match="the store can't be used"):
        counts_of("redis://127.0.0.1?socket_timeout=soon")


@pytest.mark.parametrize("url", ["memory://", "redis://localhost", "rediss://:p@h:6380/3"])
def test_a_store_that_exists_is_not_asked_at_the_start(url: str) -> None:
    """It may come later."""
    check_store(url)


def test_no_library_is_loaded_before_something_is_counted() -> None:
    """They are slow to import, and most twins have no quota."""
    code = "import sys, usagetwin.app; sys.exit({'limits', 'redis'} & set(sys.modules) != set())"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
