"""A hunt for an access token: servers that repeat it in every way, and who looks for a part of it everywhere.

Rule: a part of the token counts as found however it is written; what hides it is not asked.
"""

import base64
import binascii
import gzip
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from tests.checker.raw_server import answer

if TYPE_CHECKING:
    import random
    import socket
    from collections.abc import Callable, Iterable, Iterator

TOKEN: Final = "api-3f9c1d7e-8a52-4b60-9e3d-7c1f5a2b8d46"
SHORTEST: Final = 10  # characters of it that are found by no chance
PARTS: Final = frozenset(TOKEN[at : at + SHORTEST] for at in range(len(TOKEN) - SHORTEST + 1))
JSON_ESCAPE: Final = re.compile(r"\\+(?:u00|x)([0-9a-f]{2})", re.IGNORECASE)
IN_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{14,}")

ENCODINGS: "Final[dict[str, Callable[[str], str]]]" = {
    "plain": lambda token: token,
    "capitals": str.upper,
    "json": lambda token: "".join(f"\\u{ord(char):04x}" for char in token),
    "json, here and there": lambda token: token.replace("3", "\\u0033").replace("-", "\\u002D"),
    "url": lambda token: "".join(f"%{ord(char):02X}" for char in token),
    "url, here and there": lambda token: token.replace("-", "%2D"),
    "html": lambda token: "".join(f"&#{ord(char)};" for char in token),
    "html, hexadecimal": lambda token: "".join(f"&#x{ord(char):x};" for char in token),
    "base64": lambda token: base64.b64encode(token.encode()).decode(),
    "base64 of more": lambda token: base64.b64encode(f"Authorization: {token}\r\n".encode()).decode(),
    "base64 for URLs": lambda token: base64.urlsafe_b64encode(f"me:{token}".encode()).decode(),
    "twice": lambda token: token + token,
}


def hits(texts: "Iterable[str]") -> list[str]:
    """Give where a part of the token can be read: what stands around it, once for each text."""
    found = ((_around(reading) for reading in _readings(text)) for text in texts)
    return [place for places in found if (place := next(filter(None, places), None))]


def _around(text: str) -> str | None:
    lower = text.lower()
    at = next((at for part in PARTS if (at := lower.find(part)) >= 0), None)
    return None if at is None else text[max(at - 300, 0) : at + 100]


def _readings(text: str) -> "Iterator[str]":
    """Give a text in each way in which somebody may read it."""
    yield text
    yield unquote(text)
    yield html.unescape(text)
    yield JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    for run in IN_BASE64.findall(text):
        plain = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            whole = plain[start : start + (len(plain) - start) // 4 * 4]
            try:
                yield base64.b64decode(whole).decode("latin-1")
            except binascii.Error:
                continue


def read_all(folder: Path, *, but: "Iterable[Path]" = ()) -> "Iterator[str]":
    """Give the names and the contents of all that is below a folder."""
    for file in folder.rglob("*"):
        yield str(file.relative_to(folder))
        if file.is_file() and file not in but:
            yield file.read_bytes().decode("latin-1")


def command_lines() -> "Iterator[str]":
    """Give the command line of each process, where the system shows them."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes().decode("latin-1")
        except OSError:
            continue


@dataclass(frozen=True, slots=True)
class Telltale:
    """A server that repeats the token: in which answer, where, and in which writing."""

    way: str
    encoding: str
    status: str
    short: int  # bytes before the place at which what is kept may be cut

    @classmethod
    def drawn(cls, chance: "random.Random") -> "Telltale":
        """Draw one."""
        return cls(
            chance.choice(list(WAYS)),
            chance.choice(list(ENCODINGS)),
            chance.choice(STATUSES),
            chance.randrange(60),
        )

    def __call__(self, link: "socket.socket", _head: bytes) -> None:
        """Answer a request."""
        link.sendall(WAYS[self.way](ENCODINGS[self.encoding](TOKEN), self))


STATUSES: Final = (
    "200 OK",
    "400 Bad",
    "401 Un",
    "403 No",
    "404 None",
    "407 Proxy",
    "500 Oops",
    "302 There",
    "299 x",
)


def _error(told: str, which: Telltale) -> bytes:
    return answer(f'{{"code": "{told}", "message": "not {told}, {told}"}}'.encode(), which.status)


def _series(told: str, which: Telltale) -> bytes:
    links = f'{{"self": {{"href": "{told}", "type": "{told}"}}}}'
    points = f'{{"time": 1772323200000, "0": "{told}", "{told}": 1}}'
    body = (
        f'{{"_links": {links}, "metadata": [{{"projectKey": "{told}"}}], "series": [{points}], "{told}": []}}'
    )
    return answer(body.encode(), which.status)


def _page(told: str, which: Telltale) -> bytes:
    page = f"<html>{told}<!-- {told} --></html>".encode()
    return answer(page, which.status, headers=b"Content-Type: text/html\r\n")


def _headers(told: str, which: Telltale) -> bytes:
    lines = (
        f"Content-Type: {told}",
        f"X-{re.sub('[^A-Za-z0-9-]', '', told)}: 1",
        f"Location: https://usage.example/?token={told}",
        f"Server: {told}",
        f"Via: {told}",
        f"Retry-After: {told}",
        f"Set-Cookie: t={told}",
        f"WWW-Authenticate: {told}",
        f"X-Ratelimit-Reset: {told}",
    )
    return answer(b"{}", which.status, headers="".join(f"{line}\r\n" for line in lines).encode())


def _status_line(told: str, which: Telltale) -> bytes:
    return f"HTTP/1.1 {'x' * (600 - which.short)}{told}\r\n\r\n".encode()


def _reason(told: str, which: Telltale) -> bytes:
    return answer(b"{}", f"{which.status} {told}")


def _cut(told: str, which: Telltale) -> bytes:
    before = "y" * (64 * 1024 - which.short)
    return answer(f"{before}{told}{before}".encode(), which.status)


def _long_text(told: str, which: Telltale) -> bytes:
    text = "z" * (1000 - which.short) + told
    return answer(json.dumps({"code": text, "message": text, "x": "w" * 70_000}).encode(), which.status)


def _gzip(told: str, which: Telltale) -> bytes:
    body = gzip.compress(f'{{"code": "{told}", "message": "{told}"}}'.encode())
    return answer(body, which.status, headers=b"Content-Encoding: gzip\r\n")


def _encoding(told: str, which: Telltale) -> bytes:
    return answer(b"{}", which.status, headers=f"Content-Encoding: {told}\r\n".encode())


def _chunks(told: str, _which: Telltale) -> bytes:
    return f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{told}\r\n{told}".encode()


def _broken_off(told: str, _which: Telltale) -> bytes:
    return f'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{{"code": "{told}'.encode()


def _header_line(told: str, _which: Telltale) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{told} {told}\r\n\r\n".encode()


WAYS: Final = {
    "an error": _error,
    "a series": _series,
    "a page": _page,
    "headers": _headers,
    "a status line that is none": _status_line,
    "a reason": _reason,
    "a body that is cut": _cut,
    "a text that is cut": _long_text,
    "gzip": _gzip,
    "an encoding": _encoding,
    "chunks that are none": _chunks,
    "a body that breaks off": _broken_off,
    "a header that is none": _header_line,
}
