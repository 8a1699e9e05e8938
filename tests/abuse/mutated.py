"""Requests that were mutated by chance, each sent on a connection of its own to a served twin."""

import json
import random
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.claims import Line
from tests.abuse.rows import Row, problems_of
from tests.acme import NOW, PATH
from tests.served import served
from tests.wire import CREDENTIAL, TIMEOUT_S, request, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.abuse.rows import Effort

    Mutation = Callable[[bytes, random.Random], bytes]

IDLE_S: Final = 2.0  # what the twin is told: half a request ends after that
AT_ONCE: Final = 16
TARGET: Final = PATH.encode()
STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")
LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
HEAD_END: Final = b"\r\n\r\n"

SHORT: Final = 20  # bytes, of which nothing can be lost any more

WHOLE: Final = (  # what is mutated
    request(TARGET),
    request(TARGET + b"?from=1767225600&to=1772323200&projectKey=default&granularity=daily"),
    request(TARGET + b"?aggregationType=rolling_30d&projectKey=mobile&projectKey=checkout"),
    request(TARGET + b"?granularity=monthly&from=0", CREDENTIAL + b"LD-API-Version: beta\r\nAccept: */*\r\n"),
    request(TARGET, method=b"HEAD"),
    request(TARGET, CREDENTIAL + b"Content-Length: 4\r\n", b"POST") + b"null",
    request(TARGET, CREDENTIAL + b"Transfer-Encoding: chunked\r\n") + b"3\r\nabc\r\n0\r\nX: y\r\n\r\n",
    request(TARGET) + request(TARGET + b"?from=x"),
)
PIECES: Final = (
    *(b"%00", b"%0d%0a", b"%", b"%ff", b"%F0%9F%A6%8A", b"\x00", b"\xff\xfe", b"\r\n", b"\n", b"\r", b"\t"),
    *(b" ", b"&", b"=", b"?", b"#", b"//", b"../", b";", b":", b"'", b'"', b"<", b"9" * 400, b"-1", b"1e9"),
    *(b"HTTP/3.0", b"HTTP/1.0", b"Content-Length: 7\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: x\r\n"),
    *(
        b"Connection: close\r\n",
        b"Expect: 100-continue\r\n",
        b"Upgrade: h2c\r\n",
        b"0\r\n\r\n",
        b"projectKey=",
    ),
    *(b"&from=1767225600", b"&to=9999999999", b"&granularity=", b"x" * 70_000, b"X: y\r\n" * 2_000),
)


def flipped(raw: bytes, chance: random.Random) -> bytes:
    """Have another byte somewhere."""
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :]


def without(raw: bytes, chance: random.Random) -> bytes:
    """Lack a few bytes somewhere."""
    place = chance.randrange(len(raw))
    return raw[:place] + raw[place + chance.randrange(1, SHORT) :]


def twice(raw: bytes, chance: random.Random) -> bytes:
    """Have a part of it twice."""
    place = chance.randrange(len(raw))
    part = raw[place : place + chance.randrange(1, 60)]
    return raw[:place] + part + raw[place:]


def with_a_piece(raw: bytes, chance: random.Random) -> bytes:
    """Have something in it that matters elsewhere."""
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + chance.choice(PIECES) + raw[place:]


def cut(raw: bytes, chance: random.Random) -> bytes:
    """End too early."""
    return raw[: chance.randrange(1, len(raw))]


def joined(raw: bytes, chance: random.Random) -> bytes:
    """Go on with the end of another."""
    other = chance.choice(WHOLE)
    return raw[: chance.randrange(1, len(raw))] + other[chance.randrange(len(other)) :]


MUTATIONS: "Final[tuple[Mutation, ...]]" = (
    *(flipped, flipped, without, twice, with_a_piece, with_a_piece, with_a_piece, cut, joined),
)


def mutated(chance: random.Random) -> bytes:
    """Give one request, mutated up to four times."""
    raw = chance.choice(WHOLE)
    for _ in range(chance.randrange(1, 5)):
        if len(raw) > SHORT:
            raw = chance.choice(MUTATIONS)(raw, chance)
    return raw


def mutated_requests(effort: "Effort") -> list[Row]:
    """Send them, several at once, and hold each answer to: JSON, no 5xx, in time."""
    chance = random.Random(effort.seed)  # noqa: S311 -- the same requests in every run of a seed
    requests = [mutated(chance) for _ in range(effort.mutated)]
    with served("--now", NOW, "--idle-timeout", str(IDLE_S), "--quiet") as twin:
        before = send(twin.url, request(TARGET)).body
        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = list(pool.map(lambda raw: _outcome(twin.url, raw), requests))
        after = send(twin.url, request(TARGET)).body
        status = twin.stop()
    problems = list(problems_of(problem for problem, _, _ in outcomes))
    if (status, twin.log, after == before) != (0, [], True):
        problems.append(f"afterwards: status {status}, log {twin.log[:2]}, same answer {after == before}")
    answered = sum(1 for _, _, was_answered in outcomes if was_answered)
    return [
        Row(
            tried="mutated requests: an answer in JSON and no 5xx, or the end of half a request",
            attempts=effort.mutated,
            problems=tuple(problems),
            figures=(
                Line(claim="answered", value=answered),
                Line(claim="ended as half requests", value=effort.mutated - answered),
                Line(
                    claim="slowest end",
                    value=max(seconds for _, seconds, _ in outcomes),
                    unit="s",
                    at_most=TIMEOUT_S,
                ),
            ),
        )
    ]


def _outcome(url: str, raw: bytes) -> tuple[str | None, float, bool]:
    """Send one; give what was wrong with what came of it, how long it took, and whether it was answered."""
    started = time.monotonic()
    try:
        data = _received(url, raw)
    except OSError as error:
        return f"{error!r} after {raw[:200]!r}", time.monotonic() - started, False
    passed_s = time.monotonic() - started
    statuses = [int(status) for status in STATUS.findall(data)]
    if any(status >= 500 and status != 505 for status in statuses):
        return f"{statuses} to {raw[:200]!r}", passed_s, True
    if not statuses:
        told = data or passed_s < IDLE_S / 2
        return (f"{data[:80]!r} at once to {raw[:200]!r}" if told else None), passed_s, False
    return _problem_of_body(data, raw), passed_s, True


def _received(url: str, raw: bytes) -> bytes:
    """Send these bytes, and read until an answer is whole or the connection ends."""
    parts = urlsplit(url)
    data = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S) as link:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused meanwhile; the refusal may be there
            link.sendall(raw)
        while not _is_whole(data, raw):
            try:
                more = link.recv(65536)
            except ConnectionResetError:
                break
            if not more:
                break
            data += more
    return data


def _is_whole(data: bytes, raw: bytes) -> bool:
    head, end, body = data.partition(HEAD_END)
    if not end:
        return False
    if head.startswith(b"HTTP/1.1 100"):
        return _is_whole(body, raw)
    length = LENGTH.search(head + b"\r\n")
    return raw.lstrip().startswith(b"HEAD") or length is None or len(body) >= int(length[1])


def _problem_of_body(data: bytes, raw: bytes) -> str | None:
    """Hold the first answer to JSON."""
    head, _, body = data.partition(HEAD_END)
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(HEAD_END)
    length = LENGTH.search(head + b"\r\n")
    if raw.lstrip().startswith(b"HEAD") or length is None:
        return None
    try:
        json.loads(body[: int(length[1])])
    except ValueError as error:
        return f"no JSON ({error}) to {raw[:200]!r}"
    return None
