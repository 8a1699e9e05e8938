"""Faults that HTTP alone can carry: answers that are spoiled, or given in the twin's place."""

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.acme import PATH
from tests.answer import assert_error
from tests.stage.staged import staged
from tests.wire import request, send
from usagetwin.stage.ending import Ending
from usagetwin.stage.faults import make_fault
from usagetwin.stage.replies import Call, WholeAnswer, answer_of, error, leave, with_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message, Receive, Scope, Send

    from tests.answer import Answer as Given
    from tests.stage.staged import Staged
    from usagetwin.stage.faults import Fault

QUERY: Final = "projectKey=web&granularity=monthly"


@pytest.fixture(scope="module")
def served() -> "Iterator[Staged]":
    """Serve a stage for the tests of this file."""
    with staged() as served:
        yield served


def both(served: "Staged", world: str, name: str, **details: Any) -> tuple["Given", "Given"]:  # noqa: ANN401 -- what a fault takes
    """Give the honest answer and the one with a fault, to the same request."""
    with served.play(world) as play:
        honest = served.ask(QUERY)
        play.faults.add(make_fault(name, **details))
        return honest, served.ask(QUERY)


def test_malformed_json_is_whole_for_http_and_broken_for_json(served: "Staged", acme_file: str) -> None:
    """Status, type and length are in order; the text ends in the middle."""
    honest, spoiled = both(served, acme_file, "malformed-json")

    assert spoiled.status == 200
    assert spoiled.header("content-type") == "application/json"
    assert spoiled.header("content-length") == str(len(spoiled.body))
    assert honest.body.startswith(spoiled.body)
    with pytest.raises(json.JSONDecodeError):
        spoiled.json()


@pytest.mark.parametrize(
    ("details", "expected"),
    [({}, "text/html"), ({"content_type": "text/plain; charset=utf-8"}, "text/plain; charset=utf-8")],
)
def test_wrong_content_type_changes_the_label_alone(
    served: "Staged", acme_file: str, details: dict[str, str], expected: str
) -> None:
    """The body is the honest one, and there is one content type."""
    honest, spoiled = both(served, acme_file, "wrong-content-type", **details)

    assert [value for name, value in spoiled.headers if name == "content-type"] == [expected]
    assert (spoiled.status, spoiled.body) == (200, honest.body)


def test_empty_body_keeps_status_and_type(served: "Staged", acme_file: str) -> None:
    """The answer claims to be JSON, and there is none."""
    _, spoiled = both(served, acme_file, "empty-body")

    assert (spoiled.status, spoiled.body) == (200, b"")
    assert spoiled.header("content-type") == "application/json"
    assert spoiled.header("content-length") == "0"


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        (make_fault("rate-limited"), 429, "rate_limited", "1"),
        (make_fault("rate-limited", retry_after=30), 429, "rate_limited", "30"),
        (make_fault("rate-limited", retry_after=0), 429, "rate_limited", "0"),
        (make_fault("rate-limited-without-retry-after"), 429, "rate_limited", None),
        (make_fault(404), 404, "not_found", None),
        (make_fault(599), 599, "status_599", None),
        (make_fault("server-error"), 500, "internal_error", None),
        (make_fault("unavailable"), 503, "service_unavailable", None),
        (make_fault("unavailable", retry_after=5), 503, "service_unavailable", "5"),
    ],
)
def test_an_error_has_the_shape_of_all_errors(  # noqa: PLR0913, PLR0917 -- one argument for each column
    served: "Staged", acme_file: str, fault: "Fault", status: int, code: str, retry_after: str | None
) -> None:
    """JSON with `code` and `message`, which says that the error is on purpose; Retry-After as told."""
    with served.play(acme_file, fault):
        given = served.ask(QUERY)

    assert given.status == status
    assert given.header("retry-after") == retry_after
    assert "a fault that was asked for" in assert_error(given, status, code)


def test_rate_limited_then_recovery(served: "Staged", acme_file: str) -> None:
    """Two refusals, then the twin answers as ever."""
    with served.play(acme_file, make_fault("rate-limited", times=2, retry_after=0)) as play:
        statuses = [served.ask(QUERY).status for _ in range(4)]

        assert statuses == [429, 429, 200, 200]
        assert [each.fault for each in play.journal.requests] == ["rate-limited", "rate-limited", None, None]


def test_an_error_of_the_twin_is_spoiled_too(served: "Staged", acme_file: str) -> None:
    """A 400 with half of its JSON is a 400."""
    with served.play(acme_file, make_fault("malformed-json")):
        given = served.ask("granularity=hourly")

    assert given.status == 400
    with pytest.raises(json.JSONDecodeError):
        given.json()


@pytest.mark.parametrize(
    "name", ["server-error", "malformed-json", "empty-body", "wrong-content-type", "slow-body"]
)
def test_a_head_has_no_body(served: "Staged", acme_file: str, name: str) -> None:
    """The connection goes on: the length that is announced is that of a GET."""
    details = {"seconds": 0} if name == "slow-body" else {}
    with served.play(acme_file, make_fault(name, **details)):  # type: ignore[arg-type]  # -- details by name
        to_get = send(served.server.url, request(PATH.encode()))
        to_head = send(served.server.url, request(PATH.encode(), method=b"HEAD"))

    assert (to_head.status, to_head.body) == (to_get.status, b"")
    assert to_head.header("content-length") == str(len(to_get.body))


async def answer_in_parts(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
    """Answer as a twin does that sends chunks."""
    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for part in (b'{"a"', b":1", b"}"):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


def test_an_answer_in_parts_is_kept_as_one() -> None:
    """And is sent with a length instead of chunks."""

    async def nothing() -> "Message":
        pytest.fail("nobody asks whether the client is there")

    async def nowhere(_message: "Message") -> None:
        pytest.fail("the answer is not sent")

    scope = {"type": "http", "method": "GET"}
    answer = asyncio.run(answer_of(Call(answer_in_parts, scope, nothing, nowhere, Ending())))

    assert answer.body == b'{"a":1}'
    assert with_body(answer, None).headers == (
        (b"content-type", b"application/json"),
        (b"content-length", b"7"),
    )


def test_an_error_is_written_without_spaces_and_with_its_length() -> None:
    """What is told beside stands between type and length."""
    body = b'{"code":"c","message":"m"}'
    headers = ((b"content-type", b"application/json"), (b"retry-after", b"1"), (b"content-length", b"26"))

    assert error(503, "c", "m", (b"retry-after", b"1")) == WholeAnswer(503, headers, body)


def test_an_answer_to_a_head_leaves_without_its_body() -> None:
    """Whichever server it is given to; the length stays."""
    sent: list[Message] = []

    async def keep(message: "Message") -> None:
        sent.append(message)

    answer = error(503, "c", "m")
    asyncio.run(leave(answer, {"type": "http", "method": "HEAD"}, keep))

    assert sent == [
        {"type": "http.response.start", "status": 503, "headers": list(answer.headers)},
        {"type": "http.response.body", "body": b""},
    ]
