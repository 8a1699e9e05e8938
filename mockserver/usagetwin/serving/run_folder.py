"""What the processes of one run have counted: each leaves its counts in a folder that ends with the run.

The multiprocess mode of prometheus-client keeps its values in such a folder too, and writes to it with each
request, under a lock. Here a process writes once a second, so another one may know it by a second less.
"""

import json
import os
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from usagetwin.serving.tally import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from usagetwin.serving.tally import Tally


@contextmanager
def run_folder() -> "Iterator[str]":
    """Make a folder for the processes of this run, which nobody else can read; remove it with all in it."""
    with TemporaryDirectory(prefix="usagetwin-counts-", ignore_cleanup_errors=True) as folder:
        yield folder


class Shared:
    """The counts of this process, and those that the others have left, also such as have ended."""

    def __init__(self, tally: "Tally", folder: str | None) -> None:
        """Take the folder of the run; without one there is no other process."""
        self._tally: Final = tally
        self._file: Final = None if folder is None else Path(folder, f"{os.getpid()}-{time.time_ns()}.json")
        self._left = Counts()

    def leave(self) -> None:
        """Leave the counts for the others, if there are some that they can't know."""
        counts = self._tally.counts
        if self._file is None or counts == self._left:
            return
        answers = [[status, rule, number] for (status, rule), number in counts.answers.items()]
        document = [answers, counts.within, counts.seconds, counts.cached]
        with suppress(OSError):  # a full disk
            unfinished = self._file.with_suffix(".new")
            unfinished.write_text(json.dumps(document), encoding="ascii")
            unfinished.replace(self._file)
            self._left = counts

    def all(self) -> Counts:
        """Add up what all processes have counted."""
        counts = self._tally.counts
        for file in [] if self._file is None else sorted(self._file.parent.glob("*.json")):
            if file != self._file:
                with suppress(OSError, ValueError):
                    counts += _read(file)
        return counts


def _read(file: Path) -> Counts:
    answers, within, seconds, cached = json.loads(file.read_text(encoding="ascii"))
    by_rule = Counter({(status, rule): number for status, rule, number in answers})
    return Counts(by_rule, tuple(within), seconds, cached)
