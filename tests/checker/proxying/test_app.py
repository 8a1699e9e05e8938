"""What a client gets through the proxy: the same as without it, and a verdict beside."""

import gzip
import json
import socket
import threading
import zlib
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.acme import FULL, MAR_1, MAR_2, MAR_3, NOW, PATH
from tests.checker.hostile import body, linked
from tests.checker.proxying.passed import proxied, upstream_twin
from tests.checker.raw_server import answer, answering, saying
from tests.wire import connection_to, get, request, send
from usagetwin_checker.running.report import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.answer import Answer

SERIES: Final = body((MAR_1 * 1000, 31), (MAR_2 * 1000, 73), (MAR_3 * 1000, 100))
PLACED_AT_UPSTREAM: Final = ("date", "usagetwin-verdict", "usagetwin-broken", "usagetwin-differs")
JAN_1: Final = 1767225600
OTHER: Final = b"/api/v2/projects"


def asked(url: str, query: str = "") -> "Answer":
    """Ask once, on a connection of its own."""
    with closing(connection_to(url)) as connection:
        return get(connection, query)


def without_ours(given: "Answer") -> list[tuple[str, str]]:
    """Give the headers of an answer, less those of the proxy and of the time."""
    return [header for header in given.headers if header[0] not in PLACED_AT_UPSTREAM]


@pytest.fixture(scope="module")
def twin(acme_file: str) -> "Iterator[str]":
    """Serve the small account."""
    with upstream_twin(acme_file, now=NOW) as url:
        yield url


@pytest.fixture(scope="module")
def proxy(twin: str) -> "Iterator[str]":
    """Serve a proxy before it."""
    with proxied(twin) as passed:
        yield passed.url


PARTS: Final = st.sampled_from(
    [
        f"from={MAR_1}",
        f"to={MAR_3}",
        "from=x",
        "projectKey=web",
        "projectKey=app",
        "projectKey=none",
        "aggregationType=rolling_30d",
        "aggregationType=incremental",
        "granularity=monthly",
        "a=%2F%2f&b=%00",
        "q=%E2%82%AC;x=+",
    ]
)
METHODS: Final = st.sampled_from([b"GET", b"HEAD", b"OPTIONS", b"POST", b"DELETE"])
CODINGS: Final = st.sampled_from([b"", b"Accept-Encoding: gzip, br\r\n", b"Accept-Encoding: identity\r\n"])


@settings(max_examples=60, deadline=None)
@given(asked=st.tuples(st.sampled_from([PATH, "/x"]), st.lists(PARTS, max_size=4), METHODS, CODINGS))
def test_an_answer_is_the_same_as_without_the_proxy(
    twin: str, proxy: str, asked: tuple[str, list[str], bytes, bytes]
) -> None:
    """Status, headers and their order, and each byte of the body."""
    path, query, method, codings = asked
    headers = b"Authorization: " + FULL.encode() + b"\r\nConnection: close\r\n" + codings
    raw = request(f"{path}?{'&'.join(query)}".encode(), headers, method)

    straight, through = send(twin, raw), send(proxy, raw)

    assert (through.status, through.body) == (straight.status, straight.body)
    assert without_ours(through) == without_ours(straight)


def test_a_right_answer_passes(proxy: str) -> None:
    """And no rule is named."""
    through = asked(proxy, f"from={MAR_1}&to={MAR_3}")

    assert through.status == 200
    assert dict(through.headers)["usagetwin-verdict"] == "pass"
    assert "usagetwin-broken" not in dict(through.headers)


@pytest.mark.parametrize(
    ("fault", "queries", "rule"),
    [
        (
            "rolling-of-31-days",
            ("aggregationType=incremental", "aggregationType=rolling_30d"),
            "rolling-30d-sums",
        ),
        ("counts-are-strings", ("",), "values-are-integers"),
    ],
)
def test_a_wrong_answer_names_the_rule(fault: str, queries: tuple[str, ...], rule: str) -> None:
    """By what it shows alone, or beside what went by before."""
    with upstream_twin("business-week", now="2026-03-17", deviation=fault) as url, proxied(url) as passed:
        *_, last = [asked(passed.url, f"from={JAN_1}&to={MAR_3}&{query}") for query in queries]

    assert dict(last.headers)["usagetwin-verdict"] == "fail"
    assert rule in dict(last.headers)["usagetwin-broken"].split(", ")
    assert rule in {finding.rule_id for finding in passed.gone_by.report().findings}


def test_what_the_contract_leaves_open_differs_and_fails_nothing() -> None:
    """As in the report of a check."""
    with upstream_twin("business-week", now="2026-03-17", deviation="time-at-noon") as url:
        with proxied(url) as passed:
            usual = dict(asked(passed.url).headers)
        with proxied(url, options=Options(strict=True)) as passed:
            strict = dict(asked(passed.url).headers)

    assert (usual["usagetwin-verdict"], usual["usagetwin-differs"]) == ("pass", "time-is-bucket-start")
    assert (strict["usagetwin-verdict"], strict["usagetwin-broken"]) == ("fail", "time-is-bucket-start")


@pytest.mark.parametrize("path", [PATH.encode(), OTHER])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_what_is_encoded_stays_so(coding: str, path: bytes) -> None:
    """Also where that is nothing that can be read here; then there is no verdict on it."""
    content = {"gzip": gzip.compress(SERIES), "deflate": zlib.compress(SERIES), "br": b"\x8b\x00\x80abc\x03"}[
        coding
    ]
    raw = answer(content, headers=f"Content-Encoding: {coding}\r\n".encode())

    with answering(saying(raw)) as server, proxied(server.url) as passed:
        through = send(passed.url, request(path))

    assert through.body == content
    assert dict(through.headers)["content-encoding"] == coding
    if path == OTHER:
        assert "usagetwin-verdict" not in dict(through.headers)
    else:
        judged = dict(through.headers)["usagetwin-verdict"]
        assert (judged == "inconclusive") is (coding == "br")


def test_codings_that_can_t_be_read_are_not_asked_for_where_answers_are_judged() -> None:
    """Other requests ask for what their clients take."""
    headers = b"Accept-Encoding: br;q=1.0, gzip;q=0.8, zstd\r\n"
    with answering(saying(answer(SERIES))) as server, proxied(server.url) as passed:
        send(passed.url, request(PATH.encode(), headers))
        send(passed.url, request(OTHER, headers))
        send(passed.url, request(PATH.encode(), b"Accept-Encoding: br\r\n"))

    judged, other, alone = (head.lower() for head in server.heads)
    assert b"\r\naccept-encoding: gzip;q=0.8\r\n" in judged
    assert b"\r\naccept-encoding: br;q=1.0, gzip;q=0.8, zstd\r\n" in other
    assert b"\r\naccept-encoding: identity\r\n" in alone


def test_a_request_arrives_as_it_was_sent_but_for_its_connection() -> None:
    """The host is that of upstream; what was meant for the proxy alone stays behind."""
    headers = (
        b"X-Mine: 1\r\nConnection: x-hop\r\nX-Hop: 2\r\nTE: trailers\r\nAuthorization: mine\r\nX-Mine: 3\r\n"
    )
    with answering(saying(answer(SERIES))) as server, proxied(f"{server.url}/base") as passed:
        send(passed.url, request(b"/a%2fb/./c?x=%zz&&", headers))

    head = server.heads[0].decode().lower()
    assert head.startswith("get /base/a%2fb/./c?x=%zz&& http/1.1\r\n")
    assert f"host: {urlsplit(server.url).netloc}\r\n" in head
    assert head.index("x-mine: 1") < head.index("authorization: mine") < head.index("x-mine: 3")
    assert "x-hop" not in head
    assert "te:" not in head.replace("date:", "")


def test_a_body_of_a_request_is_streamed_to_upstream() -> None:
    """Chunk by chunk, before the client has sent all of it."""
    first = threading.Event()

    def respond(link: socket.socket, head: bytes) -> None:
        arrived = head
        for part in (b"one", b"two"):
            while part not in arrived:
                arrived += link.recv(65536)
            first.set()
        link.sendall(answer(b"{}"))

    with answering(respond) as server, proxied(server.url) as passed:
        parts = urlsplit(passed.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as link:
            link.sendall(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            assert first.wait(30)
            link.sendall(b"3\r\ntwo\r\n0\r\n\r\n")
            assert link.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_an_answer_that_is_not_judged_is_streamed() -> None:
    """Its beginning is there before its end is sent."""
    go_on = threading.Event()

    def respond(link: socket.socket, _head: bytes) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        assert go_on.wait(30)
        link.sendall(b"3\r\ntwo\r\n0\r\n\r\n")

    with answering(respond) as server, proxied(server.url) as passed:
        parts = urlsplit(passed.url)
        with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=30)) as connection:
            connection.request("GET", "/x")
            response = connection.getresponse()
            assert response.read(3) == b"one"
            go_on.set()
            assert response.read() == b"two"


def test_one_connection_of_a_client_serves_all_its_requests(proxy: str) -> None:
    """As without the proxy."""
    with closing(connection_to(proxy)) as connection:
        statuses = [get(connection, query).status for query in ("", "from=x", "")]

    assert statuses == [200, 400, 200]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 204 No Content\r\nX-It: 1\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 7\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + answer(b"{}"),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
        b"HTTP/1.0 200 OK\r\n\r\nof old",
        b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("path", [PATH.encode(), OTHER])
def test_answers_of_every_kind_are_passed_on(raw: bytes, path: bytes) -> None:
    """Without a body, after interim ones, until the connection ends; and no redirect is followed."""
    with answering(saying(raw)) as server, proxied(server.url) as passed:
        straight, through = send(server.url, request(path)), send(passed.url, request(path))

    assert (through.status, through.body) == (straight.status, straight.body)
    assert len(server.heads) == 2


def test_an_upstream_that_is_down_is_told_with_its_name_and_a_remedy() -> None:
    """By 502, as the client's own error."""
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"

    with proxied(url) as passed:
        through = asked(passed.url)
        report = passed.gone_by.report()

    said = json.loads(through.body)
    assert (through.status, said["code"]) == (502, "bad_gateway")
    assert url in said["message"]
    assert "connection refused); start it, or correct the port" in said["message"]
    assert dict(through.headers)["usagetwin-verdict"] == "inconclusive"
    assert report.verdict == "inconclusive"


def test_an_upstream_that_says_nothing_in_time_is_a_504() -> None:
    """The client need not wait for ever."""
    over = threading.Event()

    def respond(_link: socket.socket, _head: bytes) -> None:
        over.wait(30)

    with answering(respond) as server, proxied(server.url, within_s=0.2) as passed:
        through = asked(passed.url)
        over.set()

    said = json.loads(through.body)
    assert (through.status, said["code"]) == (504, "gateway_timeout")
    assert "nothing came within 0.2 s" in said["message"]


@pytest.mark.parametrize(("path", "status"), [(PATH.encode(), 502), (OTHER, None)])
def test_an_answer_that_breaks_off_is_no_whole_one_here_either(path: bytes, status: int | None) -> None:
    """Where its head is on its way already, the connection ends as upstream's did."""
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
    with (
        answering(saying(raw)) as server,
        proxied(server.url) as passed,
        closing(connection_to(passed.url)) as connection,
    ):
        connection.request("GET", path.decode())
        if status is not None:
            assert connection.getresponse().status == status
            return
        with pytest.raises((OSError, IncompleteRead)):
            connection.getresponse().read()


def test_a_client_that_leaves_ends_its_request_upstream() -> None:
    """Nothing is asked for nobody, and it counts as given up."""
    asked_for, ended = threading.Event(), threading.Event()

    def respond(link: socket.socket, _head: bytes) -> None:
        asked_for.set()
        if not link.recv(1):
            ended.set()

    with answering(respond) as server, proxied(server.url) as passed:
        parts = urlsplit(passed.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=30) as link:
            link.sendall(request(PATH.encode()))
            assert asked_for.wait(30)
        assert ended.wait(30)

    assert passed.gone_by.others == {"given up by their clients": 1}
    assert passed.gone_by.judged == 0


def test_an_answer_without_end_is_passed_on_and_told_as_one() -> None:
    """What is held back is bounded, and not lost."""
    long = b'{"x": "' + b"y" * (5 << 20) + b'"}'
    with answering(saying(answer(long))) as server, proxied(server.url) as passed:
        through = asked(passed.url)

    assert through.body == long
    assert dict(through.headers)["usagetwin-verdict"] == "inconclusive"
    assert passed.said[0][0].oversized == (4 << 20) + 512 * 31


def test_what_shows_nothing_of_the_endpoint_is_counted() -> None:
    """Other paths, preflights, and what a cache has still."""
    preflight = b"Origin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n"
    cached = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    with answering(saying(cached)) as server, proxied(server.url) as passed:
        send(passed.url, request(OTHER))
        send(passed.url, request(PATH.encode() + b"/", method=b"GET"))
        send(passed.url, request(PATH.encode(), preflight, b"OPTIONS"))
        send(passed.url, request(PATH.encode(), b'If-None-Match: "x"\r\n'))

    assert passed.gone_by.others == {
        "of other hosts or paths": 2,
        "that a browser asks before a page's own (preflights)": 1,
        "answered by a browser's cache": 1,
    }


@pytest.mark.parametrize("status", [600, 999])
@pytest.mark.parametrize("target", [PATH.encode(), OTHER])
def test_a_status_that_http_does_not_know_is_passed_on(status: int, target: bytes) -> None:
    """As every other is; of the endpoint it breaks what the document says."""
    with answering(saying(answer(b"{}", f"{status} Odd"))) as server, proxied(server.url) as passed:
        through = send(passed.url, request(target))

    assert (through.status, through.body) == (status, b"{}")
    assert dict(through.headers).get("usagetwin-verdict") == ("fail" if target != OTHER else None)
    assert passed.gone_by.defect is None


def test_a_verdict_of_somebody_else_is_replaced() -> None:
    """A proxy behind a proxy says nothing of what this one says."""
    raw = answer(linked(SERIES, ""), headers=b"Usagetwin-Verdict: fail\r\nUsagetwin-Broken: other\r\n")
    with answering(saying(raw)) as server, proxied(server.url) as passed:
        through = asked(passed.url)

    assert [value for name, value in through.headers if name == "usagetwin-verdict"] == ["pass"]
    assert "usagetwin-broken" not in dict(through.headers)


def test_a_defect_of_ours_costs_the_verdict_and_not_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is on somebody's way to their data."""

    def broken(*_given: object) -> None:
        message = "broken"
        raise RuntimeError(message)

    monkeypatch.setattr("usagetwin_checker.proxying.each_answer.learned", broken)
    with answering(saying(answer(SERIES))) as server, proxied(server.url) as passed:
        through = asked(passed.url)

    assert through.body == SERIES
    assert dict(through.headers)["usagetwin-verdict"] == "inconclusive"
    assert passed.gone_by.defect == "RuntimeError: broken"
