"""What stands in front of a served twin: requests under `/__twin__` are the control API's, all others pass.

Rule: nobody is answered before it is known that they may ask, and no body is read beyond its bound.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.control.guarding import check
from usagetwin.control.in_turn import api_of
from usagetwin.control.probes import PREFIX, Probes, State
from usagetwin.control.refusals import ControlError, written
from usagetwin.stage.replies import FRAMING, leave

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.control.cast import Told
    from usagetwin.control.in_turn import Turns
    from usagetwin.control.probes import Metrics

LARGEST_BODY: Final = 2 * 1024 * 1024


class Control:
    """The control API beside a twin."""

    def __init__(
        self,
        twin: "ASGIApp",
        told: "Told | Turns | None",
        *,
        token: str | None,
        state: State | None = None,
        metrics: "Metrics | None" = None,
    ) -> None:
        """Take what answers all other requests, and the stage, or None where there are several workers.

        Where they share a store, it is the turns at the stages of all. `state` and `metrics` are what the
        process tells of itself, whoever asks.
        """
        self._twin: Final = twin
        self._told: Final = told
        self._token: Final = token
        self._api: ASGIApp | None = None
        self._ours: Final = Probes(self._control, State() if state is None else state, metrics)

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request. No coroutine of its own for the twin's: that would take time."""
        is_ours = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        return (self._ours if is_ours else self._twin)(scope, receive, send)

    async def _control(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        try:
            check(scope, self._token)
            api = self._ready()
            body = await _whole(receive)
        except ControlError as refusal:
            await leave(written(refusal), scope, send)
            return
        kept = [header for header in scope["headers"] if header[0] not in FRAMING]
        headers = [*kept, (b"content-length", b"%d" % len(body))] if body else kept
        await api({**scope, "headers": headers}, _again(body), send)

    def _ready(self) -> "ASGIApp":
        """Make the API with its first request: most twins are never told anything. Raises ControlError."""
        if self._told is None:
            raise _several_workers()
        if self._api is None:
            self._api = api_of(self._told)
        return self._api


async def _whole(receive: "Receive") -> bytes:
    """Read a body. Raises ControlError for one that is too large, and reads no more of it."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes) -> "Receive":
    async def receive() -> "Message":
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _too_large() -> ControlError:
    problem = f"the body has more than {LARGEST_BODY} bytes"
    remedy = "a smaller world; `usagetwin serve --world FILE` takes larger ones"
    return ControlError(413, "content_too_large", problem, remedy)


def _several_workers() -> ControlError:
    problem = "this twin has several workers, which share no plays, so it answers as its options say"
    remedy = "usagetwin serve --workers 1, or --store redis://HOST:PORT, where they share them"
    return ControlError(409, "needs_one_worker", problem, remedy)
