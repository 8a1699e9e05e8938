"""An inner part that tells how often it was asked, and a clock that tests move."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Counting:
    """Answer with `status` and `body`, and count."""

    def __init__(self, status: int = 200, body: bytes | None = None) -> None:
        """Take the answer; without a body, it is the number of the request."""
        self.asked = 0
        self._status = status
        self._body = body

    async def __call__(self, _scope: "Scope", _receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        self.asked += 1
        body = b"%d" % self.asked if self._body is None else self._body
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": body})


class MovingClock:
    """A clock that stands where it was put last."""

    def __init__(self, now_s: int = 1000) -> None:
        """Take the first instant."""
        self.now_s = now_s

    def __call__(self) -> int:
        """Give the instant."""
        return self.now_s
