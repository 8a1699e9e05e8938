"""Tests of cutting the document's prose into sentences."""

import pytest

from usagetwin.contract import sentences
from usagetwin.contract.document import document_text
from usagetwin.contract.sentences import sentence_lines, sentences_of
from usagetwin.errors import ContractError


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (3, "LaunchDarkly REST API"),
        (9, "Get observability sessions usage"),
        (11, "Supports `daily` and `monthly` granularity."),
        (19, "The series of data returned starts from this timestamp (Unix seconds)."),
        (20, "Defaults to the beginning of the current month."),
        (28, "The series of data returned ends at this timestamp (Unix seconds)."),
        (29, "Defaults to the current time."),
        (37, "Can be specified multiple times, one query parameter per project key."),
        (56, "Defaults to `month_to_date`."),
        (57, "Valid values: `month_to_date`, `incremental`, `rolling_30d`."),
        (82, "Invalid access token"),
        (113, "Any type"),
        (153, "Specific error code encountered"),
    ],
)
def test_a_sentence_has_the_line_where_it_begins(line: int, text: str) -> None:
    """Lines were counted by hand in the vendored file; a repeated text has that of its first appearance."""
    assert sentence_lines()[text] == line


def test_every_sentence_begins_on_its_line() -> None:
    """The line that a sentence states holds its first word, in the file itself."""
    lines = document_text().splitlines()

    for sentence in sentences():
        assert sentence.text.split()[0] in lines[sentence.line - 1]


def test_sentences_leave_out_no_prose() -> None:
    """Joined again, the sentences of one string are that string."""
    joined = " ".join(
        sentence.text for sentence in sentences() if sentence.pointer.endswith("/parameters/3/description")
    )

    assert joined == (
        "Specifies the data granularity. Defaults to `daily`. Valid values depend on `aggregationType`: "
        "**month_to_date** supports `daily` and `monthly`; **incremental** and **rolling_30d** support "
        "`daily` only."
    )


def test_every_style_of_string_is_read() -> None:
    """Folded, literal, plain, quoted and wrapped strings give the same sentences at their own lines."""
    text = (
        "a:\n  summary: >-\n    One. Two\n    words.\n"
        "b:\n  description: |\n    One.\n    Two.\n"
        "c:\n  - summary: 'One.<br/>Two.'\n  - description: One\n      and\n      more. Two.\n"
    )

    found = [(sentence.text, sentence.line, sentence.pointer) for sentence in sentences_of(text)]

    assert found == [
        ("One.", 3, "/a/summary"),
        ("Two words.", 3, "/a/summary"),
        ("One.", 7, "/b/description"),
        ("Two.", 8, "/b/description"),
        ("One.", 10, "/c/0/summary"),
        ("Two.", 10, "/c/0/summary"),
        ("One and more.", 11, "/c/1/description"),
        ("Two.", 13, "/c/1/description"),
    ]


def test_a_sentence_that_stands_twice_in_one_string_has_both_lines() -> None:
    """The search for the second begins where the first ended."""
    found = sentences_of("summary: >-\n  Again.\n  Again.\n")

    assert [(sentence.text, sentence.line) for sentence in found] == [("Again.", 2), ("Again.", 3)]


def test_names_are_no_prose() -> None:
    """Only the document's own title counts; titles of schemas, and properties called description, don't."""
    text = "info: {title: Name}\ns: {title: Other, properties: {description: {type: string}}}\n"

    assert [sentence.text for sentence in sentences_of(text)] == ["Name"]


def test_an_abbreviation_or_decimal_does_not_end_a_sentence() -> None:
    """A full stop ends a sentence before a capital alone."""
    assert [s.text for s in sentences_of("summary: Version 1.0 and e.g. this. That.\n")] == [
        "Version 1.0 and e.g. this.",
        "That.",
    ]


def test_an_empty_description_has_no_sentence() -> None:
    """Nothing follows from nothing."""
    assert sentences_of("summary: ''\n") == ()


def test_a_string_that_cannot_be_found_again_is_refused() -> None:
    """An escape hides a sentence from the search for its line; that is said, with the line of the string."""
    with pytest.raises(ContractError, match=r":2: can't find"):
        sentences_of('a: b\nsummary: "caf\\u00e9"\n')
