"""Tests of what is taken for a newer document."""

import json

import pytest
import yaml

from tests.checker.drifting.editions import TEXT, edited, kinds_of
from usagetwin.errors import FileError
from usagetwin_checker.drifting.edition import edition_of

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
PAGE = f"# A page\n\n```json\n{{}}\n```\n\n```yaml\n{TEXT}```\n\n```python\nprint()\n```\n"


def test_the_document_is_taken_out_of_its_page() -> None:
    """Byte for byte, whatever other blocks the page has, and whatever ends its lines."""
    for page in (
        PAGE,
        PAGE.replace("```yaml", "~~~~ yaml").replace(f"{TEXT}```", f"{TEXT}~~~~"),
        PAGE.replace("\n", "\r\n"),
    ):
        assert edition_of(page.encode(), "page.md").text == TEXT


INFO = TEXT.partition("openapi: 3.1.0\n")[2].replace("paths:\n", "openapi: 3.1.0\npaths:\n", 1)
AS_JSON = json.dumps(yaml.safe_load(TEXT), indent=2) + "\n"
OTHER = '```json\n{"document": {"openapi": "3.1.0"}}\n```\n```yaml\nopenapi: 3.1.0: 2\n```\n'


@pytest.mark.parametrize("block", [f"# The document\n{TEXT}", f"---\n{TEXT}", INFO, AS_JSON])
@pytest.mark.parametrize("before", ["# A page\n\n", "---\nopenapi: GET /api\n---\n\n", OTHER, ""])
def test_the_document_of_a_page_may_begin_with_anything(before: str, block: str) -> None:
    """With a comment, with another key, as JSON; other blocks may speak of OpenAPI."""
    found = edition_of(f"{before}```\n{block}```\n".encode(), "page.md")

    assert found.value == yaml.safe_load(TEXT)
    assert found.text == (None if block == AS_JSON else block)


def test_a_reference_may_be_written_as_part_of_a_url() -> None:
    """As a tool does that has a space in a name."""
    text = TEXT.replace("schemas/SeriesListRep", "schemas/Series%20List").replace(
        "SeriesListRep:", "Series List:"
    )

    assert kinds_of(text) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", "it is no UTF-8"),
        (b"", "it is no OpenAPI document"),
        (b"[1, 2]", "it is no OpenAPI document"),
        (b"{", "is no JSON"),
        (b"{" * 50 + b'"a":' * 3, "is no JSON"),
        (b'{"openapi": "2", "openapi": "3.1.0", "paths": {}}', "'openapi' stands twice"),
        (b"a: [1", "this is not YAML"),
        (b"\n<!doctype html><p>openapi: 3.1.0", "it is HTML"),
        (b"a: 1\na: 2\n", "'a' stands twice"),
        (b"openapi: 2.0.0\n", "it is OpenAPI '2.0.0'"),
        (b"openapi: 3.1.0\n", "it has no paths"),
        ((PAGE + PAGE).encode(), "the page has 2 fenced blocks"),
        (b'{"a":' * 200_000, "is nested more than 100 deep"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "is nested more than 100 deep"),
        (b"[" * 200_000, "is nested more than 100 deep"),
        (LAUGHS.encode(), "it has more than 2000000 values"),
    ],
)
def test_what_is_no_document_is_refused_by_what_is_wrong(content: bytes, problem: str) -> None:
    """With the file's name."""
    with pytest.raises(FileError, match=problem) as refused:
        edition_of(content, "some.txt")

    assert "some.txt" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("#/components/schemas/SeriesListRep", "#/components/schemas/Nothing", "leads nowhere"),
        ("#/components/schemas/SeriesListRep", "https://x.example/y.json", "leads out of the document"),
        (
            "    SeriesListRep:\n      type: object\n",
            "    SeriesListRep:\n      $ref: '#/components/schemas/SeriesListRep'\n",
            "in a circle",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(old: str, new: str, problem: str) -> None:
    """Half a document can't be compared."""
    with pytest.raises(FileError, match=problem):
        kinds_of(edited(old, new))


def test_a_schema_within_itself_is_compared_once() -> None:
    """References may form a circle through properties."""
    again = "        next: {$ref: '#/components/schemas/SeriesListRep'}\n"
    text = edited("        metadata:\n", f"{again}        metadata:\n")

    assert kinds_of(text) == [("new", "200.next is new")]
