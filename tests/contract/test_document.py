"""Tests of the vendored document."""

from hashlib import sha256

import pytest

from usagetwin.contract.document import (
    DOCUMENT_FILE,
    DOCUMENT_PAGE,
    SHA256,
    at_pointer,
    check_hash,
    document,
    document_text,
)
from usagetwin.data import openapi_folder
from usagetwin.errors import ContractError


def test_the_document_is_the_one_that_was_vendored() -> None:
    """Its bytes have the hash that the code and the note on its source both state."""
    content = (openapi_folder() / DOCUMENT_FILE).read_bytes()

    assert sha256(content).hexdigest() == SHA256
    assert f"`{SHA256}`" in (openapi_folder() / "SOURCE.md").read_text(encoding="utf-8")
    assert f"{len(content)} bytes" in (openapi_folder() / "SOURCE.md").read_text(encoding="utf-8")


def test_the_page_of_the_document_is_its_origin() -> None:
    """Users are led to the page that the note on the source names."""
    origin = (openapi_folder() / "SOURCE.md").read_text(encoding="utf-8")

    assert f"| Origin | <{DOCUMENT_PAGE}>" in origin


def test_an_edited_document_is_refused() -> None:
    """One byte more, and loading says where changes belong."""
    with pytest.raises(ContractError, match="overlay") as refusal:
        check_hash(document_text().encode() + b"\n")

    assert DOCUMENT_FILE in str(refusal.value)


def test_the_document_is_parsed_anew() -> None:
    """A caller may change what it gets without changing what the next one gets."""
    document()["info"]["title"] = "changed"

    assert document()["info"]["title"] == "LaunchDarkly REST API"


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", {"a/b": [{"~": 1}]}),
        ("/a~1b/0", {"~": 1}),
        ("/a~1b/0/~0", 1),
    ],
)
def test_a_pointer_leads_through_objects_and_arrays(pointer: str, expected: object) -> None:
    """Steps are unescaped as RFC 6901 says."""
    assert at_pointer({"a/b": [{"~": 1}]}, pointer) == expected


@pytest.mark.parametrize("pointer", ["/b", "/a/1", "/a/x", "/a/0/x", "a"])
def test_a_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    """A missing name, an index beyond the end, a step into a scalar, and a pointer without its slash."""
    with pytest.raises(LookupError):
        at_pointer({"a": ["x"]}, pointer)
