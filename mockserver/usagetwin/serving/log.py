"""The server's log on standard error: made and written by a thread of its own; no answer ever waits for it.

Rule: what can't be written, or is not taken in time, is dropped and counted. That is said once on standard
output when it begins, and in the log where lines are missing, as soon as it takes lines again.
"""

import logging
import os
import select
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from usagetwin.accesses import objects
from usagetwin.accesses.lines import Lines, missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from usagetwin.accesses.access import Access

COLLECTED_S: Final = 0.05  # how long lines are collected, to be written together
HURRIED: Final = 2048  # accesses that are written at once
MOST_ACCESSES: Final = 8192  # that wait to be taken: a megabyte of lines
LONG: Final = 1024  # bytes of a path or query that does not wait as it is
MOST_WAITING: Final = 1024 * 1024  # characters of other lines that wait to be taken
FAREWELL_S: Final = 1.0  # how long the end of the process waits for the last lines to be taken
SAID: Final = "usagetwin: the log on standard error {why}; the twin serves on, and drops lines of its log\n"
NOT_READ: Final = "is not read"


class Log(logging.Handler):
    """Hand each line to a thread that writes it to the standard error of the process."""

    def __init__(self, writer: "LogWriter") -> None:
        """Take what writes the log."""
        super().__init__()
        self._writer: Final = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it over; this never waits."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 -- as every handler does: no log may break what it logs
            self.handleError(record)
        else:
            self._writer.put(line + "\n")

    def flush(self) -> None:
        """Wait for what was handed over, but not for ever."""
        self._writer.finish(FAREWELL_S)


class Words(logging.Formatter):
    """The access log as it is, and errors with their level and the name of their log."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        words = super().format(record)
        return words if record.levelno < logging.WARNING else f"{record.levelname} {record.name}: {words}"


class LogWriter:
    """Write lines to a descriptor in the background; tell on another one, once, that this fails.

    A thread collects lines for a moment, and writes them together; whoever brings one takes no lock but to
    wake it. What is brought as an `Access` becomes a line there.
    """

    def __init__(
        self,
        descriptor: int | None,
        other: int | None,
        words: "Callable[[Access], str] | None" = None,
        missing: "Callable[[int], str]" = missing,
    ) -> None:
        """Take both descriptors, and what makes lines; without a descriptor nothing is written."""
        self._descriptor: Final = descriptor
        self._other: Final = other
        self._words: Final = words or Lines()
        self._missing: Final = missing
        self._changed: Final = threading.Condition()
        self._waiting: list[Access | str] = []  # one appends, the thread takes from the front
        self._most: Final = 0 if descriptor is None else HURRIED
        self._size = 0  # of the lines among them, with those that are being written
        self._taken_size = 0  # of the latter alone
        self._dropped = 0  # since the thread last took what waits
        self._is_asleep = True
        self._is_hurried = False
        self._is_writing = False
        self._is_told = False
        self._thread: threading.Thread | None = None

    def take(self, access: "Access") -> None:
        """Take a request to write of, or drop it; this never waits for the descriptor."""
        asked = access[3]
        if len(asked[4]) > LONG or len(asked[3]) > LONG:
            self.put(f"{self._words(access)}\n")
            return
        if len(self._waiting) >= self._most and not self._has_room():
            return
        self._waiting.append(access)
        if self._is_asleep:  # it says so before it looks for the last time
            self._wake()

    def put(self, line: str) -> None:
        """Take a line to write, or drop it; this never waits for the descriptor."""
        with self._changed:
            if self._descriptor is None or self._size + len(line) > MOST_WAITING:
                self._drop()
                return
            self._size += len(line)
            self._waiting.append(line)
        self._wake()

    def finish(self, within_s: float) -> None:
        """Wait until all is written, or the time is over."""
        with self._changed:
            self._is_hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._is_writing, within_s)
            self._is_hurried = False

    def _has_room(self) -> bool:
        """Let the thread hurry where many wait, and tell whether one more may."""
        with self._changed:
            if self._descriptor is None or len(self._waiting) >= MOST_ACCESSES:
                self._drop()
                return False
            if not self._is_hurried:
                self._is_hurried = True
                self._changed.notify_all()
        return True

    def _drop(self) -> None:
        self._dropped += 1
        self._tell(NOT_READ)

    def _wake(self) -> None:
        """Wake the thread; the first one begins it."""
        with self._changed:
            self._is_asleep = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, args=(self._descriptor,), daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _write_all(self, descriptor: int) -> None:
        missing = 0
        while True:
            self._collect()
            lines, dropped, spoiled = self._taken()
            missing = self._noted(descriptor, missing + spoiled)
            missing += lines.count(b"\n") if missing else self._unwritten(descriptor, lines)
            if dropped:  # which came after what waited
                missing = self._noted(descriptor, missing + dropped)

    def _collect(self) -> None:
        """Wait until there is something, and then for what comes with it."""
        with self._changed:
            self._is_writing = False
            self._size -= self._taken_size
            self._changed.notify_all()
            while not self._waiting and not self._dropped:
                self._is_asleep = True
                if not self._waiting:
                    self._changed.wait()
            self._is_asleep = False
            self._changed.wait_for(lambda: self._is_hurried, COLLECTED_S)
            self._is_writing = True

    def _taken(self) -> tuple[bytes, int, int]:
        """Take what waits, written; with how many were dropped after it, and how many can't be written of."""
        with self._changed:
            dropped, self._dropped = self._dropped, 0
            number = len(self._waiting)
            taken = self._waiting[:number]
            del self._waiting[:number]
            self._is_hurried = False
        lines = []
        for each in taken:
            with suppress(Exception):  # no log may break what it logs
                lines.append(each if isinstance(each, str) else f"{self._words(each)}\n")
        self._taken_size = sum(len(each) for each in taken if isinstance(each, str))
        return "".join(lines).encode("utf-8", "backslashreplace"), dropped, len(taken) - len(lines)

    def _noted(self, descriptor: int, missing: int) -> int:
        """Say how many lines are missing, if any, and give how many are still to be told of."""
        return missing if missing and self._unwritten(descriptor, self._told(missing)) else 0

    def _told(self, missing: int) -> bytes:
        return f"{self._missing(missing)}\n".encode()

    def _unwritten(self, descriptor: int, data: bytes) -> int:
        """Write it, and give the number of its lines that could not be written."""
        while data:
            try:
                data = data[os.write(descriptor, data) :]
            except BlockingIOError:  # somebody who shares the descriptor wants no waiting on it
                select.select([], [descriptor], [])
            except OSError as error:
                with self._changed:
                    self._tell(f"can't be written ({error.strerror})")
                break
        return data.count(b"\n")

    def _tell(self, why: str) -> None:
        """Say once that the log fails, in a thread, since this may have no reader either."""
        if not self._is_told and self._other is not None:
            said = SAID.format(why=why).encode()
            threading.Thread(target=_write_once, args=(self._other, said), daemon=True).start()
        self._is_told = True


def standard_log(*, in_json: bool = False) -> LogWriter:
    """Make what writes this process's log; its thread begins with the first line."""
    descriptors = _descriptor(sys.stderr), _descriptor(sys.stdout)
    return LogWriter(*descriptors, objects.Objects(), objects.missing) if in_json else LogWriter(*descriptors)


def _write_once(descriptor: int, data: bytes) -> None:
    with suppress(OSError):
        os.write(descriptor, data)


def _descriptor(stream: "TextIO | None") -> int | None:
    """Give the number of a standard stream; None where the process was started without it."""
    try:
        return None if stream is None else stream.fileno()
    except (OSError, ValueError):  # what stands there is no file, or is closed
        return None
