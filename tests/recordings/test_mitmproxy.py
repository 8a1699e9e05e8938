"""Tests of a dump of mitmproxy's; `test_formats` has one that it wrote."""

from io import BytesIO
from typing import Any

import pytest

from usagetwin.recordings import har, mitmproxy
from usagetwin.recordings.entries import Entry, Head, PassedOver
from usagetwin.recordings.json_streams import NotReadError
from usagetwin.recordings.mitmproxy import flows


def dumped(value: Any) -> bytes:  # noqa: ANN401 -- any value
    """Write a value as a typed netstring, as mitmproxy does."""
    match value:
        case None:
            content, tag = b"", b"~"
        case bool():
            content, tag = str(value).lower().encode(), b"!"
        case int():
            content, tag = str(value).encode(), b"#"
        case float():
            content, tag = repr(value).encode(), b"^"
        case str():
            content, tag = value.encode(), b";"
        case bytes():
            content, tag = value, b","
        case list():
            content, tag = b"".join(map(dumped, value)), b"]"
        case _:
            content = b"".join(dumped(part) for pair in value.items() for part in pair)
            tag = b"}"
    return str(len(content)).encode() + b":" + content + tag


def flow(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- any value
    """Give a flow as mitmproxy keeps it."""
    return {
        "type": "http",
        "request": {
            "host": "x.example",
            "port": 443,
            "scheme": b"https",
            "method": b"GET",
            "path": b"/y?a=1",
            "headers": [[b"A", b"1"], [b"a", b"2"]],
            "content": b"",
            "timestamp_start": 7.0,
        },
        "response": {
            "status_code": 200,
            "headers": [[b"B", b"\xc3\xa4"]],
            "content": b"{}",
            "timestamp_start": 7.25,
        },
    } | changes


def read(content: bytes, head: Head | None = None) -> list[Entry | PassedOver]:
    """Read a dump."""
    return list(flows(BytesIO(content), head or Head()))


def test_each_flow_is_read() -> None:
    """With all that there is of it."""
    whole = Entry(
        "GET", "https://x.example/y?a=1", {"a": "1, 2"}, 200, {"b": "ä"}, b"{}", at_s=7.0, seconds=0.25
    )

    assert read(dumped(flow()) * 2) == [whole, whole]


def test_what_is_no_exchange_over_http_is_told_apart() -> None:
    """Other flows, and those without a host or an answer."""
    parts = (flow(type="tcp"), flow(request={}), flow(response=None), flow(response={"status_code": True}), 7)

    assert read(b"".join(map(dumped, parts))) == [
        mitmproxy.OTHER,
        har.MALFORMED,
        har.UNANSWERED,
        har.UNANSWERED,
        mitmproxy.OTHER,
    ]


def test_a_body_that_was_not_kept_or_can_not_be_decoded_is_told_apart() -> None:
    """As in any format."""
    gone, broken = read(
        dumped(flow(response={"status_code": 200}))
        + dumped(
            flow(response={"status_code": 200, "headers": [[b"content-encoding", b"br"]], "content": b"x"})
        )
    )

    assert isinstance(gone, Entry)
    assert gone.body is None
    assert broken == har.UNKNOWN_CODING


def test_a_dump_that_is_cut_off_gives_what_is_whole() -> None:
    """At any place."""
    content = dumped(flow())

    for at in range(1, len(content)):
        head = Head()
        assert len(read(content + content[:at], head)) == 1
        assert head.cut


def test_a_flow_that_is_too_large_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one is read."""
    monkeypatch.setattr(mitmproxy, "MOST_PIECE", 1000)
    head = Head()

    found = read(dumped(flow(comment="x" * 1000)) + dumped(flow()), head)
    assert [type(each) for each in found] == [PassedOver, Entry]
    assert not head.cut
    assert read(b"999999999999:x", head) == [mitmproxy.LARGE]
    assert head.cut


@pytest.mark.parametrize("content", [b"x", b"1x", b"9999999999999:", b":", b"5 :hello,"])
def test_what_is_no_dump_is_refused(content: bytes) -> None:
    """A flow begins with its length."""
    with pytest.raises(NotReadError, match="it is no dump of mitmproxy's"):
        read(content)


def test_a_bomb_of_nesting_is_refused() -> None:
    """It does not take long."""
    bomb: Any = []
    for _ in range(40):
        bomb = [bomb]

    with pytest.raises(NotReadError, match="nested more than 30 times"):
        read(dumped(bomb))


def test_values_of_wrong_forms_are_none() -> None:
    """A number that is none, a tag that nobody knows, a length that goes too far."""
    for content in (b"1:x#", b"1:x^", b"3:nan^", b"20:12345678901234567890#", b"1:x?", b"6:99:abc]"):
        assert read(content) == [mitmproxy.OTHER]
