"""docs/reliability.md: a place for each probe, and tables as the command writes them."""

import re

import pytest

from tests.abuse.page import PAGE, place_of, table, written
from tests.abuse.probes import PROBES
from tests.abuse.rows import HEAD, Row

ROW = Row(tried="a | b", attempts=2, problems=("<html>\nx",))


@pytest.mark.parametrize("probe", PROBES)
def test_the_page_has_a_place_for_each_probe(probe: str) -> None:
    """Where it has a table, the columns are those of today, and each row says whether it held."""
    found = place_of(probe).search(PAGE.read_text(encoding="utf-8"))

    assert found is not None
    lines = found[0].splitlines()[1:-1]
    assert lines[:1] in ([], ["| " + " | ".join(HEAD) + " |"])
    assert [line for line in lines[2:-2] if not line.endswith(("| ok |", "| NOT |"))] == []


def test_the_page_has_no_place_for_a_probe_that_is_gone() -> None:
    """Its figures would stand there for ever."""
    marks = re.findall(r"<!-- end of (.+) -->", PAGE.read_text(encoding="utf-8"))

    assert marks == list(PROBES)


def test_a_probe_s_table_is_written_in_its_place_alone() -> None:
    """Words around it, and other tables, stay."""
    page = "words\n<!-- one -->\nold\n<!-- end of one -->\n<!-- two -->\nkept\n<!-- end of two -->\n"

    again = written(page, "one", [ROW])

    assert again == page.replace("old\n", table([ROW]))
    assert "\n| a \\| b | 2 | 1 | NOT: &lt;html> x | NOT |\n" in again
