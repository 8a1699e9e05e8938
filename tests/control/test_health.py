"""Whether a twin is well, as it says itself."""

from typing import TYPE_CHECKING

import pytest

from tests.checker.raw_server import answering
from usagetwin.control.health import health

if TYPE_CHECKING:
    import socket


def saying(status: bytes, body: bytes) -> str | None:
    """Give the verdict on a server that answers everything so."""
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"

    def respond(link: "socket.socket", _head: bytes) -> None:
        link.sendall(head % (status, len(body)) + body)

    with answering(respond) as server:
        said = health(server.url)
        return said and said.replace(server.url, "URL")


def test_a_process_that_is_ready_is_well() -> None:
    """Nothing else is asked."""
    assert saying(b"200 OK", b'{"live":true,"ready":true}') is None


def test_a_process_that_stops_is_not() -> None:
    """Though it lives, and answers."""
    said = saying(b"503 Service Unavailable", b'{"live":true,"ready":false}')

    assert said == "URL is not ready: it is about to stop, or has not started yet"


@pytest.mark.parametrize("body", [b"[]", b"{}", b"<html>", b'{"ready":"yes"}'])
def test_what_says_nothing_of_itself_must_answer_as_the_contract_does(body: bytes) -> None:
    """And any other server does not."""
    assert saying(b"200 OK", body) == "URL answers 200, but is no usagetwin"
    assert saying(b"401 Unauthorized", b'{"code":"unauthorized","message":"x"}') is None


@pytest.mark.parametrize(
    "url", ["http://u:secret@127.0.0.1:1", "u:secret@127.0.0.1:1", "ftp://u:secret@h", "http://u:secret@[::1"]
)
def test_a_password_is_refused_and_not_shown(url: str) -> None:
    """A health check is logged, and none needs one."""
    said = health(url)

    assert said == "a base URL has no user name and no password; give one such as http://127.0.0.1:8080"


def test_the_endpoint_s_path_is_no_part_of_a_base_url() -> None:
    """What stands before it is told."""
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda link, _head: link.sendall(head)) as server:
        said = health(f"{server.url}/api/v2")

    assert said == (
        f"{server.url}/api/v2 answers 404, but is no usagetwin; a base URL ends before /api/v2: {server.url}"
    )
