"""What a client asks a proxy for: a way to a host, or one request in plain HTTP.

Rule: a connection carries one request in plain HTTP, as the next one may be for another host.
"""

import re
from dataclasses import dataclass
from typing import Final

CONNECT: Final = re.compile(rb"CONNECT \[?(?P<host>[!-Z_a-z]+)\]?:(?P<port>[0-9]{1,5}) HTTP/1\.[01]\r\n")
PLAIN: Final = re.compile(
    rb"(?P<method>[!-~]+) http://(?:[^/?#@ ]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[!-.0-9;-~]+?)"
    rb"(?::(?P<port>[0-9]{1,5}))?(?P<target>[/?][!-~]*)? (?P<version>HTTP/1\.[01])\r\n",
    re.IGNORECASE,
)
OF_THE_HOP: Final = re.compile(
    rb"(?:connection|keep-alive|proxy-connection|proxy-authorization):[^\r\n]*\r\n", re.IGNORECASE
)
ESTABLISHED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
HTTP_PORT: Final = 80
LAST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a client wants to go: what it is told once there, and what is said there for it."""

    host: str
    port: int
    told: bytes = b""
    said: bytes = b""


def wanted(head: bytes) -> Wanted | None:
    """Read the head of a request; None where it is none that a proxy can do anything for."""
    connect = CONNECT.match(head)
    if connect is not None:
        return _within_range(Wanted(connect["host"].decode("ascii"), int(connect["port"]), told=ESTABLISHED))
    plain = PLAIN.match(head)
    if plain is None:
        return None
    host, port = plain["host"].decode("ascii").strip("[]"), int(plain["port"] or HTTP_PORT)
    return _within_range(Wanted(host, port, said=_for_the_server(plain, head[plain.end() :])))


def _within_range(asked: Wanted) -> Wanted | None:
    return asked if asked.port <= LAST_PORT else None


def _for_the_server(line: re.Match[bytes], rest: bytes) -> bytes:
    """Write the request as its server gets it from a client that has no proxy."""
    target = line["target"] or b"/"
    target = target if target.startswith(b"/") else b"/" + target
    first = b" ".join((line["method"], target, line["version"]))
    headers = b"".join(each for each in rest.splitlines(keepends=True) if not OF_THE_HOP.fullmatch(each))
    return b"%b\r\nConnection: close\r\n%b" % (first, headers)
