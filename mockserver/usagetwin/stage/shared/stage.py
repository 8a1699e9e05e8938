"""The app of one of several processes: each request is answered once it is known what its play was told.

Rule: a request that no play is for asks the store nothing while the process holds a lease.
"""

import asyncio
from asyncio import wait  # by name: a test may replace it for its own code
from time import monotonic
from typing import TYPE_CHECKING, Final

from usagetwin.stage.play_tokens import has_play_token, play_of
from usagetwin.stage.replies import error, leave

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import Receive, Scope, Send

    from usagetwin.stage.served import ServedStage
    from usagetwin.stage.shared.book import Book
    from usagetwin.stage.shared.following import Following

LOOKED_EVERY_S: Final = 1.0
UNKNOWN: Final = error(
    503,
    "service_unavailable",
    "The play of this token is not known here, since the store that has it does not answer. Try again later.",
    (b"retry-after", b"1"),
)


class SharedStage:
    """A served stage that follows the book."""

    def __init__(self, served: "ServedStage", book: "Book", following: "Following") -> None:
        """Take the stage, and what keeps its plays as the book has them."""
        self._served: Final = served
        self._book: Final = book
        self._following: Final = following

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request; a coroutine of its own would cost."""
        if scope["type"] != "http":
            return self._served(scope, receive, send)
        if has_play_token(scope["headers"]):
            return self._of_play(scope, receive, send)
        if monotonic() < self._following.quiet_until_s or self._book.is_gone:
            return self._served(scope, receive, send)
        return self._of_all(scope, receive, send)

    async def _of_play(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request with the token of a play."""
        token = play_of(scope["headers"]) or ""
        if not await asyncio.to_thread(self._following.look, token):
            await leave(UNKNOWN, scope, send)
            return
        answering = asyncio.ensure_future(self._served(scope, receive, send))
        try:
            while not (await wait({answering}, timeout=LOOKED_EVERY_S))[0]:  # it may end elsewhere meanwhile
                await asyncio.to_thread(self._following.look, token)
        finally:
            answering.cancel()
        await answering

    async def _of_all(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request that the default play is for."""
        await asyncio.to_thread(self._following.look_at_default)
        await self._served(scope, receive, send)
