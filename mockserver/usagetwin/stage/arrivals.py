"""How a request becomes a record of the journal, and the record learns of its answer."""

from datetime import UTC, datetime, timedelta
from json import loads  # by name: a test may replace it for its own code
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.shape import parsed_query
from usagetwin.stage.journal import Recorded
from usagetwin.stage.passing_on import NOTHING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.stage.journal import Journal
    from usagetwin.stage.passing_on import Said

# Made before a test freezes time, so that sums with it are datetimes of the standard library then, too.
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LEAST_REFUSAL: Final = 400
LARGEST_BODY: Final = 1024 * 1024  # as far as the journal keeps it
APPLIED: Final = b"preference-applied"


async def body_of(receive: "Receive") -> bytes:
    """Read the body of a request to its end, and keep its first mebibyte."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")[: LARGEST_BODY - len(body)]
        if not message.get("more_body", False):  # it has ended, or its client has left
            return bytes(body)


def recorded_of(scope: "Scope", body: bytes, now_s: int, said: "Said" = NOTHING) -> Recorded:
    """Make the record of a request, which the journal has yet to number."""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Recorded(
        number=0,
        method=scope["method"],
        host=next((value for name, value in headers if name == "host"), ""),
        path=scope["path"],
        parameters=parsed_query(scope["query_string"]),
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        at=EPOCH + timedelta(seconds=now_s),
        said=said,
    )


class Arrival:
    """One request in the journal: `send` is for whoever answers it."""

    def __init__(self, journal: "Journal", recorded: Recorded, send: "Send") -> None:
        """Record it; `send` is the server's."""
        self.recorded = journal.add(recorded)
        self.started = False
        self._refuses = False
        self._journal = journal
        self._send = send

    def note(self, fault: str) -> None:
        """Note which fault it gets."""
        self._journal.note(self.recorded.number, fault=fault)

    def note_deviation(self) -> None:
        """Note that the setup's deviation changed the answer."""
        self._journal.note(self.recorded.number, deviates=True)

    async def send(self, message: "Message") -> None:
        """Pass an answer on; the journal has its status before the client has.

        A fault may hold back the body of an answer that was kept: its head must not wait for it.
        """
        if message["type"] == "http.response.start":
            message = dict(message)
            self.started = True
            self._refuses = int(message["status"]) >= LEAST_REFUSAL
            applied = next((value for name, value in message["headers"] if name == APPLIED), None)
            self._journal.note(
                self.recorded.number,
                status=int(message["status"]),
                preference=None if applied is None else applied.decode("latin-1"),
            )
        elif self._refuses and not message.get("more_body", False):
            self._note_message(message.get("body", b""))
        await self._send(message)

    def _note_message(self, body: bytes) -> None:
        """Keep what a refusal says; a body that is cut, or no JSON, says nothing."""
        try:
            document = loads(body)
        except ValueError:
            return
        said = document.get("message") if isinstance(document, dict) else None
        if isinstance(said, str):
            self._journal.note(self.recorded.number, message=said)


def with_body(app: "ASGIApp", body: bytes) -> "ASGIApp":
    """Give an app that receives a body which has been read; then it hears what the server says."""

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        unread = [body]

        async def again() -> "Message":
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            return await receive()

        await app(scope, again, send)

    return answer
