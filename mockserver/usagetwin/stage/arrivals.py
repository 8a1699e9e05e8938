"""How a request becomes a record of the journal, and the record learns of its answer."""

from datetime import UTC, datetime, timedelta
from json import loads  # by name: a test may replace it for its own code
from typing import TYPE_CHECKING, Final, Protocol

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


class Kept(Protocol):
    """A request that is recorded, wherever that is."""

    @property
    def recorded(self) -> Recorded:
        """Give it, with its number."""
        ...

    async def note(
        self,
        *,
        status: int | None = None,
        fault: str | None = None,
        deviates: bool | None = None,
        message: str | None = None,
        preference: str | None = None,
    ) -> None:
        """Complete its record with what became known; None changes nothing."""
        ...


class InJournal:
    """A request in a journal of this process."""

    def __init__(self, journal: "Journal", recorded: Recorded) -> None:
        """Record it."""
        self.recorded: Final = journal.add(recorded)
        self._journal: Final = journal

    async def note(
        self,
        *,
        status: int | None = None,
        fault: str | None = None,
        deviates: bool | None = None,
        message: str | None = None,
        preference: str | None = None,
    ) -> None:
        """Complete its record."""
        self._journal.note(
            self.recorded.number,
            status=status,
            fault=fault,
            deviates=bool(deviates),
            message=message,
            preference=preference,
        )


class Arrival:
    """One request that is recorded: `send` is for whoever answers it."""

    def __init__(self, kept: Kept, send: "Send") -> None:
        """Take where it is recorded; `send` is the server's."""
        self.recorded = kept.recorded
        self.started = False
        self._refuses = False
        self._kept = kept
        self._send = send

    async def note(self, fault: str) -> None:
        """Note which fault it gets."""
        await self._kept.note(fault=fault)

    async def note_deviation(self) -> None:
        """Note that the setup's deviation changed the answer."""
        await self._kept.note(deviates=True)

    async def send(self, message: "Message") -> None:
        """Pass an answer on; the journal has its status before the client has.

        A fault may hold back the body of an answer that was kept: its head must not wait for it.
        """
        if message["type"] == "http.response.start":
            message = dict(message)
            self.started = True
            self._refuses = int(message["status"]) >= LEAST_REFUSAL
            applied = next((value for name, value in message["headers"] if name == APPLIED), None)
            await self._kept.note(
                status=int(message["status"]),
                preference=None if applied is None else applied.decode("latin-1"),
            )
        elif self._refuses and not message.get("more_body", False):
            await self._note_message(message.get("body", b""))
        await self._send(message)

    async def _note_message(self, body: bytes) -> None:
        """Keep what a refusal says; a body that is cut, or no JSON, says nothing."""
        try:
            document = loads(body)
        except ValueError:
            return
        said = document.get("message") if isinstance(document, dict) else None
        if isinstance(said, str):
            await self._kept.note(message=said)


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
