"""One line for each request: when, status, duration, method, path, and the documented parameters.

Rule: no header, and no value of a parameter that the contract does not have, ever reaches the log;
what looks like a credential is masked wherever it stands.
"""

import logging
import re
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from usagetwin.contract.operation import PARAMETERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("usagetwin.access")

LONGEST: Final = 200
MOST_PARAMETERS: Final = 20
CREDENTIAL: Final = re.compile(r"\b(api|sdk|mob|rel)-[0-9a-fA-F-]{8,}")


class AccessLog:
    """Write the access log."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take the part whose answers are logged."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watch(message: "Message") -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, watch)
        finally:
            log.info("%s", _line(scope, status, perf_counter() - started))


def _line(scope: "Scope", status: int, seconds: float) -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = _shown(quote(scope["path"], safe="/"))
    asked = " ".join([scope["method"], path, *_parameters(scope["query_string"])])
    return f"{when} {status} {seconds * 1000:.1f}ms {asked}"


def _parameters(query_string: bytes) -> list[str]:
    pairs = parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True)
    documented = [f"{name}={_shown(quote(value))}" for name, value in pairs if name in PARAMETERS]
    others = len(pairs) - len(documented)
    shown = documented[:MOST_PARAMETERS]
    if len(documented) > MOST_PARAMETERS:
        shown.append(f"(+{len(documented) - MOST_PARAMETERS} more)")
    return [*shown, f"(+{others} undocumented)"] if others else shown


def _shown(text: str) -> str:
    masked = CREDENTIAL.sub(r"\1-***", text)
    return masked if len(masked) <= LONGEST else f"{masked[:LONGEST]}..."
