"""Answers that are spoiled, or given in the twin's place: what HTTP alone can carry.

Rule: nothing here touches the connection or waits; `wire` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from json import dumps  # by name: a test may replace it for its own code
from typing import TYPE_CHECKING, Any, Final

from usagetwin.stage.patience import Patience

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.stage.ending import Ending

Details = Mapping[str, Any]  # by name, checked and complete

JSON_TYPE: Final = (b"content-type", b"application/json")
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
ON_PURPOSE: Final = "This is a fault that was asked for."


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to the twin (`app`), and the end of its play.

    `receive` tells nothing but that the client has left: the request's body has been read.
    """

    app: "ASGIApp"
    scope: "Scope"
    receive: "Receive"
    send: "Send"
    ending: "Ending"
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """One whole answer: header names are in lower case."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


async def answer_of(call: Call) -> WholeAnswer:
    """Ask the twin, and keep its answer here: with its body, for a HEAD too."""
    scope = {**call.scope, "method": "GET"} if call.scope["method"] == "HEAD" else call.scope
    messages: list[Message] = []

    async def keep(message: "Message") -> None:
        messages.append(message)

    await call.app(scope, call.receive, keep)
    head, *parts = messages
    body = b"".join(part.get("body", b"") for part in parts)
    return WholeAnswer(head["status"], tuple(head["headers"]), body)


def with_body(answer: WholeAnswer, body: bytes | None) -> WholeAnswer:
    """Give the same answer with another body (or its own, for None), and the length to go with it."""
    sent = answer.body if body is None else body
    kept = tuple(header for header in answer.headers if header[0] not in FRAMING)
    return replace(answer, body=sent, headers=(*kept, (b"content-length", b"%d" % len(sent))))


def error(status: int, code: str, message: str, *headers: tuple[bytes, bytes]) -> WholeAnswer:
    """Make an answer in the shape of all our errors."""
    body = dumps({"code": code, "message": message}, separators=(",", ":")).encode()
    return with_body(WholeAnswer(status, (JSON_TYPE, *headers), body), None)


def failed(failure: Exception) -> WholeAnswer:
    """Make the answer that stands for one which could not be made: who told the twin to, learns of it."""
    message = f"What the twin was told to do failed, so this is no answer of its own: {failure}"
    return error(500, "internal_error", message)


async def start(answer: WholeAnswer, send: "Send") -> None:
    """Send status and headers."""
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})


async def leave(answer: WholeAnswer, scope: "Scope", send: "Send") -> None:
    """Send a whole answer; to a HEAD, without its body."""
    await start(answer, send)
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


async def malformed_json(call: Call, _details: Details) -> None:
    """Give the first half of the body as if it were the whole: no JSON."""
    answer = await answer_of(call)
    await leave(with_body(answer, answer.body[: len(answer.body) // 2]), call.scope, call.send)


async def wrong_content_type(call: Call, details: Details) -> None:
    """Give the answer under another media type."""
    answer = await answer_of(call)
    kept = tuple(header for header in answer.headers if header[0] != b"content-type")
    label = (b"content-type", details["content_type"].encode("ascii"))
    await leave(with_body(replace(answer, headers=(label, *kept)), None), call.scope, call.send)


async def empty_body(call: Call, _details: Details) -> None:
    """Give status and headers of the answer, and no body."""
    await leave(with_body(await answer_of(call), b""), call.scope, call.send)


async def rate_limited(call: Call, details: Details) -> None:
    """Refuse with 429; source for the words: `FACTS` 13."""
    message = f"You've exceeded the API rate limit. Try again later. {ON_PURPOSE}"
    await leave(error(429, "rate_limited", message, *_retry_after(details)), call.scope, call.send)


async def status(call: Call, details: Details) -> None:
    """Fail with the status that is named."""
    number = details["status"]
    phrase = (
        HTTPStatus(number).phrase if number in {each.value for each in HTTPStatus} else f"Status {number}"
    )
    code = phrase.lower().replace(" ", "_").replace("-", "_").replace("'", "")
    await leave(error(number, code, f"{phrase}. {ON_PURPOSE}"), call.scope, call.send)


async def server_error(call: Call, _details: Details) -> None:
    """Fail with 500."""
    await leave(error(500, "internal_error", f"Internal server error. {ON_PURPOSE}"), call.scope, call.send)


async def unavailable(call: Call, details: Details) -> None:
    """Refuse with 503."""
    message = f"Service unavailable. Try again later. {ON_PURPOSE}"
    await leave(error(503, "service_unavailable", message, *_retry_after(details)), call.scope, call.send)


def _retry_after(details: Details) -> tuple[tuple[bytes, bytes], ...]:
    seconds = details.get("retry_after")
    return () if seconds is None else ((b"retry-after", b"%d" % seconds),)
