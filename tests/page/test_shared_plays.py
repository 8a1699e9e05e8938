"""The page of twins that have their plays together: what one is told, the others show."""

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

import pytest
from fakeredis import FakeRedis, FakeServer

from tests import inprocess
from tests.acme import FULL
from tests.page.paged import BROWSER, HOST, Document
from tests.page.replicas import paged_replicas
from tests.page.test_control import Desk, desk
from usagetwin import store
from usagetwin.page import live

if TYPE_CHECKING:
    from starlette.types import Message

    from tests.page.paged import Paged

REQUESTS = "/__twin__/page/requests"
CONTROL = "/__twin__/page/control"


@pytest.fixture
def server() -> FakeServer:
    """Give a store."""
    return FakeServer()


class Reader:
    """Somebody who reads the stream of one twin while others are told things."""

    def __init__(self, twin: "Paged", query: str = "") -> None:
        """Take whose stream it is."""
        self._twin = twin
        self._query = query
        self._left = asyncio.Event()
        self._came = asyncio.Event()
        self.text = ""

    async def __aenter__(self) -> Self:
        """Begin."""
        scope = inprocess.scope("GET", f"{REQUESTS}/stream", self._query.encode(), BROWSER)
        self._reading: asyncio.Future[None] = asyncio.ensure_future(
            self._twin.app(scope, self._receive, self._send)
        )
        await self.until(live.BEGINNING.decode())
        return self

    async def __aexit__(self, *_raised: object) -> None:
        """Leave."""
        self._left.set()
        await asyncio.wait_for(self._reading, 10)

    async def until(self, text: str) -> None:
        """Wait until a text has come."""
        while text not in self.text:
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), 10)

    async def until_over(self) -> None:
        """Wait until the twin has ended it."""
        await asyncio.wait_for(asyncio.shield(self._reading), 10)

    async def _receive(self) -> "Message":
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: "Message") -> None:
        self.text += message.get("body", b"").decode()
        self._came.set()


def rows(document: Document) -> list[dict[str, Any]]:
    """Give the numbers and statuses that the view *requests* lists."""
    return [
        {"number": cells[0].strip(), "answered": cells[3].split()[0], "fault": "fault" in cells[3]}
        for cells in document.rows[1:]
    ]


async def tell(twin: "Paged", method: str, path: str, body: object = None) -> None:
    """Tell a twin something as a program does, while this loop goes on."""
    content = b"" if body is None else json.dumps(body).encode()
    kind = (
        () if body is None else (("content-type", "application/json"), ("content-length", str(len(content))))
    )
    answer = await asyncio.to_thread(
        lambda: inprocess.ask(
            twin.app, method=method, path=f"/__twin__/plays/{path}", body=content, headers=(HOST, *kind)
        )
    )
    assert answer.status < 300, answer.body


def test_a_form_of_one_twin_is_taken_by_another_and_seen_at_both(server: FakeServer) -> None:
    """A fault is switched on where the form was not made, and shown, listed and recorded at each."""
    one, two = paged_replicas(server)
    given = desk(one)

    Desk(two, given.cookie, given.proof).sent("fault", name="unavailable", times="1")
    statuses = [inprocess.ask(twin.app).status for twin in (one, one, two)]

    assert statuses == [503, 200, 200]
    expected = [
        {"number": "3", "answered": "200", "fault": False},
        {"number": "2", "answered": "200", "fault": False},
        {"number": "1", "answered": "503", "fault": True},
    ]
    for twin in (one, two):
        assert rows(twin.document(REQUESTS)) == expected
        assert ["1", "unavailable"] in [cells[:2] for cells in twin.document(CONTROL).rows]


def test_a_form_that_no_twin_of_the_store_gave_is_refused(server: FakeServer) -> None:
    """A value of another browser's, or of twins with another store."""
    (one,) = paged_replicas(server, 1)
    (other,) = paged_replicas(FakeServer(), 1)
    mine, foreign = desk(one), desk(other)

    assert Desk(one, mine.cookie, foreign.proof).send("clear").status == 403
    assert Desk(one, foreign.cookie, mine.proof).send("clear").status == 403
    assert mine.send("clear").status == 303


def test_a_play_has_its_page_at_every_twin(server: FakeServer) -> None:
    """Its account, its answers and its journal are its own, and so is its end."""
    one, two = paged_replicas(server)
    made = desk(one).send("make", name="of billing", now="2026-03-02T12:00:00Z")
    told = Document(made.body.decode())
    token = told.source.partition('id="made-token">')[2].partition("<")[0]
    assert "The play 1 (of billing) is made" in told.text
    assert ["1", "of billing"] in [cells[:2] for cells in told.rows]  # in the list, as well

    for twin in (two, one):
        inprocess.ask(twin.app, headers=(("authorization", token),))
        assert "2026-03-02T12:00:00Z" in twin.document("/?play=1").text
        assert "2026-03-02" in twin.document("/__twin__/page/query?play=1&granularity=daily").text
    assert [each["number"] for each in rows(one.document(f"{REQUESTS}?play=1"))] == ["2", "1"]
    assert len(rows(one.document(REQUESTS))) == 0

    ended = desk(two).send("end", "play=1")
    assert ended.status == 303
    assert "the play 1 has ended" in one.document("/?play=1", 404).text


def test_what_one_twin_is_asked_is_live_at_another(server: FakeServer) -> None:
    """Also while a change waits for its turn, which no stream takes; each row is told until it is whole."""
    one, two = paged_replicas(server)
    desk(one).sent("record", recording="true")

    async def tried() -> str:
        async with Reader(one) as reader, one.turns.changing():
            assert (await inprocess.answered(two.app, "projectKey=web")).status == 200
            await reader.until('"status":200')
            assert (await inprocess.answered(two.app, "projectKey=none")).status == 404
            await reader.until('"status":404')
            await reader.until("id: 2")
        return reader.text

    text = asyncio.run(tried())

    assert text.count('"number":1,') <= 2  # as it came, and as it was answered
    assert "play=" not in text
    assert "query?" not in text
    assert '"query":"projectKey=web"' in text


def test_a_stream_ends_with_its_play_wherever_that_was_ended(server: FakeServer) -> None:
    """And tells so."""
    one, two = paged_replicas(server)
    desk(one).send("make")

    async def tried() -> str:
        async with Reader(one, "play=1") as reader:
            await tell(two, "DELETE", "1")
            await reader.until(live.ENDED.decode())
            await reader.until_over()
        return reader.text

    assert asyncio.run(tried()).count("event: ended") == 1


def test_without_its_store_the_page_says_so(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, to documents, forms and streams; with the store all is there again."""
    monkeypatch.setattr(store, "AGAIN_AFTER_S", 0.0)
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.01)
    (one,) = paged_replicas(server, 1)
    mine = desk(one)
    mine.sent("record", recording="true")

    async def tried() -> str:
        async with Reader(one) as reader:
            await inprocess.answered(one.app, "")
            await reader.until('"status":200')
            server.connected = False
            await reader.until("event: lost")
            server.connected = True
            await reader.until_over()
        return reader.text

    text = asyncio.run(tried())
    assert text.count("event: lost") == 1
    assert "does not answer" in text
    assert "event: ended" not in text  # a browser asks again

    server.connected = False
    for target in ("/", REQUESTS, CONTROL, "/__twin__/page/query", f"{REQUESTS}/stream"):
        refused = one.get(target)
        assert refused.status == 503
        assert "the store of plays and counts does not answer" in refused.body.decode()
        assert "--store" in refused.body.decode()
    assert "does not answer" in mine.refused("clear", 503).text
    server.connected = True
    assert len(rows(one.document(REQUESTS))) == 1


def test_a_store_that_forgot_is_believed(server: FakeServer) -> None:
    """Its requests are numbered from one again, and none of before is shown."""
    one, two = paged_replicas(server)
    desk(one).sent("record", recording="true")
    for _ in range(3):
        inprocess.ask(two.app, "projectKey=web")

    async def tried() -> str:
        async with Reader(one, "after=3") as reader:
            FakeRedis(server=server).flushall()
            await tell(two, "PUT", "default/journal", {"recording": True})
            await inprocess.answered(two.app, "projectKey=other")
            await reader.until("projectKey=other")
        return reader.text

    text = asyncio.run(tried())

    assert "projectKey=web" not in text
    assert [each["number"] for each in rows(one.document(REQUESTS))] == ["1"]
    assert inprocess.ask(one.app, headers=(("authorization", FULL),)).status == 200
