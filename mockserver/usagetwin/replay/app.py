"""The ASGI app that answers from a tape, and says so clearly where it can't.

Rule: 501 is no answer of the contract's, and none that clients try again: nobody takes it for the API's.
"""

import logging
from typing import TYPE_CHECKING, Final

from usagetwin.accesses.access import CREDENTIAL
from usagetwin.contract.operation import PATH
from usagetwin.encoding import JSON_TYPE, encode
from usagetwin.errors import quoted, readable
from usagetwin.replay.nearest import differences, nearest, target_of
from usagetwin.replay.question import Question, question

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from usagetwin.replay.reply import Reply
    from usagetwin.replay.tape import Tape

NOT_RECORDED: Final = 501
CODE: Final = "not_recorded"
log = logging.getLogger("usagetwin.error")


class Replay:
    """Answer each request as it was answered when it was recorded."""

    def __init__(self, tape: "Tape") -> None:
        """Take the recording; its answers are given in their order, whoever asks."""
        self._tape: Final = tape

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, and the events of a server's life."""
        if scope["type"] != "http":
            await _live(receive, send)
            return
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        if not path.startswith(PATH):
            message = f"The recording {self._tape.name} has {PATH} alone, and the path is {quoted(path)}."
            await self._refuse(message, scope, send)
            return
        asked = self._question(scope, path)
        reply = self._reply(asked)
        if reply is None:
            await self._refuse(self._not_recorded(asked), scope, send)
        else:
            headers, body = reply.written(head=scope["method"] == "HEAD")
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    def _question(self, scope: "Scope", path: str) -> Question:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
        query = scope["query_string"].decode("latin-1")
        return question(scope["method"], path.removeprefix(PATH), query, headers, shown=self._tape.shown)

    def _reply(self, asked: Question) -> "Reply | None":
        """Give the next answer; a HEAD that was not recorded gets that of its GET, which stays the next."""
        found = self._tape.find(asked)
        if found is not None:
            return found.take()
        if asked.method == "HEAD":
            got = self._tape.find(Question("GET", asked.suffix, asked.pairs, asked.credential, asked.beta))
            return None if got is None else got.current
        return None

    def _not_recorded(self, asked: Question) -> str:
        found = nearest(asked, self._tape.questions)
        apart = "; ".join(differences(asked, found))
        near = f"The nearest that was is {target_of(found)}: {apart}."
        return f"This was not recorded in {self._tape.name}. {near}"

    async def _refuse(self, text: str, scope: "Scope", send: "Send") -> None:
        message = CREDENTIAL.sub(r"\1-***", text)  # a client may have put it anywhere
        log.error("%s", readable(message))
        body = encode({"code": CODE, "message": message})
        headers = [JSON_TYPE, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": NOT_RECORDED, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _live(receive: "Receive", send: "Send") -> None:
    """Say that it starts and stops at once."""
    while True:
        message: Message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
