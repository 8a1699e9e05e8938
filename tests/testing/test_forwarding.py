"""A play of a running twin, asked through the test's own server."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Final

import pytest

from tests.acme import FULL, NOW_S, PATH
from tests.answer import assert_error
from tests.checker.raw_server import WITHIN_S, answer, answering, saying
from tests.wire import connection_to, get, request, send
from usagetwin.stage.instants import moment
from usagetwin.stage.journal import Journal
from usagetwin.stage.passing_on import Said
from usagetwin.stage.patience import Patience
from usagetwin.stage.wire import ABRUPT
from usagetwin_checker.redirect.authority import Authority
from usagetwin_checker.testing.forwarding import Forwarding, Here
from usagetwin_checker.testing.running_twin import RunningTwin
from usagetwin_checker.testing.server import TwinServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Receive, Scope, Send

    from tests.answer import Answer
    from tests.checker.raw_server import Respond

EMPTY: Final = answer(b"{}")
TOKEN: Final = "api-00000000-0000-8000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Passing:
    """A server of this process that passes requests on, and what it knows of them."""

    server: TwinServer
    journal: Journal
    patience: Patience

    def ask(self) -> "Answer":
        """Ask one GET over plain HTTP, on a connection of its own."""
        connection = connection_to(self.server.url)
        try:
            return get(connection)
        finally:
            connection.close()


@contextmanager
def forwarding(url: str, *, patience_s: float = 60) -> "Iterator[Passing]":
    """Serve what passes requests on to a URL, within the block."""
    errors: list[Exception] = []
    here = Here(
        journal=Journal(),
        patience=Patience(patience_s),
        now_s=lambda: NOW_S,
        said=lambda request: Said(mark=str(request.number), now_s=NOW_S),
        fail=errors.append,
    )
    app = Forwarding(RunningTwin(url).place, TOKEN, here)
    server = TwinServer(app, Authority())
    server.start()
    try:
        yield Passing(server, here.journal, here.patience)
    finally:
        server.stop()
    assert errors == []


@pytest.mark.parametrize("base", ["", "/", "/mount/point", "/mount/point/"])
def test_the_target_arrives_byte_for_byte(base: str) -> None:
    """Behind the base path: with its escapes in whatever case, its double slashes and its odd characters."""
    target = b"/api%2fv2//usage/%7e?projectKey=a+b&projectKey=%c3%A9&to=%zz&x=[]|&"

    with answering(saying(EMPTY)) as upstream, forwarding(upstream.url + base) as here:
        assert send(here.server.url, request(target)).status == 200

    expected = b"GET " + base.rstrip("/").encode() + target + b" HTTP/1.1"
    assert upstream.heads[0].split(b"\r\n")[0] == expected


def test_headers_arrive_as_they_came_but_those_of_one_connection() -> None:
    """Doubles and order stay; Host is the running twin's; what `Connection` names stays here.

    The play is named beside the credential, by this test's server alone.
    """
    sent = (
        b"Authorization: " + FULL.encode() + b"\r\nX-Twice: 1\r\nX-Twice: 2\r\nAccept-Encoding: br\r\n"
        b"TE: trailers\r\nUsagetwin-Play: other\r\nConnection: keep-alive, X-Private\r\nX-Private: 1\r\n"
        b"User-Agent: mine\r\n"
    )

    with answering(saying(EMPTY)) as upstream, forwarding(upstream.url) as here:
        send(here.server.url, request(PATH.encode(), sent))

    lines = [line.lower() for line in upstream.heads[0].split(b"\r\n")[1:] if line]
    host = upstream.url.removeprefix("http://").encode()
    assert lines == [
        b"host: " + host,
        b"authorization: " + FULL.encode(),
        b"x-twice: 1",
        b"x-twice: 2",
        b"accept-encoding: br",
        b"user-agent: mine",
        b"usagetwin-play: " + TOKEN.encode() + b"; mark=1; now=%d" % NOW_S,
        b"connection: close",
    ]


def test_an_answer_comes_as_it_was_given() -> None:
    """Status, doubles and a packed body stay; what belongs to the other connection does not come along."""
    headers = b"Content-Encoding: gzip\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\n"

    with answering(saying(answer(b"\x1f\x8b", "418 I am", headers))) as upstream:  # noqa: SIM117 -- it is longer
        with forwarding(upstream.url) as here:
            given = here.ask()

    assert (given.status, given.body) == (418, b"\x1f\x8b")
    assert [pair for pair in given.headers if pair[0] != "date"] == [
        ("content-type", "application/json"),
        ("content-length", "2"),
        ("content-encoding", "gzip"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]


def test_an_answer_in_chunks_comes_whole() -> None:
    """The chunks of the other connection are not repeated within a body."""
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"

    with answering(saying(raw)) as upstream, forwarding(upstream.url) as here:
        assert here.ask().body == b"{}"


def test_a_redirect_is_not_followed() -> None:
    """It is an answer like any other."""
    moved = answer(b"{}", "301 Moved", b"Location: http://127.0.0.1:1/\r\n")

    with answering(saying(moved)) as upstream, forwarding(upstream.url) as here:
        given = here.ask()

    assert (given.status, given.header("location")) == (301, "http://127.0.0.1:1/")


def test_a_head_is_asked_as_a_head() -> None:
    """The length is that of the body which a GET has."""
    with answering(saying(answer()[:-4] + b"\r\nX: y\r\n\r\n")) as upstream, forwarding(upstream.url) as here:
        head = send(here.server.url, request(PATH.encode(), method=b"HEAD"))

    assert (head.status, head.body) == (200, b"")
    assert upstream.heads[0].startswith(b"HEAD ")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + EMPTY,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
    ],
)
def test_an_answer_is_known_by_its_end(raw: bytes) -> None:
    """An interim one is not it, and where nothing else says so, its connection ends it."""
    with answering(saying(raw)) as upstream, forwarding(upstream.url) as here:
        given = here.ask()

    assert (given.status, given.body, given.header("link")) == (200, b"{}", None)


async def echo(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Answer with the method, the length and the body of the request."""
    body = (await receive())["body"]
    length = dict(scope["headers"]).get(b"content-length", b"none")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b" ".join((scope["method"].encode(), length, body))})


def test_a_body_is_sent_along() -> None:
    """With its length, also where it came in chunks."""
    authority = Authority()
    upstream = TwinServer(echo, authority)
    upstream.start()
    chunked = b"Transfer-Encoding: chunked\r\n"

    with forwarding(upstream.url) as here:
        plain = send(here.server.url, request(PATH.encode(), b"Content-Length: 4\r\n", b"POST") + b"null")
        pieces = send(
            here.server.url,
            request(PATH.encode(), chunked, b"POST") + b"2\r\nnu\r\n2\r\nll\r\n0\r\n\r\n",
        )
        bare = send(here.server.url, request(PATH.encode()))
    upstream.stop()

    assert [plain.body, pieces.body, bare.body] == [b"POST 4 null", b"POST 4 null", b"GET none "]


def test_a_twin_that_does_not_run_is_a_502_with_the_reason(unused_port: int) -> None:
    """The message names the URL that nobody answers at; the journal has it."""
    url = f"http://127.0.0.1:{unused_port}"

    with forwarding(url) as here:
        message = assert_error(here.ask(), 502, "bad_gateway")

    assert url in message
    assert "ConnectionRefusedError" in message
    (recorded,) = here.journal.requests
    assert (recorded.status, recorded.message, recorded.at) == (502, message, moment(NOW_S))


def test_what_is_no_answer_is_a_502_with_the_reason() -> None:
    """Another protocol than HTTP."""
    with answering(saying(b"SSH-2.0-OpenSSH\r\n")) as upstream, forwarding(upstream.url) as here:
        message = assert_error(here.ask(), 502, "bad_gateway")

    assert "HttpParser" in message


def reset(link: socket.socket, _head: bytes) -> None:
    """End a connection as a crash does."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
    link.close()


@pytest.mark.parametrize(
    ("respond", "error"),
    [
        (saying(b""), RemoteDisconnected),
        (saying(EMPTY[:20]), RemoteDisconnected),
        (saying(EMPTY[:-1]), IncompleteRead),
        (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), IncompleteRead),
        (reset, ConnectionResetError),
    ],
)
def test_a_connection_that_ends_there_ends_here(respond: "Respond", error: type[Exception]) -> None:
    """Closed before an answer or in its midst, or reset: the client sees the same."""
    with answering(respond) as upstream, forwarding(upstream.url) as here, pytest.raises(error):
        here.ask()


def test_a_client_that_leaves_is_not_waited_for() -> None:
    """Its connection there ends with its own."""
    left = threading.Event()

    def waiting(link: socket.socket, _head: bytes) -> None:
        if not link.recv(1):
            left.set()

    with answering(waiting) as upstream, forwarding(upstream.url) as here:
        with socket.create_connection(here.server.plain_address) as link:
            link.sendall(request(PATH.encode()))
            _until(lambda: bool(upstream.heads))

        assert left.wait(WITHIN_S)
    assert here.patience.endless == ()


def test_a_client_that_waits_without_end_is_told_of() -> None:
    """After the longest wait, its connection is dropped."""

    def silent(link: socket.socket, _head: bytes) -> None:
        link.recv(1)

    with answering(silent) as upstream, forwarding(upstream.url, patience_s=0.2) as here:
        assert isinstance(_lost(here), ConnectionError)

    (said,) = here.patience.endless
    assert said.startswith(f"this client waits without end: after 0.2 s, GET {PATH}")


def _lost(here: Passing) -> BaseException:
    with pytest.raises(OSError) as caught:  # noqa: PT011 -- which one is what the test is about
        here.ask()
    return caught.value


def _until(done: "Callable[[], bool]") -> None:
    until_s = time.monotonic() + WITHIN_S
    while not done():
        assert time.monotonic() < until_s
        time.sleep(0.005)


def test_an_untrusted_certificate_is_a_502_with_the_reason() -> None:
    """A URL with https is asked over TLS that is verified."""
    upstream = TwinServer(echo, Authority())
    upstream.start()
    host, port = upstream.tls_address

    with forwarding(f"https://{host}:{port}") as here:
        message = assert_error(here.ask(), 502, "bad_gateway")
    upstream.stop()

    assert "CERTIFICATE_VERIFY_FAILED" in message


def test_an_environment_with_a_proxy_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    """The running twin is asked directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port}")

    with answering(saying(EMPTY)) as upstream, forwarding(upstream.url) as here:
        assert here.ask().body == b"{}"
