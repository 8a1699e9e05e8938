"""What targets do that should not: how they break off, never end, or answer with anything at all."""

import gzip
import json
import socket
import struct
import time
from typing import TYPE_CHECKING, Final

from tests.acme import MAR_1, MAR_2, MAR_3
from tests.checker.raw_server import WITHIN_S, answer, saying
from usagetwin.contract.operation import PATH

if TYPE_CHECKING:
    import random

    from tests.checker.raw_server import Respond

MEBIBYTE: Final = 1024 * 1024


def body(*points: tuple[object, object]) -> bytes:
    """Write a 200 with these labels and values, as the contract has it but for its link."""
    return series(json.dumps([{"time": time, "0": value} for time, value in points]))


def series(text: str) -> bytes:
    """Write a 200 with this text as its series."""
    link = f'{{"self": {{"href": "{PATH}", "type": "application/json"}}}}'
    return f'{{"_links": {link}, "metadata": [{{}}], "series": {text}}}'.encode()


def linked(content: bytes, query: str) -> bytes:
    """Give the body with a link that names its query."""
    return content.replace(PATH.encode(), f"{PATH}{query}".encode())


FAR: Final = "?to=9999999999&aggregationType=incremental"
GOOD: Final = body((MAR_1 * 1000, 31), (MAR_2 * 1000, 73), (MAR_3 * 1000, 100))


def reset(link: socket.socket, _head: bytes) -> None:
    """Close a connection so that the client reads a reset."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


def dripping(start: bytes, piece: bytes) -> "Respond":
    """Give a `respond` that writes a piece every twentieth of a second, for longer than anyone waits."""

    def respond(link: socket.socket, _head: bytes) -> None:
        link.sendall(start)
        until = time.monotonic() + WITHIN_S
        while time.monotonic() < until and not _left(link):
            link.sendall(piece)

    return respond


def _left(link: socket.socket) -> bool:
    link.settimeout(0.05)
    try:
        return link.recv(1) == b""
    except TimeoutError:
        return False


def endless(head: bytes, piece: bytes) -> "Respond":
    """Give a `respond` that writes as fast as it is read."""

    def respond(link: socket.socket, _head: bytes) -> None:
        link.sendall(head)
        while True:
            link.sendall(piece)

    return respond


CHUNKED: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
)
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
GZIP: Final = b"Content-Encoding: gzip\r\n"
BOMB: Final = gzip.compress(bytes(64 * MEBIBYTE))

INCONCLUSIVE: Final[dict[str, tuple["Respond", str]]] = {
    "resets": (reset, "ReadError"),
    "closes without a word": (saying(), "without sending a response"),
    "never answers": (dripping(b"", b""), "no whole answer within 0.3 s"),
    "drips the head": (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "no whole answer within 0.3 s"),
    "drips the body": (dripping(HEAD + b"\r\n", b" "), "no whole answer within 0.3 s"),
    "has an endless head": (endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60000 + b"\r\n"), "Protocol"),
    "speaks no HTTP": (saying(b"SSH-2.0-OpenSSH_9.6\r\n\x1b[31m\r\n\r\n"), "RemoteProtocolError"),
    "closes half-way": (saying(HEAD + b"Content-Length: 900\r\n\r\n" + GOOD), "closed"),
    "closes within a chunk": (saying(CHUNKED + b"fff\r\n{"), "closed"),
    "has a broken chunk": (saying(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n"), "RemoteProtocolError"),
    "has two lengths": (saying(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"), "Protocol"),
    "has a broken gzip": (saying(answer(b"{}", headers=GZIP)), "the body is no gzip"),
    "has half a gzip": (saying(answer(gzip.compress(GOOD)[:-9], headers=GZIP)), "ends before its gzip"),
    "sends a gzip bomb": (saying(answer(BOMB, headers=GZIP)), "no end within 4210176 bytes"),
    "wraps a gzip bomb twice": (
        saying(answer(gzip.compress(BOMB), headers=b"Content-Encoding: gzip, gzip\r\n")),
        "'gzip, gzip', which was not asked for",
    ),
    "sends brotli": (saying(answer(b"x", headers=b"Content-Encoding: br\r\n")), "'br', which was not asked"),
}

OTHERS: Final[dict[str, tuple["Respond", str]]] = {  # what may well be no API at all, and who seems to answer
    "answers HTML": (
        saying(answer(b"<html>hello</html>", headers=b"Content-Type: text/html\r\nServer: shop\r\n")),
        "(200 text/html, Server: shop)",
    ),
    "answers 204": (
        saying(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
        "(204 without a content type)",
    ),
    "redirects": (
        saying(answer(b"{}", "307 Temporary Redirect", b"Location: /elsewhere\r\n")),
        "(307 application/json, Location: /elsewhere)",
    ),
    "redirects to no URL": (
        saying(answer(b"{}", "302 Found", b"Location: http://[\r\n")),
        "(302 application/json, Location: http://[)",
    ),
    "has a status of its own": (saying(answer(b"{}", "799 Odd")), "(799 application/json)"),
    "breaks down": (saying(answer(b"{}", "500 Oops")), "(500 application/json)"),
    "wants a proxy's credential": (
        saying(answer(b"<html>", "407 Proxy Authentication Required", b"Content-Type: text/html\r\n")),
        "a proxy in between wants a credential of its own (407)",
    ),
}

FAIL: Final[dict[str, tuple["Respond", str]]] = {
    "answers HTML as JSON": (
        saying(answer(b"<html>")),
        "documented-answer-is-json: the body of the 200 is no",
    ),
    "answers nothing": (saying(answer(b"")), "documented-answer-is-json: the body of the 200 is no JSON"),
    "is invalid UTF-8": (saying(answer(b'{"\xff": 1}')), "'utf-8' codec can't decode byte 0xff"),
    "starts with a byte order mark": (saying(answer(b"\xef\xbb\xbf" + GOOD)), "Unexpected UTF-8 BOM"),
    "is nested deeply": (
        saying(answer(b"[" * 100_000 + b"]" * 100_000)),
        "documented-answer-is-json: the body of the 200 is no JSON: the JSON is nested too deeply",
    ),
    "is nested to the parser's limit": (saying(answer(b"[" * 900 + b"]" * 900)), "answer-is-a-series-list"),
    "is nested deeply inside": (
        saying(answer(series('[{"time": 1, "0": ' + "[" * 700 + "]" * 700 + "}]"))),
        "values-are-integers",
    ),
    "has 3 MB of something else": (
        saying(answer(b'{"a": "' + b"x" * 3 * MEBIBYTE + b'"}')),
        "answer-is-a-series-list",
    ),
    "has NaN": (saying(answer(series('[{"time": 1, "0": NaN}]'))), "NaN is no JSON"),
    "has Infinity": (saying(answer(series('[{"time": -Infinity, "0": 1}]'))), "-Infinity is no JSON"),
    "has a number beyond any float": (
        saying(answer(series('[{"time": 1, "0": 1e400}]'))),
        "values-are-integers",
    ),
    "has an integer of 5 000 digits": (
        saying(answer(series('[{"time": 1, "0": ' + "7" * 5000 + "}]"))),
        "it has a number of more than 4300 digits",
    ),
    "has a negative label": (saying(answer(body((-86_400_000, 1)))), "time-not-negative"),
    "has a text for a label": (saying(answer(body(("2026-03-01", 1)))), "values-are-integers"),
    "has control characters for a name": (
        saying(answer(series(r'[{"time": 1, "\u001b[2J\ud800": "x"}]'))),
        "values-are-integers",
    ),
    "answers HEAD-like, without its body": (saying(HEAD + b"Content-Length: 0\r\n\r\n"), "is no JSON"),
}

STATUSES: Final = ("400 A", "401 B", "403 C", "404 D", "405 E", "418 F", "304 G")
VALUES: Final = (0, 1, 10**6, 2**53, 10**300, 2.5e200, 1.0, 31)
METADATA: Final[tuple[object, ...]] = (
    [{}],
    [],
    [{"a": 1}],
    [{"projectKey": "a"}, {"projectKey": "b"}],
    [{"k": None}] * 3,
)
LINKS: Final[tuple[object, ...]] = ({}, {"self": None}, {"self": [1]}, {"self": {"href": 3}})


def chaotic_body(chance: "random.Random") -> bytes:
    """Write a 200 whose labels, fields, metadata and links are drawn by chance."""
    start = chance.choice([MAR_3 * 1000, MAR_3, 0, 10**15, 10**30, 1e300])
    step = chance.choice([86_400_000, 86_400, 1, 0, -86_400_000])
    fields = chance.choice([1, 1, 2, 3])
    points = [
        {"time": start + index * step, **{str(field): chance.choice(VALUES) for field in range(fields)}}
        for index in range(chance.randrange(10))
    ]
    return json.dumps(
        {"_links": chance.choice(LINKS), "metadata": chance.choice(METADATA), "series": points}
    ).encode()
