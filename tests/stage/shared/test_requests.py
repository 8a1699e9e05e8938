"""How a request is written in the book."""

from dataclasses import replace

from tests.acme import FULL
from tests.stage.records import recorded
from usagetwin.control import documents
from usagetwin.stage.consumer import Terms, findings_of
from usagetwin.stage.passing_on import Said
from usagetwin.stage.shared.requests import read, read_left, write

REQUEST = replace(
    recorded("from=x&page=1", number=7),
    status=400,
    message="no",
    fault="delay",
    deviates=True,
    preference="wait=1",
    said=Said(mark="m"),
)


def test_all_that_is_shown_of_a_request_comes_back() -> None:
    """With what it broke."""
    findings = findings_of(REQUEST, Terms())

    text = write(REQUEST, findings)
    again, found = read(7, text)

    assert documents.request(again) == documents.request(REQUEST)
    assert [documents.finding(each) for each in found] == [documents.finding(each) for each in findings]
    assert len(found) == 2
    assert read_left(f"7{text}") == (again, found)


def test_no_credential_is_written() -> None:
    """Nor any header."""
    assert FULL not in write(REQUEST, ())
    assert "authorization" not in write(REQUEST, ())


def test_a_request_that_broke_something_is_known_by_its_first_character() -> None:
    """To who does not read it."""
    assert write(REQUEST, ()).startswith("{")
    assert write(REQUEST, findings_of(REQUEST, Terms())).startswith("!{")
