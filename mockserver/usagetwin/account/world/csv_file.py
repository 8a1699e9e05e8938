"""What a world looks like as CSV: one row for each project and day, under `date,project,count`."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usagetwin.account.traffic import MAX_COUNT
from usagetwin.account.world import scalars
from usagetwin.account.world.given import DayTable
from usagetwin.account.world.model import MAX_PROJECTS, Project, World
from usagetwin.account.world.place import Place
from usagetwin.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = ["date", "project", "count"]
_LINE: Final = re.compile("[^\r\n]*(?:\r\n|\r|\n|$)")
_NEARLY: Final = re.compile(r"(?:(?:date|day|project|key|count|sessions)[^a-z0-9]{0,3}){1,4}", re.IGNORECASE)
_LONGEST_LINE: Final = 4_096  # a key of 256 characters, all of them quotes, takes 514
_MOST_BLANK_LINES: Final = 1_000
_ROW: Final = "a row of date,project,count such as 2026-03-01,web,5"


def read_csv(text: str, file: str) -> World:
    """Read a world from the text of a CSV file; raise `FileError` for whatever is wrong with it."""
    tables: dict[str, DayTable] = {}
    rows = _rows(text, file)
    _check_header(rows, file)
    for row, place in rows:
        if len(row) != len(_HEADER):
            place.refuse(f"the row has {len(row)} fields, not {len(_HEADER)}", _ROW)
        date, key, count = row
        day = scalars.day(date, place, "the date")
        value = scalars.integer(count, place, "the count", low=0, high=MAX_COUNT)
        if key not in tables:
            tables[scalars.project_key(key, place)] = DayTable(file)
            _check_size(tables, place)
        tables[key].add(day, value, place)
    if not tables:
        Place(file).refuse("the file has no rows below its header", _ROW)
    projects = tuple(_project(key, table) for key, table in tables.items())
    about = f"Daily counts from {Path(file).name}"
    return World(name=Path(file).stem, about=about, seed=0, projects=projects, tokens={}, policies={})


def _project(key: str, table: DayTable) -> Project:
    given = table.finished(key)
    return Project(key=key, created=given.first, counts=given, last_given=given.last)


def _check_header(rows: "Iterator[tuple[list[str], Place]]", file: str) -> None:
    header, place = next(rows, (None, Place(file)))
    if header is None:
        place.refuse("the file is empty", "a first line date,project,count and a row for each day")
    if header != _HEADER:
        written = ",".join(header)
        shown = quoted(written) if _NEARLY.fullmatch(written) else "no header of a world"
        place.refuse(f"the header is {shown}", "date,project,count, with commas")


def _check_size(tables: dict[str, DayTable], place: Place) -> None:
    if len(tables) > MAX_PROJECTS:
        place.refuse(f"more than {MAX_PROJECTS} projects", f"at most {MAX_PROJECTS} projects")


def _rows(text: str, file: str) -> "Iterator[tuple[list[str], Place]]":
    """Give every row that is not blank, with the line on which it starts."""
    reader = csv.reader(_lines(text, file), strict=True)
    line, blank = 1, 0
    try:
        for row in reader:
            if row:
                yield row, Place(file, line)
            else:
                blank += 1
                if blank > _MOST_BLANK_LINES:
                    problem = f"more than {_MOST_BLANK_LINES} lines are blank up to here"
                    Place(file, line).refuse(problem, "the file without its blank lines")
            line = reader.line_num + 1
    except csv.Error as error:
        Place(file, line).refuse(f"this is not CSV: {error}", _ROW)


def _lines(text: str, file: str) -> "Iterator[str]":
    """Give the lines one by one, as the reader of the standard library wants them: with their ends."""
    for number, found in enumerate(_LINE.finditer(text), 1):
        if found.end() - found.start() > _LONGEST_LINE:
            Place(file, number).refuse(f"the line has more than {_LONGEST_LINE} characters", _ROW)
        yield found.group()
