"""The plays of several processes: the control API and the page take turns, each with them as all know them.

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
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.control.cast import Told
    from usagetwin.stage.shared.mirror import Mirror

READS: Final = "GET"


def api_of(told: "Told | Turns") -> "ASGIApp":
    """Make the control API of a stage, or of those of several processes."""
    from usagetwin.control.api import control_api  # slow to import

    if isinstance(told, Turns):
        return InTurn(control_api(told.mirror), told)
    return control_api(told)


class Turns:
    """The turns of one process at the plays of all: who looks and who changes, one after the other."""

    def __init__(self, mirror: "Mirror") -> None:
        """Take the mirror, which is as all know it within a turn alone."""
        self.mirror: Final = mirror
        self._lock: Final = asyncio.Lock()

    def reading(self) -> "AbstractAsyncContextManager[None]":
        """Have the plays as all know them within the block. Raises StoreGoneError."""
        return self._of(self.mirror.reading())

    def changing(self) -> "AbstractAsyncContextManager[None]":
        """Have them so, and let all know what was changed. Raises StoreBusyError, too."""
        return self._of(self.mirror.changing())

    @asynccontextmanager
    async def _of(self, meant: "AbstractContextManager[None]") -> "AsyncIterator[None]":
        async with self._lock, _in_threads(meant):
            yield


class InTurn:
    """The API behind a mirror, which has the plays of all processes."""

    def __init__(self, api: "ASGIApp", turns: Turns) -> None:
        """Take the API, and the turns at the mirror that it speaks to."""
        self._api: Final = api
        self._turns: Final = turns

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request once all know what it changed."""
        messages: list[Message] = []

        async def keep(message: "Message") -> None:
            messages.append(message)

        try:
            async with self._turns.reading() if scope["method"] == READS else self._turns.changing():
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
