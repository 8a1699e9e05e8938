"""A journal as the book has it, for who reads it again and again."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.stage.records import recorded
from tests.stage.shared.test_book import books, change, write
from usagetwin.stage.shared.book_journal import BookJournal
from usagetwin.stage.shared.requests import write as text_of
from usagetwin.stage.shared.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from usagetwin.stage.shared.book import Book


def text(**known: Any) -> str:  # noqa: ANN401 -- fields of a request, by name
    """Give the text of a request."""
    return text_of(replace(recorded(), **known), ())


def test_what_is_noted_of_a_request_later_is_read_later() -> None:
    """Its status, and, as late as the last of its answer, what a refusal says, or that it deviates."""
    (book,) = books(1)
    write(book, change())
    journal = BookJournal(Shelf(book, "1"))
    book.add("1", text(), [])

    seen = []
    for known in ({}, {"status": 200}, {"status": 200, "deviates": True}):
        book.note("1", 1, text(**known))
        (request,) = journal.requests
        seen.append((request.number, request.status, request.deviates))

    assert seen == [(1, None, False), (1, 200, False), (1, 200, True)]


def test_what_was_answered_is_not_read_each_time(monkeypatch: "pytest.MonkeyPatch") -> None:
    """Of a long journal, read a page at a time, most is known."""
    (book,) = books(1)
    write(book, change())
    journal = BookJournal(Shelf(book, "1"))
    read: list[Sequence[int]] = []
    ask = book.requests

    def requests(play: str, numbers: "Sequence[int]") -> list[str | None]:
        read.append(list(numbers))
        return ask(play, numbers)

    monkeypatch.setattr(book, "requests", requests)
    for status in (200, None, 200):
        book.add("1", text(status=status), [])
        assert len(journal.requests) == len(read)
    assert [request.number for request in journal.requests] == [1, 2, 3]

    assert read == [[1], [1, 2], [2, 3], [2, 3]]


def test_requests_that_are_kept_no_more_are_known_no_more() -> None:
    """But for what they broke."""
    book: Book
    (book,) = books(1, requests=2)
    write(book, change())
    journal = BookJournal(Shelf(book, "1"))
    for _ in range(3):
        book.add("1", text(status=200), [])
        kept = [request.number for request in journal.requests]

    assert kept == [2, 3]
    assert len(journal) == 3


def test_a_request_that_leaves_while_it_is_read_is_left_out(monkeypatch: "pytest.MonkeyPatch") -> None:
    """The numbers of a journal are asked for before its requests, and others may come in between."""
    book: Book
    (book,) = books(1, requests=1)
    write(book, change())
    journal = BookJournal(Shelf(book, "1"))
    book.add("1", text(), [])
    assert [each.number for each in journal.requests] == [1]
    ask = book.requests

    def requests(play: str, numbers: "Sequence[int]") -> list[str | None]:
        book.add("1", text(status=200), [])
        return ask(play, numbers)

    monkeypatch.setattr(book, "requests", requests)
    assert list(journal.requests) == []
    monkeypatch.setattr(book, "requests", ask)
    assert [each.number for each in journal.requests] == [2]
