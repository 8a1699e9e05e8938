"""How lists print: whole without a terminal, folded on one."""

import io
import sys

import pytest

from usagetwin.commands.listing import echo, lines

ROWS = [("a", "one", "the first of all the things that there are"), ("bb", "three", "")]


def test_without_a_width_a_record_is_a_line() -> None:
    """Columns are aligned; nothing is cut, and no line ends with spaces."""
    assert list(lines(ROWS, None)) == ["a   one    the first of all the things that there are", "bb  three"]


def test_on_a_terminal_the_last_column_has_a_hanging_indent() -> None:
    """No line is wider than the terminal."""
    assert list(lines(ROWS, 40)) == [
        "a   one    the first of all the things",
        "           that there are",
        "bb  three",
    ]


def test_beside_wide_columns_the_last_begins_on_a_line_of_its_own() -> None:
    """Else it would stand in a column of two or three letters."""
    assert list(lines([("x" * 30, "the first of all the things")], 40)) == [
        "x" * 30,
        "    the first of all the things",
    ]


def test_a_word_that_is_too_long_is_not_cut() -> None:
    """It may be a name to copy."""
    assert next(lines([("a", "x" * 50)], 40)) == "a  " + "x" * 50


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_output_cannot_carry_is_escaped(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """A list never ends in the middle."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding, write_through=True))

    echo("日本 web")

    assert written.getvalue().split() == [b"\\u65e5\\u672c", b"web"]
