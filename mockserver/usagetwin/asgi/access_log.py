"""One line for each request, in the log `usagetwin.access` or wherever a server puts it.

Rule: a request waits for nothing here, but to be noted.
"""

import logging
from time import perf_counter, time
from typing import TYPE_CHECKING, Final

from usagetwin.accesses.lines import Lines
from usagetwin.asgi.notes import KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.accesses.access import Access, Asked, Identity

log = logging.getLogger("usagetwin.access")


class AccessLog:
    """Write the access log."""

    def __init__(
        self,
        app: "ASGIApp",
        take: "Callable[[Access], None] | None" = None,
        identify: "Callable[[Scope], Identity] | None" = None,
    ) -> None:
        """Take the part whose answers are logged, and what takes each; without that, it is logged at once.

        `identify` says which request it is, for a log that tells.
        """
        self._app: Final = app
        self._identify: Final = identify
        self._take: Final = _logged() if take is None else take

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        def watch(message: "Message") -> "Awaitable[None]":
            nonlocal status
            if not status:
                status = message.get("status", 0)
            return send(message)

        started_s = perf_counter()
        try:
            await self._app(scope, receive, watch)
        finally:
            which = None if self._identify is None else self._identify(scope)
            self._take((time(), perf_counter() - started_s, status, _asked(scope), which))


def _asked(scope: "Scope") -> "Asked":
    """Give what a line says of a request; requests that ask the same, and break the same, have the same."""
    notes = scope.get(KEY)
    return (
        scope["method"],
        scope["scheme"],
        scope.get("server"),
        scope["path"],
        scope["query_string"],
        None if notes is None else notes.rule,
    )


def _logged() -> "Callable[[Access], None]":
    lines = Lines()
    return lambda access: log.info("%s", lines(access))
