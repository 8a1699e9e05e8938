"""Which headers belong to one connection alone, and are not passed on to the next one.

Source: RFC 9110, 7.6.1.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    Headers = Iterable[tuple[bytes, bytes]]

HOP_BY_HOP: Final = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)


def end_to_end(headers: "Headers") -> list[tuple[bytes, bytes]]:
    """Give the headers that concern more than one connection, in their order."""
    named = list(headers)
    dropped = set(HOP_BY_HOP)
    for name, value in named:
        if name.lower() == b"connection":
            dropped.update(option.strip().lower() for option in value.split(b","))
    return [(name, value) for name, value in named if name.lower() not in dropped]
