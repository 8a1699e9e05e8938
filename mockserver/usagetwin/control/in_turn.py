"""The control API of several processes: one request after the other, each on the plays as all know them.

Rule: what is answered as done holds for every request that comes afterwards, wherever it comes.
"""

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from usagetwin.control.refusals import refusal_of, written
from usagetwin.errors import UsageTwinError
from usagetwin.stage.replies import leave

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.stage.shared.mirror import Mirror

READS: Final = "GET"


class InTurn:
    """The API behind a mirror, which has the plays of all processes."""

    def __init__(self, api: "ASGIApp", mirror: "Mirror") -> None:
        """Take the API, and the mirror that it speaks to."""
        self._api: Final = api
        self._mirror: Final = mirror
        self._lock: Final = asyncio.Lock()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request once all know what it changed."""
        messages: list[Message] = []

        async def keep(message: "Message") -> None:
            messages.append(message)

        meant = self._mirror.reading() if scope["method"] == READS else self._mirror.changing()
        try:
            async with self._lock, _in_threads(meant):
                await self._api(scope, receive, keep)
        except UsageTwinError as error:
            await leave(written(refusal_of(error)), scope, send)
        else:
            for message in messages:
                await send(message)


@asynccontextmanager
async def _in_threads(block: "AbstractContextManager[None]") -> "AsyncIterator[None]":
    """Enter and leave a block that waits for the store, while this process goes on."""
    await asyncio.to_thread(block.__enter__)
    try:
        yield
    except BaseException as error:
        await asyncio.to_thread(block.__exit__, type(error), error, error.__traceback__)
        raise
    await asyncio.to_thread(block.__exit__, None, None, None)
