"""How many requests a host got today, over all runs: a file for each host, behind a lock.

Rule: a request is counted before it is sent, and given back only where it is certain that nothing of it was.
Where the count can't be read, written or believed, nothing is sent. A day is one of UTC, by this machine's
clock.
"""

import json
import os
import re
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError, UsageTwinError, readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from filelock import BaseFileLock

FOLDER: Final = "requests"
LARGEST: Final = 1024  # bytes of a file
NOT_IN_A_FILE_NAME: Final = re.compile(r"[^a-z0-9.-]")
ELSEWHERE: Final = "XDG_STATE_HOME set to a folder that you can write to"


class NothingLeftError(UsageTwinError):
    """A host got all requests of the day."""

    def __init__(self, host: str, per_day: int) -> None:
        """Take the host, and how many a day it gets."""
        self.host = host
        self.per_day = per_day
        super().__init__(host, per_day)

    def __str__(self) -> str:
        """Say so, and when there are more."""
        return (
            f"{self.host} got its {self.per_day} requests of today (UTC), and gets no more\n"
            "  try   tomorrow, or --per-day N with more than these"
        )


def default_folder() -> Path:
    """Give the folder of the counts in the user's state directory."""
    from platformdirs import user_state_path

    return user_state_path("usagetwin", appauthor=False) / FOLDER


class Day:
    """The count of one host, as a run reads it at its beginning and keeps it until its end.

    `trouble` says what keeps it from being written, once it does.
    """

    def __init__(
        self,
        host: str,
        per_day: int,
        *,
        folder: Path | None = None,
        clock: "Callable[[], float]" = time.time,
    ) -> None:
        """Take the host, and how many requests it gets in a day; nothing is read yet."""
        self.host: Final = host
        self.per_day: Final = per_day
        self._clock = clock
        self._file: Final = (folder or default_folder()) / f"{NOT_IN_A_FILE_NAME.sub('_', host)}.json"
        self._lock: BaseFileLock | None = None
        self._today = date.min
        self._taken = False  # and not given back
        self.sent = 0
        self.trouble: str | None = None

    @property
    def left(self) -> int:
        """Count the requests that may be sent today."""
        return max(self.per_day - self.sent, 0)

    def look(self) -> None:
        """Read the count, and change nothing. Raises SettingError."""
        self._today, self.sent, self._taken = self._now(), 0, False
        read = _read(self._file)
        if read is None:
            return
        day, sent = read
        if day > self._today:
            problem = f"tells of {day}, and this machine's clock says {self._today}: the clock went back"
            raise _refusal(
                self._file, problem, "the clock set right; or delete the file, if it was wrong then"
            )
        if day == self._today:
            self.sent = sent

    def begin(self) -> None:
        """Take the lock, read the count, and see that it can be written. Raises SettingError."""
        if self._lock is not None:
            return
        lock = _locked(self._file.with_suffix(".lock"), self.host)
        try:
            self.look()
            _write(self._file, self._today, self.sent)
        except SettingError:
            lock.release()
            raise
        except OSError as error:
            lock.release()
            raise _refusal(self._file, f"can't be written: {error.strerror or error}", ELSEWHERE) from None
        self._lock = lock

    def take(self) -> bool:
        """Count one request, before it is sent; tell whether it may be."""
        today = self._now()
        if today > self._today:
            self._today, self.sent = today, 0
        if self._lock is None or self.trouble is not None or not self.left:
            return False
        try:
            _write(self._file, self._today, self.sent + 1)
        except OSError as error:
            self.trouble = f"the count of today's requests can't be written: {error.strerror or error}"
            return False
        self.sent += 1
        self._taken = True
        return True

    def give_back(self) -> bool:
        """Count the request that was taken last no more, as it was never sent; tell whether that was done.

        One that can't be given back stays counted.
        """
        if self._lock is None or not self._taken:
            return False
        self._taken = False
        try:
            _write(self._file, self._today, self.sent - 1)
        except OSError:
            return False
        self.sent -= 1
        return True

    def end(self) -> None:
        """Let the next run have it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _now(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()


def _locked(file: Path, host: str) -> "BaseFileLock":
    """Take the lock of a host, which the system gives back when a process dies. Raises SettingError."""
    from filelock import FileLock, Timeout

    lock = FileLock(file, mode=0o600)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(
            os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        )  # filelock takes some errors for another's lock
        lock.acquire(timeout=0)
    except Timeout:
        problem = f"another run is asking {host} at this moment, and a host gets one request at a time"
        raise SettingError(problem, f"the end of that run; its lock is {readable(str(file))}") from None
    except (OSError, NotImplementedError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        problem = f"can't be made and locked, so that nobody counts the requests to {host}: {said}"
        raise _refusal(file, problem, ELSEWHERE) from None
    return lock


def _read(file: Path) -> tuple[date, int] | None:
    """Give the day and the count of a file; None where there is none. Raises SettingError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refusal(file, f"can't be read: {error.strerror or error}", ELSEWHERE) from None
    found = _counted(content) if len(content) <= LARGEST else None
    if found is None:
        problem = "is broken: it is no count of the requests of a day"
        raise _refusal(file, problem, "delete it, if you know what was sent today")
    return found


def _counted(content: bytes) -> tuple[date, int] | None:
    """Give what a file counts; None where that is nothing."""
    try:
        document: Any = json.loads(content)
        day, sent = date.fromisoformat(document["day"]), document["sent"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (day, sent) if type(sent) is int and sent >= 0 else None


def _write(file: Path, day: date, sent: int) -> None:
    """Write a count, whole, in a file of its owner's alone. Raises OSError."""
    content = json.dumps({"day": day.isoformat(), "sent": sent}) + "\n"
    with NamedTemporaryFile(
        "w", dir=file.parent, prefix=".new-", delete=False, encoding="ascii"
    ) as new:  # mode 0600
        try:
            new.write(content)
            new.close()
            Path(new.name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(new.name).unlink()
            raise


def _refusal(file: Path, problem: str, remedy: str) -> SettingError:
    return SettingError(f"{readable(str(file))} {problem}", remedy)
