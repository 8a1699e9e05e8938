"""Where requests are counted, by the library `limits`: in this process, or in a Redis that replicas share.

Rule: a Redis that is gone costs no client an answer. Requests are not counted then, and the log says so once
a minute. A Redis is asked in a thread, so that nobody waits for it who asks for no quota. No token is ever a
key here: who counts gives digests. `Attempts` says, for whatever is kept in a Redis, whether it is asked.
"""

import asyncio
import logging
from functools import cache
from importlib.util import find_spec
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from usagetwin.errors import RemediedError, SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from limits.storage import RedisStorage
    from redis import Redis

MEMORY: Final = "memory://"
TAKES: Final = "memory://, redis://HOST:PORT or rediss://HOST:PORT"
EXTRA: Final = 'pip install "usagetwin[redis]"'
PREFIX: Final = "usagetwin"  # after the library's own, which its older releases have no choice of
MOST_KEYS: Final = 10_000  # in one window of one process; of more, all begin again
KEPT_S: Final = 3_600  # how long a count is kept at least: where a clock stands, its window does not end
ANSWERS_WITHIN_S: Final = 0.5
PLAYS_WITHIN_S: Final = 2.0  # longer: without an answer, a play may be answered as it was before
AGAIN_AFTER_S: Final = 1.0
WARNED_EVERY_S: Final = 60.0

Result = TypeVar("Result")

log = logging.getLogger("usagetwin.error")


class StoreGoneError(RemediedError):
    """A store that does not answer, or failed a moment ago."""

    problem = "the store of plays and counts does not answer"
    remedy = "the same again when the Redis of --store is back"


class Attempts:
    """Whether a store is asked: one that failed is left alone for a moment, and told of once a minute."""

    def __init__(self, url: str) -> None:
        """Take the store's URL, whose password no message shows."""
        parts = urlsplit(url)
        self._name: Final = f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}"
        self._lock: Final = Lock()
        self._again_s = 0.0
        self._warned_s = -WARNED_EVERY_S

    @property
    def are_pointless(self) -> bool:
        """Tell whether it failed a moment ago."""
        return monotonic() < self._again_s

    def make(self, act: "Callable[[], Result]") -> Result:
        """Ask the store, which takes as long as it may. Raises StoreGoneError."""
        if self.are_pointless:
            raise StoreGoneError
        try:
            return act()
        except Exception as error:
            self._fail(error)
            raise StoreGoneError from error

    def _fail(self, error: Exception) -> None:
        """Leave the store alone for a moment, and say so where that was not said lately."""
        with self._lock:
            now_s = monotonic()
            self._again_s = now_s + AGAIN_AFTER_S
            is_told = now_s - self._warned_s < WARNED_EVERY_S
            self._warned_s = self._warned_s if is_told else now_s
        if not is_told:
            log.error(
                "the store %s does not answer (%s), so requests are answered without counting them, "
                "and plays as they were last known",
                self._name,
                type(error).__name__,
            )


@cache
def attempts_of(url: str) -> Attempts:
    """Give what all of a process know of one store."""
    return Attempts(url)


class Counts(Protocol):
    """The counts of one rate."""

    async def add(self, window: int, key: str, seconds: int) -> int | None:
        """Count one request of `key` in a window of so many seconds, and give how many there were by now.

        None where that can't be known.
        """
        ...


def check_store(url: str) -> None:
    """Check a store as far as that is possible without asking it. Raises SettingError."""
    if url == MEMORY:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        problem = "the store can't be used: it is no URL of one"  # nor quoted: it may have a password
        raise SettingError(problem, TAKES, "store")
    if find_spec("redis") is None:
        problem = "the store needs the client library for Redis, which is not installed"
        raise SettingError(problem, EXTRA, "store")


def counts_of(url: str) -> Counts:
    """Give the counts of one more rate, in a store. Raises SettingError."""
    check_store(url)
    try:
        return InMemory() if url == MEMORY else _redis(url)
    except (ValueError, TypeError) as error:
        problem = f"the store can't be used: {error}"
        raise SettingError(problem, TAKES, "store") from None


class InMemory:
    """Counts of one process, of the latest window alone."""

    def __init__(self) -> None:
        """Start without any."""
        from limits.storage import MemoryStorage  # slow to import

        self._make: Final = MemoryStorage
        self._storage = self._make()
        self._window = -1

    async def add(self, window: int, key: str, seconds: int) -> int:
        """Count one request; the library's own time only has to be long enough."""
        if window != self._window or len(self._storage.storage) >= MOST_KEYS:
            self._storage, self._window = self._make(), window
        return self._storage.incr(key, _kept_s(seconds) * 1_000)


@cache
def _redis(url: str) -> "InRedis":
    """Give the one client of a store: all plays of a process share its connections."""
    return InRedis(url, attempts_of(url))


class InRedis:
    """Counts in a Redis; each window has keys of its own, which end by themselves."""

    def __init__(self, url: str, attempts: Attempts) -> None:
        """Take the URL, and what is known of the store there."""
        self._storage: Final = _storage_of(url)
        self._attempts: Final = attempts

    async def add(self, window: int, key: str, seconds: int) -> int | None:
        """Count one request, in one step for all who share the store."""
        if self._attempts.are_pointless:
            return None
        return await asyncio.to_thread(self._add, f"{PREFIX}/{key}/{window}", _kept_s(seconds))

    def _add(self, key: str, kept_s: int) -> int | None:
        """Count in a thread; who waited for one while the store failed does not try it as well."""
        try:
            return self._attempts.make(lambda: self._storage.incr(key, kept_s))
        except StoreGoneError:
            return None


def client_of(url: str) -> "Redis":
    """Give a client of a Redis. Raises SettingError for a URL that it can't read."""
    from redis import Redis

    check_store(url)
    try:
        return Redis.from_url(url, decode_responses=True, **_options(PLAYS_WITHIN_S))
    except (ValueError, TypeError) as error:
        problem = f"the store can't be used: {error}"
        raise SettingError(problem, TAKES, "store") from None


def _storage_of(url: str) -> "RedisStorage":
    from limits.storage import RedisStorage

    return RedisStorage(url, **_options(ANSWERS_WITHIN_S))


def _options(within_s: float) -> dict[str, Any]:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "socket_timeout": within_s,
        "socket_connect_timeout": within_s,
        "retry": Retry(NoBackoff(), 0),  # what may have been done there is not done again
    }


def _kept_s(seconds: int) -> int:
    return max(KEPT_S, 2 * seconds)
