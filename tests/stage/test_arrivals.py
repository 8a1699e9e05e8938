"""How a request becomes a record."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import freezegun

from tests.acme import NOW_S, PATH
from usagetwin.asgi.reply_cache import Kept
from usagetwin.stage.arrivals import LARGEST_BODY, Arrival, InJournal, body_of, recorded_of, with_body
from usagetwin.stage.journal import Journal

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


def scope(**changed: Any) -> "Scope":  # noqa: ANN401 -- parts of an ASGI scope
    """Give the scope of one request."""
    return {
        "type": "http",
        "method": "GET",
        "path": PATH,
        "query_string": b"projectKey=a+b&projectKey=%C3%A9&to=",
        "headers": [(b"host", b"app.launchdarkly.com"), (b"authorization", b"t\xe9")],
        **changed,
    }


def receiving(*messages: "Message") -> "Receive":
    """Give a server that says this, and then that the client has left."""
    said = list(messages)

    async def receive() -> "Message":
        return said.pop(0) if said else {"type": "http.disconnect"}

    return receive


def part(body: bytes, *, more_body: bool = True) -> "Message":
    """Give a part of a request's body."""
    return {"type": "http.request", "body": body, "more_body": more_body}


def test_a_record_has_the_request_as_it_came() -> None:
    """Parameters are decoded as the twin decodes them, empty ones included."""
    record = recorded_of(scope(), b"null", NOW_S)

    assert (record.method, record.host, record.path) == ("GET", "app.launchdarkly.com", PATH)
    assert record.query_string == "projectKey=a+b&projectKey=%C3%A9&to="
    assert record.parameters == (("projectKey", "a b"), ("projectKey", "é"), ("to", ""))
    assert record.header("authorization") == "té"
    assert record.body == b"null"
    assert (record.status, record.fault) == (None, None)


def test_the_instant_is_the_twins_in_utc() -> None:
    """2026-03-03T12:00:00Z, whatever the machine's clock says."""
    assert recorded_of(scope(), b"", NOW_S).at == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_the_instant_is_a_plain_datetime_under_frozen_time() -> None:
    """A record that is printed or pickled after the test has nothing of the library that froze its time."""
    with freezegun.freeze_time("2020-01-01"):
        at = recorded_of(scope(), b"", NOW_S).at

    assert type(at) is datetime
    assert repr(at) == "datetime.datetime(2026, 3, 3, 12, 0, tzinfo=datetime.timezone.utc)"


def test_a_request_without_host_has_none() -> None:
    """HTTP/1.0 has none."""
    assert recorded_of(scope(headers=[]), b"", NOW_S).host == ""


def test_the_body_is_read_to_its_end() -> None:
    """Part by part."""
    receive = receiving(part(b"nu"), part(b"l"), part(b"l", more_body=False), part(b"next"))

    assert asyncio.run(body_of(receive)) == b"null"


def test_a_client_that_leaves_ends_its_body() -> None:
    """What has arrived is what is known."""
    assert asyncio.run(body_of(receiving(part(b"nu")))) == b"nu"


def test_of_a_huge_body_the_beginning_is_kept() -> None:
    """It is read to its end all the same, or the answer would never be read."""
    receive = receiving(part(b"a" * LARGEST_BODY), part(b"b" * LARGEST_BODY), part(b"c", more_body=False))

    assert asyncio.run(body_of(receive)) == b"a" * LARGEST_BODY


def test_the_status_is_known_before_the_client_has_it() -> None:
    """A test that reads the journal right after its answer finds the status there."""
    journal = Journal()
    seen: list[int | None] = []

    async def send(message: "Message") -> None:
        if message["type"] == "http.response.start":
            seen.append(journal.requests[0].status)

    async def answer() -> None:
        arrival = Arrival(InJournal(journal, recorded_of(scope(), b"", NOW_S)), send)
        await arrival.note("delay")
        assert not arrival.started
        await arrival.send({"type": "http.response.start", "status": 204, "headers": []})
        assert arrival.started

    asyncio.run(answer())

    assert seen == [204]
    assert journal.requests[0].fault == "delay"


def test_the_head_of_a_kept_answer_does_not_wait_for_its_body() -> None:
    """It passes as any other, since a fault may hold the body back."""
    start = {"type": "http.response.start", "status": 200, "headers": []}
    body = {"type": "http.response.body", "body": b"{}"}
    sent: list[Message] = []

    async def send(message: "Message") -> None:
        sent.append(message)

    arrival = Arrival(InJournal(Journal(), recorded_of(scope(), b"", NOW_S)), send)
    asyncio.run(arrival.send(Kept(start, body)))

    assert sent == [start]
    assert not isinstance(sent[0], Kept)


def test_an_app_receives_the_body_that_was_read() -> None:
    """Whole, once for each time it is asked; then what the server says."""
    heard: list[list[Message]] = []

    async def listen(_scope: "Scope", receive: "Receive", _send: "Send") -> None:
        heard.append([await receive(), await receive()])

    async def ignore(_message: "Message") -> None:
        """Send nowhere."""

    async def ask_twice() -> None:
        app = with_body(listen, b"null")
        await app(scope(), receiving(), ignore)
        await app(scope(), receiving(), ignore)

    asyncio.run(ask_twice())

    assert heard == [[part(b"null", more_body=False), {"type": "http.disconnect"}]] * 2
