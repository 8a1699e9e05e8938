"""The journal of a play as server-sent events: each request as it comes, and again when it is answered.

Rule: a stream ends with its play, its server or its client, whichever is first, and there are few at a time.
It takes no turn at the plays, and where their store is gone it says so, and ends when that is back.
`id` is the number of the last request that is told in full, so that `Last-Event-ID` goes on after it.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from usagetwin.control.refusals import ControlError
from usagetwin.encoding import encode
from usagetwin.page.headers import LIVE
from usagetwin.store import StoreGoneError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from starlette.types import Receive, Scope, Send

    from usagetwin.page.watching import News, Watch
    from usagetwin.stage.ending import Ending

MOST_STREAMS: Final = 32
LOOK_EVERY_S: Final = 0.25
KEPT_ALIVE_S: Final = 15.0
BEGINNING: Final = b"retry: 2000\n\n"
ALIVE: Final = b": the twin is there\n\n"
ENDED: Final = b"event: ended\ndata: {}\n\n"


class Streams:
    """The streams of a twin: how many there are, and the end of its server."""

    def __init__(self, stopping: "Ending") -> None:
        """Start without any."""
        self.stopping: Final = stopping
        self.open = 0

    def check(self) -> None:
        """Raise ControlError where there are as many streams as there may be."""
        if self.open >= MOST_STREAMS:
            problem = f"{self.open} pages show requests live already, as many as may"
            raise ControlError(503, "too_many_streams", problem, "close some, or load this page again")


class Stream(Response):
    """One stream, as an answer."""

    media_type = "text/event-stream"

    def __init__(self, watch: "Watch", streams: Streams) -> None:
        """Take what is looked at. Raises ControlError where there are too many streams."""
        streams.check()
        super().__init__(headers={**LIVE, "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._watch: Final = watch
        self._streams: Final = streams

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Send what is new, until there is an end."""
        self._streams.open += 1
        ends = [
            asyncio.ensure_future(each)
            for each in (_left(receive), self._streams.stopping.wait(), self._watch.play.ending.wait())
        ]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _send(send, BEGINNING)
            if scope["method"] != "HEAD":
                await self._tell(send, ends)
            await send({"type": "http.response.body", "body": ENDED if ends[2].done() else b""})
        finally:
            self._streams.open -= 1
            for each in ends:
                each.cancel()

    async def _tell(self, send: "Send", ends: "Sequence[asyncio.Future[None]]") -> None:
        loop = asyncio.get_running_loop()
        last_s = loop.time()
        is_lost = False
        while not any(each.done() for each in ends):
            part = ALIVE if loop.time() - last_s >= KEPT_ALIVE_S else b""
            try:
                news = await asyncio.to_thread(self._watch.news)
            except StoreGoneError as error:
                part = part if is_lost else lost(error)
                is_lost = True
            else:
                if is_lost:  # a browser asks again, and is told what there is by then
                    return
                part = part if news is None else written(news)
            if part:
                await _send(send, part)
                last_s = loop.time()
            await asyncio.wait(ends, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)


def written(news: "News") -> bytes:
    """Write events: one for each row, and what is true of the journal, with the number to go on after."""
    rows = b"".join(b"event: request\ndata: %s\n\n" % encode(each) for each in news.rows)
    return rows + b"id: %d\nevent: journal\ndata: %s\n\n" % (news.after, encode(news.state))


def lost(error: StoreGoneError) -> bytes:
    """Write the event that says why nothing is told."""
    return b"event: lost\ndata: %s\n\n" % encode({"problem": error.problem, "remedy": error.remedy})


def _send(send: "Send", part: bytes) -> "Awaitable[Any]":
    return send({"type": "http.response.body", "body": part, "more_body": True})


async def _left(receive: "Receive") -> None:
    """Wait until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
