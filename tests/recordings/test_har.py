"""Tests of HAR as browsers and proxies write it: quirks, and what they leave out."""

import base64
from io import BytesIO
from typing import Any

import pytest

from tests.checker.recorded import entry, har
from usagetwin.recordings import har as reader
from usagetwin.recordings.entries import Entry, Head, PassedOver
from usagetwin.recordings.formats import entries
from usagetwin.recordings.har import read
from usagetwin.recordings.json_streams import NotReadError


def whole(value: Any) -> Entry:  # noqa: ANN401 -- any JSON
    """Read an entry that shows something."""
    found = read(value)
    assert isinstance(found, Entry), found
    return found


def test_headers_of_one_name_are_joined_and_those_of_http_2_are_none() -> None:
    """As HTTP has it; what a browser lists for HTTP/2 begins with a colon."""
    headers = [
        {"name": ":authority", "value": "app.launchdarkly.com"},
        {"name": "Origin", "value": "https://a.example"},
        {"name": "X", "value": "1"},
        {"name": "x", "value": "2"},
        {"name": 7, "value": "no text"},
        "no object",
    ]

    assert whole(entry(asked_with=headers)).request_headers == {"origin": "https://a.example", "x": "1, 2"}


@pytest.mark.parametrize(
    ("content_too", "expected"),
    [
        ({"text": base64.b64encode(b"\xff{").decode(), "encoding": "base64"}, b"\xff{"),
        ({"text": "ä"}, "ä".encode()),
        ({"text": "\ud800"}, b"\xed\xa0\x80"),
        ({"text": None, "size": 7}, None),
        ({"text": ""}, b""),
        ({"text": "", "size": 0}, b""),
        ({"text": "", "size": -1}, b""),
        ({"text": "", "size": 693}, None),
        ({"text": '{"series": [', "size": 693}, None),
        ({"text": '{"series": [', "size": 12}, b'{"series": ['),
        ({"text": '{"a": 1}', "size": 18}, b'{"a": 1}'),
        ({"comment": "Body truncated: 1 of 2 bytes recorded"}, None),
    ],
)
def test_a_body_is_what_was_kept_of_it(content_too: dict[str, Any], expected: bytes | None) -> None:
    """One that was not kept is no empty one."""
    assert whole(entry(content_too=content_too)).body == expected


def test_where_no_body_can_be_none_is_missing() -> None:
    """A HEAD is answered without one."""
    assert whole(entry(method="HEAD", content_too={"text": None})).body == b""


def test_a_body_in_an_unknown_encoding_shows_nothing() -> None:
    """What it was can't be told."""
    assert read(entry(content_too={"encoding": "rot13"})) == reader.UNKNOWN_CODING
    assert read(entry(content_too={"encoding": "base64", "text": "x"})) == reader.UNKNOWN_CODING


@pytest.mark.parametrize(
    "value",
    [entry(status=0), entry(status=None), entry(response=None), entry(response=[]), entry(status="200")],
)
def test_a_request_without_a_response_shows_nothing(value: Any) -> None:  # noqa: ANN401 -- any JSON
    """A browser lists those that it gave up, or blocked."""
    assert read(value) == reader.UNANSWERED


@pytest.mark.parametrize(
    "value", [None, 7, "x", [], {}, {"request": 7}, entry(method=7), entry(url=None), entry(request=[])]
)
def test_what_is_no_entry_is_told_apart(value: Any) -> None:  # noqa: ANN401 -- any JSON
    """Whatever it is."""
    assert read(value) == reader.MALFORMED


def test_what_a_browsers_cache_answered_shows_nothing_of_the_target() -> None:
    """Chromium says so; a 304 to a request with a condition says so, too; another one is the target's."""
    condition = [{"name": "If-None-Match", "value": "x"}]

    assert read(entry(_fromCache="disk")) == reader.OF_A_CACHE
    assert read(entry(status=304, asked_with=condition)) == reader.OF_A_CACHE
    assert whole(entry(status=304)).status == 304


@pytest.mark.parametrize("when", ["yesterday", "", None, 7, "9999-99-99T00:00:00Z"])
def test_a_time_that_can_not_be_read_is_none(when: object) -> None:
    """The entry is read all the same."""
    assert whole(entry(startedDateTime=when)).at_s is None


def test_a_local_time_says_where() -> None:
    """Firefox writes the zone of its user."""
    assert whole(entry(startedDateTime="2026-03-03T14:00:00.000+02:00")).at_s == 1772539200


def test_the_head_says_who_wrote_it_and_what_a_run_of_ours_knew() -> None:
    """A comment of somebody else's says nothing."""
    ours, other = Head(), Head()

    list(entries(BytesIO(har(comment='{"usagetwin": {"live": true}}')), ours))
    list(entries(BytesIO(har(comment='["usagetwin"]')), other))

    assert (ours.writer, ours.known) == ("somebody", {"live": True})
    assert other.known == {}
    for text in ("x", "[" * 100_000, '{"usagetwin": 7}'):
        list(entries(BytesIO(har(comment=text)), other))
        assert other.known == {}


def test_another_version_is_refused() -> None:
    """By its name."""
    with pytest.raises(NotReadError, match=r"it is HAR '2\.0', and 1\.1 and 1\.2 and 1\.3 are read"):
        list(entries(BytesIO(har(version="2.0")), Head()))


def test_each_entry_is_read_or_passed_over() -> None:
    """In their order."""
    found = list(entries(BytesIO(har(entry(), 7, entry(status=0))), Head()))

    assert [type(each) for each in found] == [Entry, PassedOver, PassedOver]
