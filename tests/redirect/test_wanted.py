"""What a client of a proxy asks for is read as it is meant, and said on as its server wants it."""

import pytest

from usagetwin_checker.redirect.wanted import ESTABLISHED, Wanted, wanted


def test_a_way_to_a_host_is_read() -> None:
    """Nothing is said there: the client will say it."""
    assert wanted(b"CONNECT app.launchdarkly.com:443 HTTP/1.1\r\nHost: x\r\n\r\n") == Wanted(
        "app.launchdarkly.com", 443, told=ESTABLISHED
    )


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("http://other.example/a?b=c", "other.example", 80, "/a?b=c"),
        ("HTTP://other.example", "other.example", 80, "/"),
        ("http://other.example?b=c", "other.example", 80, "/?b=c"),
        ("http://name:word@other.example:8080/", "other.example", 8080, "/"),
        ("http://[::1]:8080/x", "::1", 8080, "/x"),
    ],
)
def test_a_request_in_plain_http_is_read(url: str, host: str, port: int, target: str) -> None:
    """Its server gets the path alone, and closes the connection after its answer."""
    asked = wanted(f"GET {url} HTTP/1.1\r\nHost: h\r\n\r\n".encode())

    said = f"GET {target} HTTP/1.1\r\nConnection: close\r\nHost: h\r\n\r\n".encode()
    assert asked == Wanted(host, port, said=said)


def test_what_a_proxy_alone_is_told_goes_no_further() -> None:
    """Above all no credential."""
    asked = wanted(
        b"POST http://h/ HTTP/1.1\r\nProxy-Authorization: Basic eA==\r\nConnection: keep-alive\r\n"
        b"Authorization: api-1\r\nContent-Length: 2\r\n\r\n"
    )

    assert asked is not None
    assert asked.said == (
        b"POST / HTTP/1.1\r\nConnection: close\r\nAuthorization: api-1\r\nContent-Length: 2\r\n\r\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"GET https://app.launchdarkly.com/ HTTP/1.1",
        b"GET http:///path HTTP/1.1",
        b"GET http://h:65536/ HTTP/1.1",
        b"CONNECT h:65536 HTTP/1.1",
        b"GET http://h/a b HTTP/1.1",
        b"GET http://h/ HTTP/2",
    ],
)
def test_what_is_neither_is_none(line: bytes) -> None:
    """A proxy can do nothing for it."""
    assert wanted(line + b"\r\n\r\n") is None
