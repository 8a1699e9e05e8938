"""Which account somebody means: a world by name, by file, or by counts that are written out."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from usagetwin.account.world import World, load_world, world_names
from usagetwin.account.world.csv_file import read_csv
from usagetwin.errors import FileError, SettingError, nearest, quoted

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

Days = Mapping[str, int] | Mapping[date, int] | Mapping[str | date, int]  # UTC day -> sessions
Counts = Mapping[str, Days]  # project key -> its days
Account = str | Path | World | Counts

FILE: Final = "counts"  # what the table that is made of counts is called, and the world after it
HEADER: Final = ("date", "project", "count")
REMEDY: Final = 'a name, a file, or counts such as {"web": {"2026-03-01": 5}}'


def world_of(account: Account) -> World:
    """Give the world that is meant.

    `account` is a built-in world's name, a .yaml or .csv file, a World, or counts: for each project its
    sessions of each UTC day (`YYYY-MM-DD` or a date), every day from the first to the last. Raises
    SettingError, and FileError for a file.
    """
    if isinstance(account, World):
        return account
    if isinstance(account, Mapping):
        return _counted(account)
    name = str(account)
    return _loaded(name) if name in world_names() else load_world(name)


def built_in(name: str) -> World:
    """Give a built-in world. Raises SettingError, with the nearest name, for everything else."""
    if name in world_names():
        return _loaded(name)
    problem = f"there is no world named {quoted(name)}"
    raise SettingError(problem, nearest(name, world_names()))


@cache
def _loaded(name: str) -> World:
    """Load a built-in world, once: equal worlds have one twin."""
    return load_world(name)


def _counted(counts: Counts) -> World:
    """Read counts as the CSV file that says the same, so that both have one set of rules."""
    rows = [HEADER, *_rows(counts)]
    table = io.StringIO(newline="")
    csv.writer(table).writerows(rows)
    try:
        return read_csv(table.getvalue(), FILE)
    except FileError as error:
        raise _located(error, rows) from None


def _rows(counts: Counts) -> list[tuple[str, str, str]]:
    if not counts:
        problem = "the world has no projects"
        raise SettingError(problem, REMEDY)
    rows = []
    for key, days in counts.items():
        if not isinstance(days, Mapping) or not days:
            problem = f"the project {key!r} has {days!r}, which is no count of a day"
            raise SettingError(problem, f'{{{key!r}: {{"2026-03-01": 5}}}}')
        rows += [(str(day), str(key), str(count)) for day, count in days.items()]
    return rows


def _located(error: FileError, rows: list[tuple[str, str, str]]) -> SettingError:
    """Say the same of the counts as they were written: which project, which day."""
    day, key, _ = rows[(error.line or 1) - 1]  # a row is a line, as no key may have a line break
    return SettingError(f"project {key!r}, day {day!r}: {error.problem}", error.remedy)
