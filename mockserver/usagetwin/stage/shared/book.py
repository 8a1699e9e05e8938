"""The book that the processes of a twin keep of its plays, in a Redis: what was told, asked and counted.

Rule: nothing else knows of keys, and nothing here knows what a script or a request says. Each call asks the
store, and raises StoreGoneError where it does not answer. No token is a key.
"""

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import RemediedError
from usagetwin.stage.shared import steps
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redis import Redis

    from usagetwin.stage.plays import Limits
    from usagetwin.store import Attempts

DEFAULT: Final = "default"
WORLD: Final = "world:"  # before the digest of a world
LOCKED_S: Final = 10.0  # at most, where who has the lock has died
TURN_WITHIN_S: Final = 5.0
TURN_EVERY_S: Final = 0.01
SECRET_BYTES: Final = 32


class StoreBusyError(RemediedError):
    """A change whose turn did not come, or took too long."""

    problem = "others are changing plays, and this change could not be made in time"
    remedy = "the same again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be known of a play: its script, and what stands beside it (`fresh`) or no more (`gone`)."""

    play: str
    digest: str
    version: str
    is_told: bool
    script: str = field(repr=False)
    cleared: bool
    gone: "Sequence[str]" = ()
    fresh: "Mapping[str, str]" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a journal; `is_on` is false where its play has ended."""

    last: int  # of the newest request
    left: int  # of the newest that is kept no more
    forgotten: int  # of the newest that is counted no more
    is_on: bool


class Book:
    """The book of one twin's plays. Any thread may ask, and waits for the answer."""

    def __init__(self, client: "Redis", attempts: "Attempts", *, twin: str, limits: "Limits") -> None:
        """Take the store, what sets the book apart from those of other twins, and its bounds."""
        self._attempts: Final = attempts
        self._client: Final[Any] = client
        self._prefix: Final = f"usagetwin-plays:{twin}:"
        self._limits: Final = limits
        self._idle_s: Final = max(1, round(limits.idle_s))
        names = ("LOOK", "LEASE", "ROSTER", "ADD", "NOTE", "COUNT", "KEEP", "WRITE", "END")
        self._steps: Final = {name: client.register_script(getattr(steps, name)) for name in names}

    @property
    def is_gone(self) -> bool:
        """Tell whether the store failed a moment ago."""
        return self._attempts.are_pointless

    def look(self, digest: str) -> tuple[str, str] | None:
        """Give the play behind a token, which is used by that, and its version."""
        found = self._do("LOOK", digest, self._idle_s)
        return None if found is None else (found[0], found[1])

    def lease(self, lease_ms: int) -> tuple[str, bool]:
        """Give the default play's version, and whether it is told anything; if not, it stays so that long."""
        version, told = self._do("LEASE", lease_ms)
        return version, bool(told)

    def roster(self) -> tuple[str, int, dict[str, str]]:
        """Give the book's name, how many plays were made, and those that are on with their versions.

        A store that forgot has a book of another name, whose numbers begin again.
        """
        name, made, *pairs = self._do("ROSTER", token_hex(8))
        versions = dict(zip(pairs[::2], pairs[1::2], strict=True))
        return name, int(made), {play: versions[play] for play in sorted(versions, key=int)}

    def script(self, play: str) -> tuple[str, str] | None:
        """Give a play's version and script; None where it has none."""
        version, script = self._fields(play, "version", "script")
        return None if version is None or script is None else (version, script)

    def world(self, play: str, digest: str) -> str:
        """Give the text of a world that was sent; empty where the play has ended."""
        (text,) = self._fields(play, WORLD + digest)
        return text or ""

    def counted(self, play: str, fields: "Sequence[str]") -> list[int]:
        """Give what was counted of a play."""
        return [int(value or 0) for value in self._fields(play, *fields)] if fields else []

    def numbers(self, play: str) -> "Numbers":
        """Give the numbers of a play's journal, and whether the play is on."""
        version, *found = self._fields(play, "version", "last", "left", "forgotten")
        last, left, forgotten = (int(value or 0) for value in found)
        return Numbers(last, left, forgotten, is_on=play == DEFAULT or version is not None)

    def secret(self) -> bytes:
        """Give what the twin's processes have in common, and nobody else: the first of them made it."""

        def kept() -> str:
            key = f"{self._prefix}secret"
            self._client.setnx(key, token_hex(SECRET_BYTES))
            return str(self._client.get(key))

        return bytes.fromhex(self._attempts.make(kept))

    def count(self, play: str, field: str, most: int | None = None) -> int:
        """Count one more, and give how many there are; 0 where there may be no more."""
        return int(self._do("COUNT", play, field, most or 0))

    def add(self, play: str, text: str, rules: "Sequence[str]") -> int:
        """Keep a request and what it broke, and give its number; 0 where the play has ended."""
        limits = self._limits
        bounds = (limits.requests, limits.journal_bytes, limits.all_bytes)
        return int(self._do("ADD", play, self._idle_s, text, *bounds, *rules))

    def note(self, play: str, number: int, text: str) -> None:
        """Replace the text of a request, if it is kept."""
        self._do("NOTE", play, number, text)

    def requests(self, play: str, numbers: "Sequence[int]") -> list[str | None]:
        """Give the texts of requests; None for one that is kept no more."""
        key = self._key("requests", play)
        return self._attempts.make(lambda: self._client.hmget(key, numbers)) if numbers else []

    def left(self, play: str) -> list[str]:
        """Give the requests that broke something and are kept no more, each as its number and its text."""
        key = self._key("findings", play)
        return self._attempts.make(lambda: self._client.lrange(key, 0, -1))

    def broken(self, play: str) -> dict[str, int]:
        """Give how often each rule was broken."""
        found = self._attempts.make(lambda: self._client.hgetall(self._key("broken", play)))
        return {rule: int(count) for rule, count in found.items()}

    def keep(self, play: str) -> None:
        """Let a play be used at this moment."""
        self._do("KEEP", play, self._idle_s)

    @contextmanager
    def turn(self) -> "Iterator[str]":
        """Let nobody else change anything within the block. Raises StoreBusyError."""
        lock = self._client.lock(
            f"{self._prefix}lock",
            timeout=LOCKED_S,
            sleep=TURN_EVERY_S,
            blocking_timeout=TURN_WITHIN_S,
            thread_local=False,
        )
        if not self._attempts.make(lock.acquire):
            raise StoreBusyError
        token = lock.local.token
        try:
            yield token.decode() if isinstance(token, bytes) else token
        finally:
            with suppress(StoreGoneError):  # then it ends by itself
                self._attempts.make(lambda: _release(lock))

    def write(self, change: Change, turn: str) -> float:
        """Make a change known to all.

        Gives for how many seconds some may yet answer as before. Raises StoreBusyError.
        """
        fresh = [part for pair in change.fresh.items() for part in pair]
        kept_ms = self._do(
            "WRITE",
            change.play,
            turn,
            self._idle_s,
            change.digest,
            change.version,
            int(change.is_told),
            change.script,
            int(change.cleared),
            len(change.gone),
            *change.gone,
            *fresh,
        )
        return _unless_lost(kept_ms) / 1000

    def end(self, play: str, digest: str, turn: str) -> None:
        """End a play. Raises StoreBusyError."""
        _unless_lost(self._do("END", play, turn, digest))

    def _fields(self, play: str, *names: str) -> list[str | None]:
        return self._attempts.make(lambda: self._client.hmget(self._key("play", play), names))

    def _key(self, kind: str, play: str) -> str:
        return f"{self._prefix}{kind}:{play}"

    def _do(self, step: str, *arguments: str | int) -> Any:  # noqa: ANN401 -- what each step gives
        return self._attempts.make(lambda: self._steps[step](args=(self._prefix, *arguments)))


def _release(lock: Any) -> None:  # noqa: ANN401 -- of the client library
    from redis.exceptions import LockError

    try:
        lock.release()
    except LockError:  # it has ended by itself
        return


def _unless_lost(answer: object) -> int:
    number = int(str(answer))
    if number < 0:
        raise StoreBusyError
    return number
