"""One request and its answer, as uvicorn has them; an answer that was kept goes out in one write.

uvicorn looks at each header of each answer, and writes head and body apart, which costs more than all of the
twin's own parts.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from usagetwin.asgi.reply_cache import Kept, written

if TYPE_CHECKING:
    Headers = list[tuple[bytes, bytes]]


LAST_KNOWN: Final = 599  # uvicorn has no status line beyond it, though HTTP can send one


class Cycle(RequestResponseCycle):
    """uvicorn's; what it does not know is a head that waits for its body."""

    began_s = 0.0  # when its head had ended, by `perf_counter`
    status = 0  # of its answer, once that has begun and is not from the cache
    was_kept = False
    _head: Kept | None = None
    _common: "ClassVar[tuple[Headers | None, bytes]]" = (None, b"")  # uvicorn's headers, which last a second

    async def send(self, message: Any) -> None:  # noqa: ANN401 -- each as uvicorn types it
        """Send a part of the answer."""
        head = self._head
        if head is None and not self._takes_whole(message):
            if not self.response_started:
                self.status = message.get("status", 0)
                if self.status > LAST_KNOWN:
                    STATUS_LINE[self.status] = b"HTTP/1.1 %d \r\n" % self.status
            await RequestResponseCycle.send(self, message)
        elif head is None:
            self._head = message
        else:
            self._head = None
            if message is head.body and self._takes_whole(head):
                self._write(head, message["body"])
            else:
                await self.send(dict(head))
                await self.send(message)

    def _takes_whole(self, message: object) -> bool:
        """Tell whether a message starts an answer that may go out whole."""
        return (
            type(message) is Kept
            and self.keep_alive
            and not self.response_started
            and not self.disconnected
            and not self.flow.write_paused
        )

    def _write(self, head: Kept, body: bytes) -> None:
        headers, common = Cycle._common
        if headers is not self.default_headers:
            common = written(self.default_headers)
            Cycle._common = (self.default_headers, common)
        self.transport.write(b"".join((STATUS_LINE[head["status"]], common, head.written, body)))
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.was_kept = True
        self.message_event.set()
        self.on_response()
