"""The history of the score: a table that is only ever added to, whose figures are possible ones."""

import re
from datetime import date
from typing import Final

import pytest

from tests.project.checkout import ROOT

COLUMNS: Final = ("date", "commit", "set", "size", "strict", "60 requests", "named", "note")
SETS: Final = {"known", "first held-out", "second held-out", "apart"}
TEXT: Final = (ROOT / "docs" / "score-history.md").read_text(encoding="utf-8")
ROWS: Final = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in TEXT.splitlines()
    if line.startswith(("| ", "|-"))
]
ENTRIES: Final = ROWS[2:]


def _of(text: str) -> tuple[int, int]:
    kills, size = text.split(" of ")
    return int(kills), int(size)


def test_the_table_has_its_columns_and_the_entries_ascend() -> None:
    """A new entry comes last."""
    assert ROWS[0] == COLUMNS
    assert [entry[0] for entry in ENTRIES] == sorted(entry[0] for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: " ".join(entry[:3]))
def test_an_entry_has_the_form(entry: tuple[str, ...]) -> None:
    """A date, a commit, a set that is explained above, and kills of no more than there are."""
    day, commit, name, size, strict, small, named, _note = entry

    assert str(date.fromisoformat(day)) == day
    assert re.fullmatch(r"[0-9a-f]{7}|-", commit)
    assert name in SETS
    assert f"`{name}`" in TEXT
    assert int(strict) <= int(size)
    assert _of(small)[0] <= _of(small)[1] <= int(size)
    assert named == "-" or int(named) <= int(strict)


def test_the_first_entries_stay() -> None:
    """What was published first is there, with the correction of what was published last."""
    assert ENTRIES[0][:7] == ("2026-11-22", "db6aac9", "first held-out", "96", "88", "41 of 72", "70")
    assert ("apart", "22", "18", "11 of 15") in [entry[2:6] for entry in ENTRIES]
    assert ("second held-out", "71", "42", "21 of 43", "39") in [entry[2:7] for entry in ENTRIES]
