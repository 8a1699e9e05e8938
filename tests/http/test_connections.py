"""What one connection may bring: several requests, other protocols, trailers, silence, and no reader."""

import re
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from tests.acme import FULL, NOW, PATH
from tests.served import served
from tests.wire import CREDENTIAL, request, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Twin

TARGET: Final = PATH.encode()
GARBAGE: Final = b"\x00\x01 what is this?\r\n\r\n"
TIMEOUT_S: Final = 30
SHORT: Final = "0.5"


@pytest.fixture(scope="module")
def hasty(acme_file: str) -> "Iterator[Twin]":
    """Serve a twin that waits for its clients for half a second."""
    with served("--world", acme_file, "--now", NOW, "--idle-timeout", SHORT) as twin:
        yield twin


def connected(twin: "Twin") -> socket.socket:
    """Open a connection."""
    parts = urlsplit(twin.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S)


def everything(link: socket.socket) -> bytes:
    """Read until the other side has ended."""
    return b"".join(iter(lambda: link.recv(65536), b""))


def statuses(answers: bytes) -> list[int]:
    """Give the statuses of the answers on a connection, in order."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answers)]


@pytest.mark.parametrize("whole", [True, False], ids=["in one piece", "byte by byte"])
def test_what_came_before_garbage_is_answered_first(twin: "Twin", *, whole: bool) -> None:
    """Three valid requests get their answers, in order, and then the garbage is refused."""
    sent = request(TARGET) + request(TARGET + b"?from=x") + request(TARGET) + GARBAGE
    with connected(twin) as link:
        for piece in [sent] if whole else [sent[place : place + 1] for place in range(len(sent))]:
            link.sendall(piece)

        answers = everything(link)

    assert statuses(answers) == [200, 400, 200, 400]
    assert b"no HTTP/1.1 request" in answers.rpartition(b"HTTP/1.1 400")[2]


def test_a_body_that_turns_to_garbage_is_refused_in_its_turn(twin: "Twin") -> None:
    """Its own request gets no other answer; the one before it gets its own."""
    broken = request(TARGET, CREDENTIAL + b"Transfer-Encoding: chunked\r\n") + b"zz\r\n"
    with connected(twin) as link:
        link.sendall(request(TARGET) + broken)

        answers = everything(link)

    assert statuses(answers) == [200, 400]


def test_nothing_of_it_is_an_error_of_the_server(twin: "Twin") -> None:
    """The log has no traceback of a write after the end."""
    for _ in range(20):
        with connected(twin) as link:
            link.sendall(request(TARGET) * 3 + GARBAGE)
            assert statuses(everything(link)) == [200, 200, 200, 400]

    assert [line for line in twin.log if "Traceback" in line or "ERROR" in line] == []


@pytest.mark.parametrize("version", [b"HTTP/2.0", b"HTTP/0.9", b"HTTP/3.0", b"RTSP/1.0", b"ICE/1.0"])
def test_another_protocol_is_refused_as_such(twin: "Twin", version: bytes) -> None:
    """Also where the parser would take it for HTTP/1.1, and also in a second request."""
    asked = request(TARGET).replace(b"HTTP/1.1", version)

    answer = send(twin.url, asked)

    assert answer.status == 505
    assert answer.header("content-type") == "application/json"
    assert "HTTP/1.1" in answer.json()["message"]


def test_another_protocol_is_seen_in_pieces(twin: "Twin") -> None:
    """However the request line is cut."""
    with connected(twin) as link:
        for place in range(len(asked := request(TARGET).replace(b"HTTP/1.1", b"RTSP/1.0"))):
            link.sendall(asked[place : place + 1])
            if b"\n" in asked[: place + 1]:
                break

        assert statuses(everything(link)) == [505]


def test_a_credential_in_a_trailer_is_none(twin: "Twin") -> None:
    """Trailers are no headers: the request has no credential."""
    body = b"1\r\nx\r\n0\r\n" + CREDENTIAL + b"\r\n"

    answer = send(
        twin.url, request(TARGET, b"Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n") + body
    )

    assert answer.status == 401


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET ", request(TARGET)[:-2], request(TARGET, CREDENTIAL + b"Content-Length: 9\r\n") + b"x"],
    ids=["silence", "half a line", "half a head", "half a body"],
)
def test_a_client_that_does_not_go_on_is_left(hasty: "Twin", begun: bytes) -> None:
    """The connection ends by itself, whatever has been sent of a request."""
    with connected(hasty) as link:
        link.sendall(begun)

        everything(link)


def test_a_head_that_drips_is_left(hasty: "Twin") -> None:
    """The time counts from the first byte of a request, not from its last."""
    with connected(hasty) as link:
        link.sendall(b"GET ")
        link.settimeout(0.05)
        ended = (_ends_after(link, b"/") for _ in range(200))

        assert any(ended)


def _ends_after(link: socket.socket, drop: bytes) -> bool:
    """Send a little more, and tell whether the other side has ended."""
    try:
        link.sendall(drop)
        return link.recv(100) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_client_that_reads_nothing_is_left(hasty: "Twin") -> None:
    """Its answers are not kept for ever: the connection is reset."""
    asked = request(TARGET + b"?from=1&aggregationType=incremental") * 1000
    with connected(hasty) as link, pytest.raises(OSError, match=r"reset|pipe|aborted"):
        link.sendall(asked * 200)


def test_a_connection_between_two_requests_is_kept(hasty: "Twin") -> None:
    """What is idle after an answer is not taken for a client that is slow to ask."""
    with connected(hasty) as link:
        link.sendall(request(TARGET))
        link.settimeout(2 * float(SHORT))
        with pytest.raises(TimeoutError):
            everything(link)
        link.sendall(request(TARGET))

        assert link.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_token_is_not_in_the_log(hasty: "Twin") -> None:
    """Whatever the connections brought."""
    assert FULL not in "".join(hasty.log)
