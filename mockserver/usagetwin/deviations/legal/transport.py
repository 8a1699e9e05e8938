"""Legal variations of how answers travel: pace, framing, headers, methods and paths.

Source: `SEMANTICS` 4; of these the document says the media type, the statuses and the credential alone.
"""

import gzip
from asyncio import sleep  # by name: where the twin is in a test, that may replace it
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.legal.changes import asked_otherwise, refused
from usagetwin.deviations.shape import OK, Deviation, Remembering, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.legal.changes import ReplyTo
    from usagetwin.deviations.shape import Honest, Request

DELAY_S: Final = 0.02
TURNS: Final = 20
NOT_FOUND: Final = 404
NOT_ALLOWED: Final = 405
_JSON: Final = ("content-type", "application/json")
_BEARER: Final = "bearer "


async def _slow(request: "Request", twin: "Honest") -> Reply:
    await sleep(DELAY_S)
    return await twin.ask(request)


def _headers_changed(*changed: tuple[str, str]) -> "ReplyTo":
    """Make a reply function that sets headers on every answer."""
    names = {name for name, _ in changed}

    async def reply(request: "Request", twin: "Honest") -> Reply:
        honest = await twin.ask(request)
        kept = tuple(header for header in honest.headers if header[0] not in names)
        return replace(honest, headers=(*kept, *changed))

    return reply


async def _gzipped(request: "Request", twin: "Honest") -> Reply:
    honest = await twin.ask(request)
    if "gzip" not in (request.header("accept-encoding") or ""):
        return honest
    packed = (("content-encoding", "gzip"), ("vary", "accept-encoding"))
    return replace(honest, body=gzip.compress(honest.body, mtime=0), headers=(*honest.headers, *packed))


def _limited_now_and_then() -> "ReplyTo":
    """Make a reply function that answers each twentieth request to one app with 429."""
    turns = count(1)

    async def reply(request: "Request", twin: "Honest") -> Reply:
        honest = await twin.ask(request)
        if honest.status != OK or next(turns) % TURNS:
            return honest
        limited = refused(429, "rate_limited", "Too many requests. Try again.")
        return replace(limited, headers=(*limited.headers, ("retry-after", "0")))

    return reply


async def _beta_gate(request: "Request", twin: "Honest") -> Reply:
    honest = await twin.ask(request)
    if honest.status in {NOT_FOUND, NOT_ALLOWED, 401, 403} or request.header("ld-api-version") == "beta":
        return honest
    return refused(403, "forbidden", "This API is in beta. Send the header LD-API-Version: beta.")


async def _bearer_accepted(request: "Request", twin: "Honest") -> Reply:
    credential = request.header("authorization") or ""
    token = credential[len(_BEARER) :].strip()
    if not token or not credential.lower().startswith(_BEARER):
        return await twin.ask(request)
    others = tuple(header for header in request.headers if header[0] != "authorization")
    return await twin.ask(replace(request, headers=(*others, ("authorization", token))))


async def _slash_accepted(request: "Request", twin: "Honest") -> Reply:
    honest = await twin.ask(request)
    if honest.status != NOT_FOUND or not request.path.endswith("/"):
        return honest
    return await asked_otherwise(request, twin, replace(request, path=request.path[:-1]))


def _method_answered(method: str, answer: "Callable[[], Reply]") -> "ReplyTo":
    """Make a reply function that answers one method in a way of its own, to those who have a credential."""

    async def reply(request: "Request", twin: "Honest") -> Reply:
        honest = await twin.ask(request)
        blank = not (request.header("authorization") or "").strip()
        return honest if request.method != method or blank or honest.status == NOT_FOUND else answer()

    return reply


async def _plain_405(request: "Request", twin: "Honest") -> Reply:
    honest = await twin.ask(request)
    if honest.status != NOT_ALLOWED:
        return honest
    return Reply(NOT_ALLOWED, b"Method Not Allowed", (("content-type", "text/plain"),))


TRANSPORT: Final = (
    Deviation("slow", "every answer takes 20 ms longer", (), _slow),
    Deviation(
        "chunked",
        "bodies come in chunks, without a length",
        (),
        _headers_changed(("transfer-encoding", "chunked")),
    ),
    Deviation("gzip", "bodies are compressed for those who accept it", (), _gzipped),
    Deviation(
        "charset",
        "the content type names the charset",
        (),
        _headers_changed(("content-type", "application/json; charset=utf-8")),
    ),
    Deviation(
        "media-type-in-capitals",
        "the content type is in capitals, with a quoted charset and spaces",
        (),
        _headers_changed(("content-type", 'Application/JSON ; Charset="UTF-8"')),
    ),
    Deviation(
        "rate-limit-headers",
        "answers carry some of the rate-limit headers, and headers of a gateway",
        (),
        _headers_changed(
            ("x-ratelimit-route-limit", "10"),
            ("x-ratelimit-route-remaining", "0"),
            ("cache-control", "no-store"),
            ("set-cookie", "gateway=a; Path=/"),
        ),
    ),
    Deviation(
        "limited-now-and-then",
        "each twentieth answer is a 429 that allows to ask again at once",
        ("answers-repeat",),
        Remembering(_limited_now_and_then),
    ),
    Deviation(
        "beta-gate",
        "without LD-API-Version of beta the answer is 403, with a code",
        ("beta-refusal-has-message-alone",),
        _beta_gate,
    ),
    Deviation(
        "bearer-is-taken",
        "a token may follow Bearer",
        ("bearer-is-invalid-token",),
        _bearer_accepted,
    ),
    Deviation(
        "trailing-slash-accepted",
        "the path may end with a slash",
        ("unknown-path-not-found",),
        _slash_accepted,
    ),
    Deviation(
        "head-not-found",
        "HEAD is 404",
        ("head-answers-as-get",),
        _method_answered("HEAD", lambda: refused(NOT_FOUND, "not_found", "There is nothing here.")),
    ),
    Deviation(
        "options-answered",
        "OPTIONS is 200 with the methods in Allow",
        ("method-not-allowed",),
        _method_answered("OPTIONS", lambda: Reply(OK, b"{}", (_JSON, ("allow", "GET, HEAD, OPTIONS")))),
    ),
    Deviation(
        "method-refused-in-plain-text",
        "the 405 is plain text without Allow",
        ("every-answer-is-json", "allow-header-sent", "method-not-allowed-code"),
        _plain_405,
    ),
)
