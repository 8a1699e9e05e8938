"""The view *requests*, without a browser."""

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests import inprocess
from tests.acme import FULL, PATH
from tests.page.hostile import HOSTILE
from tests.page.paged import BROWSER, HOST, paged

if TYPE_CHECKING:
    from starlette.types import Message

    from tests.page.paged import Paged

VIEW = "/__twin__/page/requests"


def asked(twin: "Paged", *queries: str) -> None:
    """Ask the twin as a client does, while it records."""
    twin.served.recording = True
    for query in queries:
        inprocess.ask(twin.app, query, path=PATH, headers=(HOST, ("authorization", FULL)))


def numbers(rows: "list[list[str]]") -> list[int]:
    """Give the numbers of the requests that a document lists."""
    return [int(cells[0]) for cells in rows if cells and cells[0].isdigit()]


def test_requests_are_listed_with_what_they_broke_the_newest_first() -> None:
    """Each with its answer, and where it is opened in the view *query*."""
    twin = paged()
    asked(twin, "", "from=1735689600000", "projectKey=nope")

    document = twin.document(VIEW)

    assert numbers(document.rows) == [3, 2, 1]
    rows = {int(cells[0]): " | ".join(cells) for cells in document.rows if cells[0].isdigit()}
    assert "404" in rows[3]
    assert "There is no project projectKey='nope'" in rows[3]
    assert "timestamp-fits-ten-digits" in rows[2]
    assert "Try: from=1735689600" in rows[2]
    assert "200" in rows[1]
    assert "nothing" in rows[1]
    links = [each["href"] for each in document.all("a")]
    assert "/__twin__/page/query?from=1735689600000" in links
    assert "/__twin__/page/contract#rule-timestamp-fits-ten-digits" in links
    assert "3 requests so far" in document.text


def test_a_filter_is_a_part_of_the_address_and_of_the_stream() -> None:
    """By status, by rule and by text."""
    twin = paged()
    asked(twin, "", "from=1735689600000", "projectKey=nope")

    assert numbers(twin.document(f"{VIEW}?status=4xx").rows) == [3, 2]
    assert numbers(twin.document(f"{VIEW}?status=4XX&text=NOPE").rows) == [3]
    assert numbers(twin.document(f"{VIEW}?rule=timestamp-fits-ten-digits").rows) == [2]
    assert numbers(twin.document(f"{VIEW}?rule=no-such-rule").rows) == [3, 2, 1]
    document = twin.document(f"{VIEW}?status=404&text=a%26b")
    assert "that meets the filter" in document.text
    live = next(each for each in document.all("div") if each.get("class") == "live")
    assert live["data-stream"] == f"{VIEW}/stream?after=3&status=404&text=a%26b"


@pytest.mark.parametrize("status", ["abc", "<b>", "99"])
def test_a_filter_that_cannot_be_is_refused_beside_its_field(status: str) -> None:
    """What was given is kept, and all requests are shown."""
    twin = paged()
    asked(twin, "")

    document = twin.document(f"{VIEW}?status={quote(status)}", 400)

    field = next(each for each in document.all("input") if each.get("name") == "status")
    assert (field["value"], field["aria-invalid"]) == (status, "true")
    assert f"there is no status {status!r}" in document.text
    assert numbers(document.rows) == [1]


def test_older_requests_are_on_other_pages() -> None:
    """With scripts or without; those are not live."""
    twin = paged()
    asked(twin, *[""] * 52)

    first = twin.document(VIEW)
    older = next(each for each in first.all("a") if each.get("rel") == "next")
    second = twin.document(str(older["href"]))

    assert numbers(first.rows) == list(range(52, 2, -1))
    assert numbers(second.rows) == [2, 1]
    assert [str(each["src"])[-11:] for each in first.all("script")] == ["requests.js"]
    assert second.all("script") == []
    assert numbers(twin.document(f"{VIEW}?before=x").rows) == numbers(first.rows)


def test_a_play_that_was_made_has_its_own_requests() -> None:
    """It records all of them, and its links stay with it."""
    twin = paged()
    made = twin.served.plays.make(twin.served.first)
    inprocess.ask(twin.app, "", path=PATH, headers=(HOST, ("authorization", made.token)))

    document = twin.document(f"{VIEW}?play=1")

    assert numbers(document.rows) == [1]
    assert "/__twin__/page/query?play=1" in [each["href"] for each in document.all("a")]
    assert "Record" not in document.text
    assert made.token not in document.source
    assert numbers(twin.document(VIEW).rows) == []
    assert "2" in twin.document(f"{VIEW}?play=2", 404).text


def test_recording_is_offered_and_taken_back() -> None:
    """Where nothing is told to the default play, none of its requests is kept."""
    twin = paged()

    assert "Record requests" in twin.document(VIEW).text
    twin.served.recording = True
    assert "Record no more" in twin.document(VIEW).text


def test_without_plays_it_says_why_there_are_no_requests() -> None:
    """And has no stream."""
    twin = paged(stage=False)

    assert "this twin is closed for the test" in twin.document(VIEW).text
    assert twin.get(f"{VIEW}/stream", HOST).status == 409


@pytest.mark.parametrize("text", HOSTILE)
def test_no_request_is_more_than_text(text: str) -> None:
    """No element, attribute or character that is not seen comes from one."""
    twin = paged()
    twin.served.recording = True
    honest = paged()
    asked(honest, "projectKey=a")
    target = f"projectKey={quote(text)}"
    header = (
        text.encode("utf-8", "replace")
        .decode("latin-1")
        .replace("\r", "")
        .replace("\n", "")
        .replace("\x00", "")
    )
    inprocess.ask(
        twin.app,
        target,
        path=PATH,
        headers=(("host", header), ("authorization", FULL), ("usagetwin-mark", header)),
    )
    number = twin.served.default.journal.last_number
    twin.served.default.journal.note(number, message=text, preference=text)

    document = twin.document(VIEW)

    assert len(document.all("script")) == 1
    assert [name for name, _ in document.elements if name in {"img", "iframe", "svg"}] == []
    handlers = [name for _, attributes in document.elements for name in attributes if name.startswith("on")]
    assert handlers == []
    assert [each["href"] for each in document.all("a") if str(each["href"]).startswith("javascript")] == []
    assert "\u202e" not in document.source
    assert "\x00" not in document.source
    assert "1337" not in document.text
    assert len(document.source) < len(honest.document(VIEW).source) + 12_000


def streamed(twin: "Paged", query: str, *headers: tuple[str, str]) -> list[int]:
    """Read the stream until it has told of the journal once, and give the numbers of its requests."""
    messages: list[Message] = []

    async def read() -> None:
        told = asyncio.Event()

        async def receive() -> "Message":
            await told.wait()
            return {"type": "http.disconnect"}

        async def send(message: "Message") -> None:
            messages.append(message)
            if b"event: journal" in message.get("body", b""):
                told.set()

        scope = inprocess.scope("GET", f"{VIEW}/stream", query.encode(), (HOST, *headers))
        await asyncio.wait_for(twin.app(scope, receive, send), 10)

    asyncio.run(read())
    assert messages[0]["status"] == 200
    events = b"".join(each.get("body", b"") for each in messages).decode().split("\n\n")
    rows = [each for each in events if each.startswith("event: request\n")]
    return [json.loads(each.partition("data: ")[2])["number"] for each in rows]


def test_the_stream_goes_on_after_what_its_client_knows() -> None:
    """By the header that browsers send, before the address; without either, after all that is there."""
    twin = paged()
    asked(twin, "", "", "projectKey=nope")

    assert streamed(twin, "after=0") == [1, 2, 3]
    assert streamed(twin, "after=0", ("last-event-id", "2")) == [3]
    assert streamed(twin, "after=0&status=404") == [3]
    assert streamed(twin, "") == []
    assert streamed(twin, "after=900") == [1, 2, 3]  # of a twin that stood here before this one


def test_a_stream_with_a_filter_that_cannot_be_is_refused() -> None:
    """In words, as JSON."""
    refused = paged().get(f"{VIEW}/stream?status=x", HOST)

    assert (refused.status, refused.json()["message"]) == (400, "there is no status 'x'")


def test_it_is_let_at_by_nobody_else() -> None:
    """Neither the view nor its stream."""
    twin = paged(token="s3cret")

    assert twin.get(VIEW).status == 401
    assert twin.get(f"{VIEW}/stream", *BROWSER).status == 401
    assert (
        replace(twin, app=paged().app).get(VIEW, ("host", "evil.example"), ("accept", "text/html")).status
        == 403
    )
