"""Start `usagetwin serve` as a process of its own, wait for its ready line, and always end it."""

import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USAGETWIN: Final = (sys.executable, "-m", "usagetwin")
READY: Final = "usagetwin ready on "
WITHIN_S: Final = 60


class Twin:
    """A served twin: its URL, its process, and what it has written to its log."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Read the process's output from here on."""
        self.process: Final = process
        self.log: Final[list[str]] = []
        self.output: Final[list[str]] = []
        self._ready: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = (
            threading.Thread(target=self._read_output, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._read_log, args=(process.stderr,), daemon=True),
        )
        for reader in self._readers:
            reader.start()
        self.url: Final = self._first_line()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal the process, wait for its end, and give its exit status; its output is whole then."""
        self.process.send_signal(number)
        return self.wait()

    def interrupt_all(self) -> int:
        """Send SIGINT to it and its workers, as Ctrl-C in a terminal does; wait, and give its exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        """Wait for the process's end, and give its exit status."""
        status = self.process.wait(WITHIN_S)
        for reader in self._readers:
            reader.join(WITHIN_S)
        return status

    def _first_line(self) -> str:
        try:
            line = self._ready.get(timeout=WITHIN_S)
        except queue.Empty:
            line = f"nothing for {WITHIN_S} s"
        assert line.startswith(READY), (line, self.log)
        return line.removeprefix(READY).strip()

    def _read_output(self, stream: IO[str]) -> None:
        for line in stream:
            self.output.append(line)
            self._ready.put(line)
        self._ready.put("the process ended before it was ready")

    def _read_log(self, stream: IO[str]) -> None:
        self.log.extend(iter(stream.readline, ""))


@contextmanager
def starting(
    *options: str,
    environment: "Mapping[str, str] | None" = None,
    log: "IO[bytes] | None" = None,
    command: str = "serve",
) -> "Iterator[subprocess.Popen[str]]":
    """Start `usagetwin serve`, and end it when the block is left, however it is left; `log` takes its log."""
    process = subprocess.Popen(
        [*USAGETWIN, command, *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if log is None else log,
        text=True,
        env=_environment(environment),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def served(
    *options: str, environment: "Mapping[str, str] | None" = None, command: str = "serve"
) -> "Iterator[Twin]":
    """Serve a twin on a free port until the block is left, and give it once it is ready."""
    with starting("--port", "0", *options, environment=environment, command=command) as process:
        yield Twin(process)


def run(
    *arguments: str, environment: "Mapping[str, str] | None" = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command of usagetwin to its end."""
    return subprocess.run(
        [*USAGETWIN, *arguments],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=WITHIN_S,
        env=_environment(environment),
    )


def _environment(changes: "Mapping[str, str] | None") -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("USAGETWIN_")}
    return ours | dict(changes or {})


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
