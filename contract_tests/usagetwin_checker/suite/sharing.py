"""How often a check runs: once for each session, however many tests and workers of xdist ask.

Workers share what one of them found in a database, whose lock the operating system takes back when a
worker dies: the next one that waits does the work then.
"""

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from usagetwin_checker.suite.outcomes import Outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from usagetwin_checker.suite.check import Check

LONGEST_WAIT_S: Final = 3600.0  # for another worker's check; one of a slow target takes minutes
RUN: Final = "PYTEST_XDIST_TESTRUNUID"  # xdist gives it to each worker, the same for all of one run
KNOWN: Final = pytest.StashKey["dict[Check, Outcomes]"]()


def outcomes(check: "Check", config: pytest.Config, folder: "Path") -> Outcomes:
    """Give what a check says, run for the first who asks; `folder` is one that all workers of a run can see.

    Raises SettingError and FileError.
    """
    known = config.stash.setdefault(KNOWN, {})
    if check not in known:
        run = os.environ.get(RUN)
        known[check] = check.outcomes() if run is None else _shared(check, folder / f"usagetwin-{run}.sqlite")
    return known[check]


def _shared(check: "Check", file: "Path") -> Outcomes:
    key = repr(check)
    with closing(sqlite3.connect(file, timeout=LONGEST_WAIT_S, isolation_level=None)) as shared:
        shared.execute("BEGIN EXCLUSIVE")
        shared.execute("CREATE TABLE IF NOT EXISTS done (asked TEXT PRIMARY KEY, found TEXT)")
        row = shared.execute("SELECT found FROM done WHERE asked = ?", (key,)).fetchone()
        if row is not None:
            return Outcomes.from_json(row[0])
        found = check.outcomes()
        shared.execute("INSERT INTO done VALUES (?, ?)", (key, found.as_json()))
        shared.execute("COMMIT")
        return found
