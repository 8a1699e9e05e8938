"""Whether an answer is one that the honest twin gives too: known before the last of it has left."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BY_THE_WALL_CLOCK: Final = (b"retry-after",)  # no two answers need have the same


def compared(app: "ASGIApp", honest: "ASGIApp", tell: "Callable[[], Awaitable[None]]") -> "ASGIApp":
    """Give an app that answers as `app` does, and calls `tell` when `honest` answers otherwise.

    The status, the headers (but those that count down) and the bytes of the body count. Both apps read the
    request's body.
    """

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        expected, shown = _ArrivingAnswer(), _ArrivingAnswer()
        await honest(dict(scope), receive, expected.add)

        async def both(message: "Message") -> None:
            await shown.add(message)
            if shown.is_whole and shown.told != expected.told:
                await tell()
            await send(message)

        await app(dict(scope), receive, both)

    return answer


class _ArrivingAnswer:
    """An answer, as its messages come."""

    def __init__(self) -> None:
        self._start: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._body = b""
        self.is_whole = False

    async def add(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = (pair for pair in message["headers"] if pair[0] not in BY_THE_WALL_CLOCK)
            self._start = message["status"], sorted(headers)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)

    @property
    def told(self) -> tuple[object, bytes]:
        return self._start, self._body
