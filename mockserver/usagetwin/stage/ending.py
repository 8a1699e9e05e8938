"""The end of a play, for requests that wait for it."""

import asyncio
from threading import Lock


class Ending:
    """The end of a play, which any thread may declare and any number of requests may await."""

    def __init__(self) -> None:
        """Start with a play that goes on."""
        self._lock = Lock()
        self._over = False
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def declare(self) -> None:
        """End the play, and wake all that wait for it."""
        with self._lock:
            self._over = True
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    async def wait(self) -> None:
        """Wait for the end."""
        waiting = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self._over:
                return
            self._waiting.add(waiting)
        try:
            await waiting[1].wait()
        finally:
            with self._lock:
                self._waiting.discard(waiting)
