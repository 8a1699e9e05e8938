"""The log as text: when, status, duration, method, URL, the broken rule, and what was ignored.

A URL without cuts or masks can be pasted. What is asked again has its words made once.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from usagetwin.accesses.access import (
    CREDENTIAL,
    LONGEST,
    MOST_PARAMETERS,
    documented,
    pairs_of,
    shown,
    shown_path,
    size_of,
)
from usagetwin.contract.operation import PARAMETERS, REPEATABLE
from usagetwin.request.ignored import meant

if TYPE_CHECKING:
    from usagetwin.accesses.access import Access, Asked, Server

MOST_KNOWN: Final = 4096
LONGEST_KNOWN: Final = 1024
URLS_KEPT: Final = 64
_VALUE: Final = rf"[0-9A-Za-z_.~-]{{0,{LONGEST}}}"  # what a URL has as it is
_PAIR: Final = rf"(?:{'|'.join(PARAMETERS)})={_VALUE}"
_PLAIN: Final = re.compile(rf"(?:{_PAIR}(?:&{_PAIR}){{0,{MOST_PARAMETERS - 1}}})?+".encode())


class Lines:
    """Write the lines of one log, in one thread."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[Asked, str] = {}
        self._when: tuple[int, str] = (-1, "")

    def __call__(self, access: "Access") -> str:
        """Write the line of one request."""
        ended_s, took_s, status, asked, _ = access
        second, when = self._when
        if int(ended_s) != second:
            when = instant(ended_s)
            self._when = (int(ended_s), when)
        words = self._known.get(asked)
        if words is None:
            words = self._made(asked)
        return f"{when} {status} {took_s * 1000:.1f}ms {words}"

    def _made(self, asked: "Asked") -> str:
        words = _words(asked)
        if size_of(asked) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = words
        return words


def missing(number: int) -> str:
    """Write that lines are missing."""
    return f"usagetwin: {number} lines of the log are missing here"


def instant(unix_s: float) -> str:
    """Write an instant, to the second."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(asked: "Asked") -> str:
    """Write what does not depend on when it was asked, and on what it was answered."""
    query, rule = asked[4], asked[5]
    remarks = [] if rule is None else [f"rule {rule}"]
    if _PLAIN.fullmatch(query):  # nearly all: nothing to be quoted, cut or told
        written = CREDENTIAL.sub(r"\1-***", query.decode("ascii"))
    else:
        pairs = pairs_of(query)
        written = "&".join(f"{name}={shown(quote(value, safe=''))}" for name, value in documented(pairs))
        remarks += _remarks(pairs)
    url = _url(*asked[1:4])
    return "  ".join((f"{asked[0]} {url}?{written}" if written else f"{asked[0]} {url}", *remarks))


@lru_cache(maxsize=URLS_KEPT)
def _url(scheme: str, server: "Server", path: str) -> str:
    """Give the URL without its query, by the address that the connection came to."""
    host, port = server or ("localhost", None)
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}{f':{port}' if port else ''}{shown_path(path)}"


def _remarks(pairs: list[tuple[str, str]]) -> list[str]:
    """Say what the URL leaves out, and what was meant by an ignored name."""
    remarks = []
    ignored = [name for name, _ in pairs if name not in PARAMETERS]
    left_out = len(pairs) - len(ignored) - MOST_PARAMETERS
    if left_out > 0:
        remarks.append(f"(+{left_out} more)")
    if ignored:
        remarks.append(f"(+{len(ignored)} undocumented)")
    for name in list(dict.fromkeys(ignored))[:MOST_PARAMETERS]:
        right = meant(name)
        if right is not None:
            each = ", once for each project" if right == REPEATABLE else ""
            remarks.append(f"warning: {shown(quote(name, safe='[]'))} is ignored, send {right}{each}")
    return remarks
