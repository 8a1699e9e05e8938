"""Where a request's scope holds its connection: the server puts it there, the faults of the wire take it."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSPORT: Final = "usagetwin.transport"


def transport_of(scope: "Mapping[str, Any]") -> asyncio.Transport:
    """Give the transport of a request's connection.

    Raises SettingError when the request did not come through the server that puts it there.
    """
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(TRANSPORT)
    if transport is not None:  # uvloop's is one by what it does, not by its class
        return transport
    problem = "this request came through no server that shows its connections, so there is nothing to break"
    raise SettingError(problem, "a fault of HTTP (500, 503, malformed-json), which needs no connection")
