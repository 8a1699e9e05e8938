"""A running twin, asked through the test's own server."""

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FULL, PATH, assert_default_answer
from tests.answer import assert_error
from tests.checker.raw_server import answer, answering, saying
from tests.stage.staged import setup_of, staged
from tests.wire import request, send
from usagetwin.errors import SettingError
from usagetwin.stage.faults import make_fault
from usagetwin.stage.play import Play
from usagetwin.stage.wire import ABRUPT
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.forwarding import Forwarding
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

    from tests.served import Twin
    from tests.stage.staged import Staged

EMPTY: Final = answer(b"{}")


@pytest.fixture(scope="module")
def served() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as served:
        yield served


@contextmanager
def forwarding(served: "Staged", url: str) -> "Iterator[Play]":
    """Let a play use the twin at a URL within the block."""
    play = Play(setup_of("business-week"), app=Forwarding(url))
    served.stage.play = play
    try:
        yield play
    finally:
        served.stage.play = None
        play.close()


def test_the_running_twin_answers(served: "Staged", twin: "Twin") -> None:
    """As it answers whoever asks it directly, and the request is recorded here."""
    with forwarding(served, twin.url) as play:
        assert_default_answer(served.ask())
        assert "'none'" in assert_error(served.ask("projectKey=none"), 404, "not_found")
        assert_error(send(served.server.url, request(b"/nowhere")), 404, "not_found")

    assert [each.status for each in play.journal.requests] == [200, 404, 404]
    assert play.errors == ()


def test_a_fault_of_the_wire_happens_here(served: "Staged", twin: "Twin") -> None:
    """The running twin knows nothing of it."""
    with forwarding(served, twin.url) as play:
        play.faults.add(make_fault("rate-limited", times=1))

        assert served.ask().status == 429
        assert_default_answer(served.ask())


@pytest.mark.parametrize("base", ["", "/", "/mount/point", "/mount/point/"])
def test_the_target_arrives_byte_for_byte(served: "Staged", base: str) -> None:
    """Behind the base path: with its escapes in whatever case, its double slashes and its odd characters."""
    target = b"/api%2fv2//usage/%7e?projectKey=a+b&projectKey=%c3%A9&to=%zz&x=[]|&"

    with answering(saying(EMPTY)) as upstream, forwarding(served, upstream.url + base):
        assert send(served.server.url, request(target)).status == 200

    expected = b"GET " + base.rstrip("/").encode() + target + b" HTTP/1.1"
    assert upstream.heads[0].split(b"\r\n")[0] == expected


def test_headers_arrive_as_they_came_but_those_of_one_connection(served: "Staged") -> None:
    """Doubles and order stay; Host is the running twin's; what `Connection` names stays here."""
    sent = (
        b"Authorization: " + FULL.encode() + b"\r\nX-Twice: 1\r\nX-Twice: 2\r\nAccept-Encoding: br\r\n"
        b"TE: trailers\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\nUser-Agent: mine\r\n"
    )

    with answering(saying(EMPTY)) as upstream, forwarding(served, upstream.url):
        send(served.server.url, request(PATH.encode(), sent))

    lines = [line.lower() for line in upstream.heads[0].split(b"\r\n")[1:] if line]
    host = upstream.url.removeprefix("http://").encode()
    assert lines == [
        b"host: " + host,
        b"authorization: " + FULL.encode(),
        b"x-twice: 1",
        b"x-twice: 2",
        b"accept-encoding: br",
        b"user-agent: mine",
    ]


def test_an_answer_comes_as_it_was_given(served: "Staged") -> None:
    """Status, doubles and a packed body stay; what belongs to the other connection does not come along."""
    headers = b"Content-Encoding: gzip\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\n"

    with answering(saying(answer(b"\x1f\x8b", "418 I am", headers))) as upstream:  # noqa: SIM117 -- it is longer
        with forwarding(served, upstream.url):
            given = served.ask()

    assert (given.status, given.body) == (418, b"\x1f\x8b")
    assert [pair for pair in given.headers if pair[0] != "date"] == [
        ("content-type", "application/json"),
        ("content-length", "2"),
        ("content-encoding", "gzip"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]


def test_an_answer_in_chunks_comes_whole(served: "Staged") -> None:
    """The chunks of the other connection are not repeated within a body."""
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    with answering(saying(raw)) as upstream, forwarding(served, upstream.url):
        assert served.ask().body == b"{}"


def test_a_redirect_is_not_followed(served: "Staged") -> None:
    """It is an answer like any other."""
    moved = answer(b"{}", "301 Moved", b"Location: http://127.0.0.1:1/\r\n")

    with answering(saying(moved)) as upstream, forwarding(served, upstream.url):
        given = served.ask()

    assert (given.status, given.header("location")) == (301, "http://127.0.0.1:1/")


def test_a_head_is_asked_as_a_head(served: "Staged", twin: "Twin") -> None:
    """The length is that of the body which a GET has."""
    with forwarding(served, twin.url):
        head = send(served.server.url, request(PATH.encode(), method=b"HEAD"))
        whole = served.ask()

    assert (head.status, head.body) == (200, b"")
    assert head.header("content-length") == str(len(whole.body))


async def echo(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Answer with the method, the length and the body of the request."""
    body = (await receive())["body"]
    length = dict(scope["headers"]).get(b"content-length", b"none")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b" ".join((scope["method"].encode(), length, body))})


def test_a_body_is_sent_along(served: "Staged") -> None:
    """With its length, also where it came in chunks."""
    authority = Authority()
    upstream = TwinServer(echo, authority)
    upstream.start()
    chunked = b"Transfer-Encoding: chunked\r\n"

    with forwarding(served, upstream.url):
        plain = send(served.server.url, request(PATH.encode(), b"Content-Length: 4\r\n", b"POST") + b"null")
        pieces = send(
            served.server.url,
            request(PATH.encode(), chunked, b"POST") + b"2\r\nnu\r\n2\r\nll\r\n0\r\n\r\n",
        )
        bare = send(served.server.url, request(PATH.encode()))
    upstream.stop()

    assert [plain.body, pieces.body, bare.body] == [b"POST 4 null", b"POST 4 null", b"GET none "]


def test_a_twin_that_does_not_run_is_a_502_with_the_reason(served: "Staged", unused_port: int) -> None:
    """The message names the URL that nobody answers at."""
    url = f"http://127.0.0.1:{unused_port}"

    with forwarding(served, url):
        message = assert_error(served.ask(), 502, "bad_gateway")

    assert url in message
    assert "ConnectError" in message


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"", "RemoteProtocolError"), (b"SSH-2.0-OpenSSH\r\n", "RemoteProtocolError"), (EMPTY[:-1], "Error")],
)
def test_what_is_no_whole_answer_is_a_502_with_the_reason(served: "Staged", raw: bytes, reason: str) -> None:
    """Nothing at all, no HTTP, or a body that ends early."""
    with answering(saying(raw)) as upstream, forwarding(served, upstream.url):
        message = assert_error(served.ask(), 502, "bad_gateway")

    assert reason in message


def test_an_untrusted_certificate_is_a_502_with_the_reason(served: "Staged") -> None:
    """A URL with https is asked over TLS that is verified."""
    upstream = TwinServer(echo, Authority())
    upstream.start()
    host, port = upstream.tls_address

    with forwarding(served, f"https://{host}:{port}"):
        message = assert_error(served.ask(), 502, "bad_gateway")
    upstream.stop()

    assert "CERTIFICATE_VERIFY_FAILED" in message


def test_an_environment_with_a_proxy_changes_nothing(
    served: "Staged", twin: "Twin", monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    """The running twin is asked directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port}")

    with forwarding(served, twin.url):
        assert_default_answer(served.ask())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "twin",
        "127.0.0.1:8080",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://[::1",
        "http://127.0.0.1/?a=1",
        "http://127.0.0.1/#a",
        "http://user:secret@127.0.0.1",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\n",
        "http://tẅin",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    """With one that would do."""
    with pytest.raises(SettingError, match=r"http://127\.0\.0\.1:8080"):
        Forwarding(url)


def test_a_password_is_not_repeated() -> None:
    """The error goes to the log of a CI."""
    with pytest.raises(SettingError) as caught:
        Forwarding("http://user:secret@127.0.0.1")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["app.launchdarkly.com", "APP.EU.launchdarkly.com", "app.launchdarkly.us."])
def test_the_redirected_hosts_are_no_running_twin(host: str) -> None:
    """They lead back here while a test runs: a request would never end."""
    with pytest.raises(SettingError, match="leads to the twin itself"):
        Forwarding(f"https://{host}")


def test_an_upstream_that_resets_is_a_502(served: "Staged") -> None:
    """Whatever happens over there, this client gets JSON."""

    def reset(link: "socket.socket", _head: bytes) -> None:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
        link.close()

    with answering(reset) as upstream, forwarding(served, upstream.url):
        assert "ReadError" in assert_error(served.ask(), 502, "bad_gateway")
