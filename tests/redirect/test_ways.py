"""The guide's table of what is led, refused or not covered is what is measured."""

import os

import pytest

from tests.redirect.ways import NOT_COVERED, PAGE, measured, table, table_of


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # fork beside threads, on purpose
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_guide_s_table_of_ways_is_what_is_measured() -> None:
    """Write it with `python -m tests.redirect.ways`."""
    rows = measured()

    assert table(rows) == table_of(PAGE.read_text(encoding="utf-8"))
    assert [name for name, became in rows.items() if became == NOT_COVERED] == [
        "plain HTTP to a proxy that the code itself speaks to, in a stream of uvloop"
    ]
