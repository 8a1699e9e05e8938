"""Tests of `usagetwin_checker.reporting.page.conversation`: what is shown of one exchange."""

from dataclasses import replace

import pytest

from tests.checker.conversations import get, sent
from tests.checker.reporting.page.reports import sums_that_disagree
from usagetwin_checker.findings import Finding
from usagetwin_checker.reporting.page.conversation import MOST_TEXT, conversation, seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\ud800", "\\ud800"),
        ("a\x00b\x1b[31m", "a\\x00b\\x1b[31m"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("日本 é 🙂", "日本 é 🙂"),
    ],
)
def test_nothing_in_an_answer_is_unseen(text: str, shown: str) -> None:
    """Control characters, halves of characters and marks of direction are written out."""
    assert seen(text) == shown


def test_the_points_in_question_are_shown_and_how_many_there_are() -> None:
    """Of a series, those that the finding is about; all five where it is about all."""
    report = sums_that_disagree()

    first, second = conversation(report.findings[0], report)

    assert first.answer == '{"time": 1772582400000, "0": 11}'
    assert first.left_out == "1 of 5 points"
    assert second.answer.count("\n") == 3
    assert (first.came, first.media_type, first.milliseconds) == ("200", "application/json", 2.0)
    assert first.at == "2026-03-17 12:20:02"


def test_of_a_long_answer_the_beginning_is_shown() -> None:
    """What is no series has its text, as far as it is worth reading."""
    report = sums_that_disagree()
    body = sent(get(), 500, b"<p>" + b"no " * 10_000)

    (shown,) = conversation(Finding("status-is-documented", "", (body,)), report)

    assert len(shown.answer) == MOST_TEXT
    assert shown.left_out == "the beginning of 30003 bytes"


def test_what_was_never_answered_says_why() -> None:
    """In place of a status, or beside it where one came."""
    report = sums_that_disagree()
    gone = replace(sent(get(), 0, b""), failure="nothing listens there")
    cut = replace(gone, status=200, failure="more than 4 MiB")

    none, some = conversation(Finding("status-is-documented", "", (gone, cut)), report)

    assert (none.came, none.answer) == ("no answer: nothing listens there", "")
    assert some.came == "200: more than 4 MiB"
