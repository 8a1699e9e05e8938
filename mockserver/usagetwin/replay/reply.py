"""One recorded answer as it is sent again: status, the headers that can be, and the body's bytes.

Rule: a body is recorded without its encoding, so nothing is sent that says it had one, or how long it was.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from usagetwin.recordings.entries import Entry

LENGTH: Final = "content-length"
NOT_SENT: Final = frozenset(
    {
        "alt-svc",  # would lead clients to the recorded host
        "connection",
        "content-encoding",
        LENGTH,
        "date",  # the server's own says when it answers
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "set-cookie",  # a secret, and of another host
        "set-cookie2",
        "strict-transport-security",  # would bind clients to HTTPS on this host
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
STATUSES: Final = range(200, 600)  # that end an exchange
BODYLESS: Final = frozenset({204, 304})
NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; its headers do not tell the length of the body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def written(self, *, head: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Give the headers and the body that are sent; a HEAD gets no body."""
        headers = list(self.headers)
        if self.status not in BODYLESS and not any(name == LENGTH.encode() for name, _ in headers):
            headers.append((LENGTH.encode(), b"%d" % len(self.body)))
        return headers, b"" if head or self.status in BODYLESS else self.body


def reply_of(entry: "Entry") -> Reply | None:
    """Give the answer of an entry; None for a status that ends no exchange."""
    if entry.status not in STATUSES:
        return None
    kept = {name: value for name, value in entry.headers.items() if name not in NOT_SENT}
    length = entry.headers.get(LENGTH, "")
    if entry.method.upper() == "HEAD" and length.isascii() and length.isdigit():
        kept[LENGTH] = length  # of the body that a GET has
    return Reply(entry.status, _encoded(kept), entry.body or b"")


def _encoded(headers: "dict[str, str]") -> tuple[tuple[bytes, bytes], ...]:
    """Give headers as bytes, without those that HTTP can't carry."""
    return tuple(
        (name.encode("ascii"), value.strip().encode("latin-1"))
        for name, value in headers.items()
        if NAME.fullmatch(name) and VALUE.fullmatch(value)
    )
