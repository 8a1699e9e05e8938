"""The server's log on standard error: written by a thread of its own, so that no answer ever waits for it.

Rule: what can't be written, or is not taken in time, is dropped and counted. That is said once on standard
output when it begins, and in the log where lines are missing, as soon as it takes lines again.
"""

import logging
import os
import select
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

MOST_WAITING: Final = 1024 * 1024  # bytes that wait to be taken; some 8 000 lines
FAREWELL_S: Final = 1.0  # how long the end of the process waits for the last lines to be taken
SAID: Final = "usagetwin: the log on standard error {why}; the twin serves on, and drops lines of its log\n"
MISSING: Final = "usagetwin: {} lines of the log are missing here\n"
NOT_READ: Final = "is not read"


class Log(logging.Handler):
    """Hand each line to a thread that writes it to the standard error of the process."""

    def __init__(self) -> None:
        """Start nothing: the thread begins with the first line."""
        super().__init__()
        self._writer = LogWriter(_descriptor(sys.stderr), _descriptor(sys.stdout))

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
    """Write lines to a descriptor in the background; tell on another one, once, that this fails."""

    def __init__(self, descriptor: int | None, other: int | None) -> None:
        """Take both; without a descriptor nothing is written."""
        self._descriptor: Final = descriptor
        self._other: Final = other
        self._changed: Final = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._bytes = 0  # of what waits or is being written
        self._dropped = 0  # since the thread last took what waits
        self._is_writing = False
        self._is_told = False
        self._thread: threading.Thread | None = None

    def put(self, line: str) -> None:
        """Take a line to write, or drop it; this never waits for the descriptor."""
        data = line.encode("utf-8", "backslashreplace")
        with self._changed:
            if self._descriptor is None or self._bytes + len(data) > MOST_WAITING:
                self._dropped += 1
                self._tell(NOT_READ)
                return
            self._waiting.append(data)
            self._bytes += len(data)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, args=(self._descriptor,), daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(self, within_s: float) -> None:
        """Wait until all is written, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._is_writing, within_s)

    def _write_all(self, descriptor: int) -> None:
        missing, lines = 0, b""
        while True:
            with self._changed:
                self._is_writing = False
                self._bytes -= len(lines)
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting or self._dropped)
                self._is_writing = True
                lines, dropped = b"".join(self._waiting), self._dropped
                self._waiting.clear()
                self._dropped = 0
            missing = self._noted(descriptor, missing)
            missing += lines.count(b"\n") if missing else self._unwritten(descriptor, lines)
            if dropped:  # which came after what waited
                missing = self._noted(descriptor, missing + dropped)

    def _noted(self, descriptor: int, missing: int) -> int:
        """Say how many lines are missing, if any, and give how many are still to be told of."""
        return missing if missing and self._unwritten(descriptor, MISSING.format(missing).encode()) else 0

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


def _write_once(descriptor: int, data: bytes) -> None:
    with suppress(OSError):
        os.write(descriptor, data)


def _descriptor(stream: "TextIO | None") -> int | None:
    """Give the number of a standard stream; None where the process was started without it."""
    try:
        return None if stream is None else stream.fileno()
    except (OSError, ValueError):  # what stands there is no file, or is closed
        return None
