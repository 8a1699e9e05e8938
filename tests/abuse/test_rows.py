"""A row of the table: when it holds, and how it reads."""

from benchmarks.claims import Line
from tests.abuse.rows import Row

WITHIN = Line(claim="slowest", value=1.5, unit="s", at_most=12)
BEYOND = Line(claim="lost", value=2, at_most=0)


def test_a_row_holds_where_every_attempt_did_and_every_figure_is_within_its_bound() -> None:
    """Figures and bounds are said side by side."""
    row = Row(tried="SIGTERM", attempts=1_000, problems=(), figures=(WITHIN,))

    assert row.kept
    assert row.cells == ("SIGTERM", "1,000", "1,000", "slowest 1.5 s (at most 12 s)", "ok")


def test_a_figure_beyond_its_bound_does_not_hold() -> None:
    """Although each attempt did."""
    row = Row(tried="SIGTERM", attempts=3, problems=(), figures=(WITHIN, BEYOND))

    assert not row.kept
    assert row.cells[3:] == ("slowest 1.5 s (at most 12 s); lost 2 (at most 0)", "NOT")


def test_an_attempt_that_did_not_hold_is_counted_and_told() -> None:
    """The first three are told, the others are counted."""
    row = Row(tried="files", attempts=9, problems=("a", "b", "c", "d", "e"))

    assert (row.held, row.kept) == (4, False)
    assert row.words == "NOT: a; NOT: b; NOT: c; and 2 more"
