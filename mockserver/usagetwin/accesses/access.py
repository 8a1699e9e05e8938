"""What is kept of one answered request until its line is written, and what may be shown of it.

Rule: no header but the id of a request, and no value of a parameter that the contract does not have, ever
reaches the log; what looks like a credential is masked wherever it stands.
"""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from usagetwin.contract.operation import PARAMETERS

if TYPE_CHECKING:
    Server = tuple[str, int | None] | None
    # Plain tuples: each request makes them. When it ended (Unix seconds), how long it took, its status.
    Asked = tuple[str, str, Server, str, bytes, str | None]  # method, scheme, server, path, query, rule
    Identity = tuple[str, str | None, int | None]  # the id of the request, its trace, its play
    Access = tuple[float, float, int, Asked, Identity | None]

LONGEST: Final = 200
MOST_PARAMETERS: Final = 20
CREDENTIAL: Final = re.compile(r"\b(api|sdk|mob|rel)-[0-9a-fA-F-]{8,}")


def size_of(asked: "Asked") -> int:
    """Give about how many bytes are kept."""
    return len(asked[3]) + len(asked[4])


def pairs_of(query: bytes) -> list[tuple[str, str]]:
    """Read a query, with whatever parameters it has."""
    return parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)


def documented(pairs: "list[tuple[str, str]]") -> list[tuple[str, str]]:
    """Give the parameters that may be shown with their values; not all of very many."""
    return [(name, value) for name, value in pairs if name in PARAMETERS][:MOST_PARAMETERS]


def shown_path(path: str) -> str:
    """Write a path as a part of a URL."""
    return shown(quote(path, safe="/"))


def shown(text: str) -> str:
    """Mask credentials, and cut what is long."""
    masked = CREDENTIAL.sub(r"\1-***", text)
    return masked if len(masked) <= LONGEST else f"{masked[:LONGEST]}..."
