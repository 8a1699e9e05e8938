"""One line for each request: when, status, duration, method, URL, the broken rule, and what was ignored.

Rule: no header, and no value of a parameter that the contract does not have, ever reaches the log;
what looks like a credential is masked wherever it stands. A URL without cuts or masks can be pasted.
"""

import logging
import re
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote

from usagetwin.asgi.notes import KEY
from usagetwin.contract.operation import PARAMETERS, REPEATABLE
from usagetwin.request.ignored import meant

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
    pairs = parse_qsl(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)
    asked = f"{scope['method']} {_url(scope, pairs)}"
    return "  ".join((f"{when} {status} {seconds * 1000:.1f}ms {asked}", *_remarks(scope, pairs)))


def _url(scope: "Scope", pairs: list[tuple[str, str]]) -> str:
    """Give the URL with its documented parameters, by the address that the connection came to."""
    host, port = scope.get("server") or ("localhost", None)
    place = f"[{host}]" if ":" in host else host
    path = _shown(quote(scope["path"], safe="/"))
    documented = [f"{name}={_shown(quote(value, safe=''))}" for name, value in pairs if name in PARAMETERS]
    query = "&".join(documented[:MOST_PARAMETERS])
    url = f"{scope['scheme']}://{place}{f':{port}' if port else ''}{path}"
    return f"{url}?{query}" if query else url


def _remarks(scope: "Scope", pairs: list[tuple[str, str]]) -> list[str]:
    """Say which rule was broken, what the URL leaves out, and what was meant by an ignored name."""
    remarks = []
    notes = scope.get(KEY)
    if notes is not None and notes.rule is not None:
        remarks.append(f"rule {notes.rule}")
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
            remarks.append(f"warning: {_shown(quote(name, safe='[]'))} is ignored, send {right}{each}")
    return remarks


def _shown(text: str) -> str:
    masked = CREDENTIAL.sub(r"\1-***", text)
    return masked if len(masked) <= LONGEST else f"{masked[:LONGEST]}..."
