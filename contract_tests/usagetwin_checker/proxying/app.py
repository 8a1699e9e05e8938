"""The proxy as an ASGI app: each request is passed on, and an answer of the endpoint waits for its verdict.

Rule: no byte of a body is changed. Headers stand before a body, so an answer of the endpoint is held back
until it is whole, or has more in it than any right one; everything else is passed on as it comes.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from usagetwin.asgi.notes import target
from usagetwin.contract.operation import PATH
from usagetwin.recordings.entries import Entry, PassedOver
from usagetwin.recordings.har import CONDITIONS, NOT_MODIFIED, OF_A_CACHE
from usagetwin.recordings.json_fields import by_name
from usagetwin.stage.wire import drop
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.findings import Verdict
from usagetwin_checker.proxying.gone_by import hidings
from usagetwin_checker.proxying.held_back import VERDICT, HeldBack, verdict_headers
from usagetwin_checker.proxying.passing import (
    LENGTH,
    WITHOUT_BODY,
    ClientGoneError,
    Incoming,
    to_client,
    to_upstream,
)
from usagetwin_checker.proxying.upstream import NotAnsweredError
from usagetwin_checker.talking.recordings.exchanges_of import ELSEWHERE, OF_A_BROWSER, PREFLIGHT
from usagetwin_checker.talking.room import most_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx
    from starlette.types import Receive, Scope, Send

    from usagetwin_checker.proxying.each_answer import Said
    from usagetwin_checker.proxying.gone_by import GoneBy
    from usagetwin_checker.proxying.upstream import Upstream

    Headers = list[tuple[bytes, bytes]]

BAD_REQUEST: Final = 400
BAD_GATEWAY: Final = 502
CODES: Final = {BAD_GATEWAY: "bad_gateway", 504: "gateway_timeout"}
ABSOLUTE: Final = "usagetwin.absolute"  # where the server notes that a target names its host
ENDED: Final = "usagetwin.ended"  # where the server notes that it ends before an answer has come
FOR_OTHERS: Final = (
    "This passes requests on to {} alone, and is no proxy for other hosts. Make it the base URL of a client, "
    "or lead a command by `usagetwin record -- COMMAND`."
)
GIVEN_UP: Final = PassedOver("given up by their clients")
TOO_LATE: Final = PassedOver("not answered before the proxy ended")


class Proxy:
    """Passes requests on to an upstream, and says of what went by what it comes to."""

    def __init__(self, upstream: "Upstream", gone_by: "GoneBy") -> None:
        """Take both."""
        self._upstream: Final = upstream
        self._gone_by: Final = gone_by

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass one request on; where its client leaves, nothing more is asked for it."""
        if scope["extensions"].get(ABSOLUTE):
            await _refuse(self._upstream.base_url, send)
            return
        passed = _Passed(self._upstream, self._gone_by, scope, Incoming(scope, receive), send)
        answer = asyncio.create_task(passed.on())
        client = asyncio.create_task(passed.incoming.gone())
        with suppress(asyncio.CancelledError):  # the server ends, and its connections with it
            await asyncio.wait({answer, client}, return_when=asyncio.FIRST_COMPLETED)
        for task in (client, answer):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait({client, answer})
        if not answer.done() or answer.cancelled() or not answer.result():
            if passed.is_of_the_endpoint and not passed.is_taken:
                self._gone_by.pass_over(TOO_LATE if scope["extensions"].get(ENDED) else GIVEN_UP)
            await drop(scope, receive)

    async def close(self) -> None:
        """Let go of upstream, in the event loop that asked it."""
        await self._upstream.close()


class _Passed:
    """One request, and its answer."""

    def __init__(
        self, upstream: "Upstream", gone_by: "GoneBy", scope: "Scope", incoming: Incoming, send: "Send"
    ) -> None:
        self.incoming: Final = incoming
        self.is_taken = False
        self._upstream: Final = upstream
        self._gone_by: Final = gone_by
        self._scope: Final = scope
        self._send: Final = send
        self._started = False
        self._at_s: Final = time.time()
        self._began_s: Final = time.perf_counter()
        self._target: Final = target(scope)
        self._asked_with: Final = by_name(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        )
        self._hidings: Final = hidings(self._asked_with, self._target.partition("?")[2])
        is_path = self._target.partition("?")[0] == PATH
        self._is_preflight: Final = scope["method"] == "OPTIONS" and PREFLIGHT in self._asked_with
        self.is_of_the_endpoint: Final = is_path and not self._is_preflight

    async def on(self) -> bool:
        """Pass it on; tell whether its client has a whole answer."""
        if not self.is_of_the_endpoint:
            self._gone_by.pass_over(OF_A_BROWSER if self._is_preflight else ELSEWHERE)
        try:
            async with self._asked() as response:
                if self.is_of_the_endpoint and not self._is_of_a_cache(response):
                    await self._hold_back(response)
                else:
                    await self._begin(response)
                    await self._rest(response.aiter_raw())
        except ClientGoneError:
            return False
        except NotAnsweredError as error:
            return await self._say(error)
        except Exception as error:  # noqa: BLE001 -- a defect of ours, which the verdict tells of
            self._gone_by.defect = self._hide(f"{type(error).__name__}: {error}")
            return await self._say(NotAnsweredError(BAD_GATEWAY, "a defect of usagetwin"))
        return True

    def _asked(self) -> Any:  # noqa: ANN401 -- an asynchronous context manager
        headers = to_upstream(self._scope, self.incoming, judged=self.is_of_the_endpoint)
        body = self.incoming.pieces() if self.incoming.has_body else None
        method, asked = self._scope["method"], self._target.encode("latin-1")
        return self._upstream.asked(method, asked, headers, body, self._hide)

    def _hide(self, text: str) -> str:
        """Give a text that may quote upstream without the secrets of this request."""
        for hiding in self._hidings:
            text = hiding.text(text)
        return text

    def _is_of_a_cache(self, response: "httpx.Response") -> bool:
        """Tell whether a client has this answer still, and count it then."""
        conditional = not CONDITIONS.isdisjoint(self._asked_with)
        if response.status_code == NOT_MODIFIED and conditional:
            self._gone_by.pass_over(OF_A_CACHE)
            return True
        return False

    async def _hold_back(self, response: "httpx.Response") -> None:
        """Wait for the answer, judge it, and give it with its verdict."""
        asked = Ask(tuple(parse_qsl(self._target.partition("?")[2], keep_blank_values=True)))
        held, pieces = HeldBack(response, most_bytes(asked), self._hide), response.aiter_raw()
        async for piece in pieces:
            if not held.add(piece):
                break
        said = await self._take(held.status, held.headers, held.content, held.noted)
        has_length = held.is_whole and not self._has_no_body(response)
        length = [(LENGTH, b"%d" % held.size)] if has_length else []
        await self._begin(response, [*length, *verdict_headers(said, strict=self._gone_by.strict)])
        for piece in held.pieces:
            await self._more(piece)
        await self._rest(pieces)

    async def _take(
        self, status: int, headers: dict[str, str], content: bytes, noted: dict[str, Any]
    ) -> "Said":
        entry = Entry(
            self._scope["method"],
            self._upstream.base_url + self._target,
            self._asked_with,
            status,
            headers,
            content,
            self.incoming.kept.decode("utf-8", "replace"),
            self._at_s,
            time.perf_counter() - self._began_s,
            noted,
        )
        self.is_taken = True
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._gone_by.thread, self._gone_by.take, entry)

    async def _say(self, error: NotAnsweredError) -> bool:
        """Say to the client that upstream gave no answer, unless it has the beginning of one."""
        if self.is_of_the_endpoint and not self.is_taken:
            await self._take(0, {}, b"", {"failure": error.why})
        if self._started:
            return False
        url = self._upstream.base_url
        message = f"{url}, where usagetwin passes requests on to, gave no whole answer: {error.why}"
        verdict = [(VERDICT, Verdict.INCONCLUSIVE.encode())] if self.is_of_the_endpoint else []
        await _answer(self._send, error.status, CODES[error.status], message, verdict)
        return True

    async def _begin(self, response: "httpx.Response", more: "Headers | None" = None) -> None:
        headers, more = to_client(response), more or []
        lengths = [header for header in headers if header[0] == LENGTH]
        ours = [header for header in more if header[0] != LENGTH or not lengths]
        await self._start(response.status_code, [*headers, *ours])

    async def _start(self, status: int, headers: "Headers") -> None:
        self._started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _more(self, piece: bytes) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def _rest(self, pieces: "AsyncIterator[bytes]") -> None:
        """Pass on what is yet to come, as it comes."""
        async for piece in pieces:
            await self._more(piece)
        await self._send({"type": "http.response.body", "body": b""})

    def _has_no_body(self, response: "httpx.Response") -> bool:
        return self._scope["method"] == "HEAD" or response.status_code in WITHOUT_BODY


async def _refuse(base_url: str, send: "Send") -> None:
    """Refuse what is meant for another host: its credentials are nobody's here."""
    await _answer(send, BAD_REQUEST, "invalid_request", FOR_OTHERS.format(base_url), [])


async def _answer(send: "Send", status: int, code: str, message: str, more: "Headers") -> None:
    """Answer in our own words, as the API words its errors."""
    body = json.dumps({"code": code, "message": message}).encode()
    headers = [(b"content-type", b"application/json"), (LENGTH, b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
