"""Tests of worlds as CSV: what is read, and what is refused on which line."""

from datetime import date
from pathlib import Path

import pytest

from tests.account.world.reading import error_of, written
from usagetwin.account.traffic import GivenCounts
from usagetwin.account.world import Project, World, load_world
from usagetwin.days import from_date

MARCH = from_date(date(2026, 3, 1))
HEAD = "date,project,count\n"
ROW = "2026-03-01,web,5\n"


def _load(folder: Path, content: str | bytes) -> World:
    return load_world(str(written(folder, "counts.csv", content)))


def test_each_row_is_the_count_of_a_project_and_a_day(tmp_path: Path) -> None:
    """Rows may come in any order; projects keep the order in which they appear."""
    world = _load(tmp_path, HEAD + "2026-03-02,web,7\n2026-03-01,app,1\n2026-03-01,web,5\n2026-03-03,web,0\n")

    assert world == World(
        name="counts",
        about="Daily counts from counts.csv",
        seed=0,
        projects=(
            Project("web", MARCH, GivenCounts(MARCH, (5, 7, 0)), last_given=MARCH + 2),
            Project("app", MARCH, GivenCounts(MARCH, (1,)), last_given=MARCH),
        ),
        tokens={},
        policies={},
    )


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).replace("\n", "\r"),
        HEAD + ROW.rstrip("\n"),
        HEAD + "\n" + ROW + "\n\n",
        'date,project,count\n"2026-03-01","web","5"\n',
    ],
    ids=["byte-order-mark", "crlf", "cr", "no-last-newline", "blank-lines", "quoted"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, content: str) -> None:
    """The ways in which programs write one and the same table give one and the same world."""
    assert _load(tmp_path, content).projects == (
        Project("web", MARCH, GivenCounts(MARCH, (5,)), last_given=MARCH),
    )


def test_a_quoted_key_may_have_a_comma(tmp_path: Path) -> None:
    """`a,b` is one key (SEMANTICS 3 has none that joins two)."""
    assert _load(tmp_path, HEAD + '2026-03-01,"a,b",5\n').projects[0].key == "a,b"


@pytest.mark.parametrize(
    ("content", "line", "trouble"),
    [
        ("", None, "the file is empty"),
        ("\n\n", None, "the file is empty"),
        (HEAD, None, "no rows below its header"),
        (ROW, 1, "the header is no header of a world"),
        ("project,date,count\n" + ROW, 1, "the header is 'project,date,count'"),
        ("date;project;count\n" + ROW, 1, "the header is 'date;project;count'"),
        ("Date,Project,Count\n" + ROW, 1, "the header is 'Date,Project,Count'"),
        (HEAD + ROW + "2026-03-02,web\n", 3, "the row has 2 fields, not 3"),
        (HEAD + ROW + "2026-03-02,web,5,\n", 3, "the row has 4 fields, not 3"),
        (HEAD + "2026-03-01;web;5\n", 2, "the row has 1 fields, not 3"),
        (HEAD + ROW + "2026-03-02,web,-5\n", 3, "the count '-5' is negative"),
        (HEAD + ROW + "2026-03-02,web,5.5\n", 3, "the count '5.5' is a fraction"),
        (HEAD + ROW + "2026-03-02,web,1E3\n", 3, "the count '1E3' is written with an exponent"),
        (HEAD + ROW + "2026-03-02,web,05\n", 3, "written with leading zeros"),
        (HEAD + ROW + '2026-03-02,web,"1,000"\n', 3, "written with separators"),
        (HEAD + ROW + "2026-03-02,web, 5\n", 3, "surrounded by space"),
        (HEAD + ROW + "2026-03-02,web,\n", 3, "the count '' is not a whole number"),
        (HEAD + ROW + "2026-03-02,web,9007199254740992\n", 3, "larger than 9007199254740991"),
        (HEAD + ROW + "2026-02-30,web,5\n", 3, "the date '2026-02-30' is not in the calendar"),
        (HEAD + ROW + "2026-3-2,web,5\n", 3, "the date '2026-3-2' is not a date written"),
        (HEAD + ROW + "3/2/2026,web,5\n", 3, "the date '3/2/2026' is not a date written"),
        (HEAD + ROW + "2026-03-02T00:00:00Z,web,5\n", 3, "is not a date written"),
        (HEAD + ROW + "1969-12-31,web,5\n", 3, "outside the time that queries can reach"),
        (HEAD + ROW + "2286-11-21,web,5\n", 3, "outside the time that queries can reach"),
        (HEAD + ROW + "2026-03-02,,5\n", 3, "the project key is empty"),
        (HEAD + ROW + "2026-03-02, web,5\n", 3, "has space around it"),
        (HEAD + ROW + '2026-03-02,"we\nb",5\n', 3, "has a control character"),
        (HEAD + ROW + "2026-03-02,app,1\n" + ROW, 4, "2026-03-01 is given twice, first on line 2"),
        (HEAD + ROW + "2026-03-03,web,5\n", 3, "has 2026-03-03 but no count for 2026-03-02"),
        (HEAD + '2026-03-01,"web,5\n', 2, "this is not CSV"),
        (HEAD + '2026-03-01,"w"eb,5\n', 2, "this is not CSV"),
        (HEAD + ROW + "2026-03-02," + "w" * 200_000 + ",5\n", 3, "more than 4096 characters"),
        (HEAD + "".join(f"2026-03-01,p{n},5\n" for n in range(10_001)), 10_002, "more than 10000 projects"),
    ],
)
def test_a_bad_table_is_refused_on_its_line(
    tmp_path: Path, content: str, line: int | None, trouble: str
) -> None:
    """Each error names the file, the line, what is wrong, and what would be right."""
    error = error_of(written(tmp_path, "counts.csv", content))

    assert error.line == line
    assert trouble in error.problem
    assert error.file == str(tmp_path / "counts.csv")
    assert error.remedy


def test_lines_stay_right_after_a_quoted_line_break(tmp_path: Path) -> None:
    """A row that spans two lines is named by its first, and the lines after it still count."""
    content = HEAD + '2026-03-01,web,"5\n5"\n'
    below = HEAD + "\n\n" + ROW + "2026-03-02,web,x\n"

    assert error_of(written(tmp_path, "counts.csv", content)).line == 2
    assert error_of(written(tmp_path, "counts.csv", below)).line == 5
