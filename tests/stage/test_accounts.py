"""The forms in which a test names an account."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from usagetwin.account.traffic import GivenCounts
from usagetwin.account.world import Project, load_world
from usagetwin.days import from_date
from usagetwin.errors import FileError, SettingError
from usagetwin.stage.accounts import world_of

MARCH = from_date(date(2026, 3, 1))


def test_counts_are_days_and_sessions_of_each_project() -> None:
    """In any order, with dates as text or as `date`; a project exists from its first day on."""
    world = world_of({"web": {"2026-03-02": 7, "2026-03-01": 5}, "app": {date(2026, 3, 3): 0}})

    assert world.projects == (
        Project("web", MARCH, GivenCounts(MARCH, (5, 7)), last_given=MARCH + 1),
        Project("app", MARCH + 2, GivenCounts(MARCH + 2, (0,)), last_given=MARCH + 2),
    )
    assert (world.tokens, world.policies) == ({}, {})


def test_a_key_may_hold_what_separates_a_table() -> None:
    """Commas and quotes are part of it."""
    assert world_of({'a,"b"': {"2026-03-01": 1}}).projects[0].key == 'a,"b"'


def test_a_world_is_named_or_read_from_a_file(tmp_path: Path) -> None:
    """As a string or a path; a World stands for itself."""
    file = tmp_path / "mine.csv"
    file.write_text("date,project,count\n2026-03-01,web,5\n", encoding="utf-8")

    assert world_of("outage") == load_world("outage")
    assert world_of(file) == world_of(str(file)) == load_world(str(file))
    assert world_of(load_world("outage")) == load_world("outage")


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({}, "the world has no projects"),
        ({"web": {}}, r"the project 'web' has \{\}, which is no count of a day"),
        ({"web": 5}, "the project 'web' has 5, which"),
        ({"web": {"2026-03-01": -1}}, "project 'web', day '2026-03-01': the count '-1' is negative"),
        ({"web": {"2026-03-01": 1.5}}, "day '2026-03-01': the count '1.5' is a fraction"),
        ({"web": {"2026-03-01": True}}, "the count 'True' is not a whole number"),
        ({"web": {"1 March": 1}}, "the date '1 March' is not a date written YYYY-MM-DD"),
        ({" web": {"2026-03-01": 1}}, "the project key ' web' has space around it"),
        ({"a": {"2026-03-01": 1}, "web": {"2026-03-01": 1, "2026-03-03": 1}}, "no count for 2026-03-02"),
        ({"web": {"2026-03-01": 1, date(2026, 3, 1): 1}}, "day '2026-03-01': 2026-03-01 is given twice"),
    ],
)
def test_counts_that_make_no_account_are_refused(counts: Any, message: str) -> None:  # noqa: ANN401 -- wrong on purpose
    """With project and day, by the rules of a CSV file."""
    with pytest.raises(SettingError, match=message):
        world_of(counts)


def test_a_world_that_is_not_there_is_refused() -> None:
    """With the nearest name, or with the file."""
    with pytest.raises(SettingError, match="no world named 'outrage'\n  try   outage"):
        world_of("outrage")
    with pytest.raises(FileError, match=r"nowhere\.csv: the file can't be read"):
        world_of(Path("nowhere.csv"))
