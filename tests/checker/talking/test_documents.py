"""Tests of fetching a document of somebody else's."""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest

from tests.checker.raw_server import answer, answering, saying
from usagetwin.errors import SettingError
from usagetwin_checker.talking import documents
from usagetwin_checker.talking.documents import NotFetchedError, fetched

if TYPE_CHECKING:
    import socket
    from pathlib import Path

TOKEN: Final = "api-22222222-2222-4222-8222-2222222255ec"


def test_a_document_is_asked_for_without_any_credential(
    monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    """Neither the access token nor what a netrc file has of the host goes with it."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hidden\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("USAGETWIN_TOKEN", TOKEN)

    with answering(saying(answer(b"openapi: 3.1.0\n"))) as server:
        assert fetched(f"{server.url}/new.yaml") == b"openapi: 3.1.0\n"

    (head,) = server.heads
    assert head.startswith(b"GET /new.yaml HTTP/1.1\r\n")
    assert b"authorization" not in head.lower()
    assert TOKEN.encode() not in head


def leading_on(times: int) -> "tuple[list[bytes], object]":
    """Answer with so many redirects, then with a document."""
    asked: list[bytes] = []

    def respond(link: "socket.socket", head: bytes) -> None:
        asked.append(head)
        on = len(asked) <= times
        link.sendall(
            answer(b"", "302 Found", b"Location: /on\r\nSet-Cookie: a=b\r\n") if on else answer(b"here")
        )

    return asked, respond


def test_redirects_are_followed_three_times() -> None:
    """Without the cookies that they set."""
    asked, respond = leading_on(3)
    with answering(respond) as server:  # type: ignore[arg-type]  # a Respond
        assert fetched(server.url) == b"here"

    assert all(b"cookie" not in head.lower() for head in asked)


def test_what_leads_on_for_ever_is_left() -> None:
    """Also where each answer looks like the way to the document."""
    asked, respond = leading_on(99)
    with answering(respond) as server, pytest.raises(NotFetchedError, match="leads on more than 3 times"):  # type: ignore[arg-type]  # a Respond
        fetched(server.url)

    assert len(asked) == 4


def test_a_redirect_elsewhere_is_refused() -> None:
    """The hosts that are asked are those that somebody named."""
    elsewhere = answer(b"", "302 Found", b"Location: https://elsewhere.example/x\r\n")
    with answering(saying(elsewhere)) as server, pytest.raises(SettingError, match="elsewhere"):
        fetched(server.url)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://launchdarkly.com/x", "no URL of a document"),
        ("https://", "no URL of a document"),
        ("https://launchdarkly.com:0/x", "no URL of a document"),
        ("https://launchdarkly.com:x/", "no URL of a document"),
        ("https://me:secret@launchdarkly.com/x", "user name or password"),
        ("http://launchdarkly.com/x", "plain HTTP"),
        ("https://launchdarkly.com.example/x", "none of the hosts"),
        ("https://example.com/x", "none of the hosts"),
    ],
)
def test_what_is_not_asked_is_refused_before_anything_is_sent(url: str, problem: str) -> None:
    """With what would be asked instead, and no password in the words."""
    with pytest.raises(SettingError, match=problem) as refused:
        fetched(url)

    assert "secret" not in str(refused.value)


def test_another_host_is_asked_where_it_is_allowed() -> None:
    """It is not known here, and that is what is said."""
    with pytest.raises(NotFetchedError, match="name is not known"):
        fetched("https://docs.somebody.invalid/x", ["docs.somebody.invalid"])


def test_a_refusal_is_no_document() -> None:
    """Its body would be compared as one."""
    refusing = saying(answer(b"openapi: 3.1.0\n", "404 Not Found"))
    with answering(refusing) as server, pytest.raises(NotFetchedError, match="answered with 404"):
        fetched(server.url)


def test_what_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document has an end that is near."""
    monkeypatch.setattr(documents, "LARGEST", 1 << 20)
    large = saying(answer(b"x" * (2 << 20)))
    with answering(large) as server, pytest.raises(NotFetchedError, match="larger than the 1 MiB"):
        fetched(server.url)


def test_what_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though each piece of it comes in time, those of its head too."""
    monkeypatch.setattr(documents, "TIMEOUT_S", 0.3)
    ended = threading.Event()

    def trickle(link: "socket.socket", _head: bytes) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            while not ended.wait(0.05):
                link.sendall(b"X: y\r\n")

    with answering(trickle) as server:
        with pytest.raises(NotFetchedError, match=r"did not answer in whole within 0\.3 s"):
            fetched(server.url)
        ended.set()
