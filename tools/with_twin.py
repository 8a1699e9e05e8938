"""Serve a twin on a free port while one command runs against it; the exit status is that command's.

Only this file knows how a served twin says that it is ready, and how it is ended.
"""

import queue
import subprocess
import sys
import threading
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READY: Final = "usagetwin ready on "
START_S: Final = 30.0
STOP_S: Final = 10.0
KEPT_LINES: Final = 50


class NotReadyError(Exception):
    """A twin that ended, or stayed silent, instead of saying that it is ready."""


def main(arguments: "Sequence[str]") -> int:
    """Run a command with `{url}` replaced by the twin's URL, and give its exit status."""
    usagetwin = str(Path(sys.executable).with_name("usagetwin"))
    try:
        with served([usagetwin, "serve", "--port", "0"]) as url:
            return subprocess.run([part.replace("{url}", url) for part in arguments], check=False).returncode
    except NotReadyError as error:
        print(error, file=sys.stderr)
        return 1


@contextmanager
def served(command: "Sequence[str]", *, folder: Path | None = None) -> "Iterator[str]":
    """Start a server, give the URL of its ready line, and end it however the block is left."""
    twin = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found: queue.Queue[str | None] = queue.Queue()
    last: deque[str] = deque(maxlen=KEPT_LINES)
    reader = threading.Thread(target=_drain, args=(twin.stdout, found, last), daemon=True)
    reader.start()
    try:
        yield _ready_url(found, last)
    finally:
        _end(twin)
        reader.join()


def _ready_url(found: "queue.Queue[str | None]", last: deque[str]) -> str:
    try:
        url = found.get(timeout=START_S)
    except queue.Empty:
        message = f"the twin said nothing about being ready for {START_S:.0f} s:\n{''.join(last)}"
        raise NotReadyError(message) from None
    if url is None:
        message = f"the twin ended before it was ready:\n{''.join(last)}"
        raise NotReadyError(message)
    return url


def _drain(output: IO[str], found: "queue.Queue[str | None]", last: deque[str]) -> None:
    """Read to the end, or the twin would stop on a full pipe; keep the last lines for an error."""
    with output:
        for line in output:
            last.append(line)
            if READY in line:
                found.put(line.partition(READY)[2].split()[0])
    found.put(None)


def _end(twin: "subprocess.Popen[str]") -> None:
    twin.terminate()
    try:
        twin.wait(STOP_S)
    except subprocess.TimeoutExpired:
        twin.kill()
        twin.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
