"""The journal as server-sent events."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.page.hostile import HOSTILE
from tests.stage.records import acme, recorded
from usagetwin.control.refusals import ControlError
from usagetwin.page import live
from usagetwin.page.live import Stream, Streams
from usagetwin.page.rows import Wanted
from usagetwin.page.watching import Watch
from usagetwin.stage.ending import Ending
from usagetwin.stage.play import Play
from usagetwin.stage.setup import Setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message


class Client:
    """Somebody who reads a stream, and leaves when told to."""

    def __init__(self, *, method: str = "GET") -> None:
        """Start with nothing read."""
        self.play = Play(Setup(world=acme(), frozen_s=0))
        self.stopping = Ending()
        self.streams = Streams(self.stopping)
        self.messages: list[Message] = []
        self._method = method
        self._leaving = asyncio.Event()
        self._came = asyncio.Event()

    async def read(self, act: "Callable[[], object]", *, until: str) -> None:
        """Open the stream, act when it has begun, and read it to its end; leave once a text has come."""
        watch = Watch(self.play, "default", Wanted(), 0)
        reading = asyncio.create_task(
            Stream(watch, self.streams)({"method": self._method}, self._receive, self._send)
        )
        await asyncio.wait_for(self._until(live.BEGINNING.decode()), 10)
        act()
        await asyncio.wait_for(self._until(until), 10)
        if not reading.done():
            self._leaving.set()
        await asyncio.wait_for(reading, 10)

    @property
    def text(self) -> str:
        """Give what was read."""
        return b"".join(each.get("body", b"") for each in self.messages).decode()

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Give the events: the name and the data of each."""
        parts = [
            dict(line.split(": ", 1) for line in part.splitlines())
            for part in self.text.split("\n\n")
            if part
        ]
        return [(each["event"], json.loads(each["data"])) for each in parts if "event" in each]

    async def _until(self, text: str) -> None:
        while text not in self.text:
            self._came.clear()
            await self._came.wait()

    async def _receive(self) -> "Message":
        await self._leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: "Message") -> None:
        self.messages.append(message)
        self._came.set()


def test_requests_come_as_events_that_can_be_gone_on_from() -> None:
    """Under the type that browsers know, kept by nobody, and not held back by a proxy."""

    async def tried() -> Client:
        client = Client()
        await client.read(lambda: client.play.journal.add(recorded("projectKey=web")), until="projectKey=web")
        return client

    client = asyncio.run(tried())

    headers = dict(client.messages[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert (headers[b"cache-control"], headers[b"x-accel-buffering"]) == (b"no-store", b"no")
    assert b"content-length" not in headers
    assert [name for name, _ in client.events if name == "request"] == ["request"]
    assert "\nid: 0\n" in f"\n{client.text}"
    assert client.streams.open == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_request_ends_an_event(text: str) -> None:
    """Each is one line of JSON, with nothing in it that is not seen."""

    async def tried() -> Client:
        client = Client()
        request = recorded(path=f"/{text}")
        await client.read(lambda: client.play.journal.add(request), until='event: journal\ndata: {"total":1')
        return client

    client = asyncio.run(tried())

    assert [name for name, _ in client.events if name != "journal"] == ["request"]
    told = next(data for name, data in client.events if name == "request")
    assert told["target"].isprintable()
    assert all(line.isprintable() for line in client.text.split("\n"))


@pytest.mark.parametrize(("whose", "said"), [("server", False), ("play", True)])
def test_a_stream_ends_with_its_server_and_its_play(whose: str, said: bool) -> None:  # noqa: FBT001 -- a table
    """At once; of its play's end it tells."""

    async def tried() -> Client:
        client = Client()
        end = client.stopping if whose == "server" else client.play.ending
        await client.read(end.declare, until=live.ENDED.decode() if said else live.BEGINNING.decode())
        return client

    client = asyncio.run(tried())

    assert (live.ENDED.decode() in client.text) is said
    assert not client.messages[-1].get("more_body", False)


def test_a_quiet_stream_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a comment, so that nothing on the way takes it for dead."""
    monkeypatch.setattr(live, "KEPT_ALIVE_S", 0.01)
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.01)

    async def tried() -> Client:
        client = Client()
        await client.read(lambda: None, until=live.ALIVE.decode())
        return client

    assert live.ALIVE.decode() in asyncio.run(tried()).text


def test_a_head_gets_no_stream() -> None:
    """It ends at once."""

    async def tried() -> Client:
        client = Client(method="HEAD")
        await client.read(lambda: None, until=live.BEGINNING.decode())
        return client

    assert asyncio.run(tried()).events == []


def test_there_are_not_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused in words."""
    monkeypatch.setattr(live, "MOST_STREAMS", 1)
    client = Client()
    client.streams.open = 1

    with pytest.raises(ControlError) as refused:
        Stream(Watch(client.play, "default", Wanted(), 0), client.streams)

    assert (refused.value.status, refused.value.problem) == (
        503,
        "1 pages show requests live already, as many as may",
    )
