"""Ask a twin in this process: ASGI messages in, one answer out, no socket between.

The scope is what uvicorn makes of the same request line.
"""

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from tests.acme import FULL, PATH
from tests.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.types import ASGIApp, Message, Scope

WITH_TOKEN: Final = (("authorization", FULL),)


def ask(  # noqa: PLR0913 -- one argument for each part of a request
    app: "ASGIApp",
    query: str | bytes = "",
    *,
    method: str = "GET",
    path: str = PATH,
    headers: "Sequence[tuple[str, str]]" = WITH_TOKEN,
    body: bytes = b"",
) -> Answer:
    """Ask once; by default a GET on the one path of the contract, with a full token."""
    raw_query = query.encode("ascii") if isinstance(query, str) else query
    return asyncio.run(_answer(app, scope(method, path, raw_query, headers), body))


def ask_all(
    app: "ASGIApp", queries: "Iterable[str]", headers: "Sequence[tuple[str, str]]" = WITH_TOKEN
) -> list[Answer]:
    """Ask many GETs, one after the other."""

    async def answers() -> list[Answer]:
        return [
            await _answer(app, scope("GET", PATH, query.encode("ascii"), headers), b"") for query in queries
        ]

    return asyncio.run(answers())


async def answered(app: "ASGIApp", query: str) -> Answer:
    """Ask a GET, with a full token, in the running loop."""
    return await _answer(app, scope("GET", PATH, query.encode("ascii"), WITH_TOKEN), b"")


def scope(method: str, path: str, query: bytes, headers: "Sequence[tuple[str, str]]") -> "Scope":
    """Give the scope of a request, as uvicorn makes it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "root_path": "",
        "query_string": query,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8080),
    }


async def _answer(app: "ASGIApp", asked: "Scope", body: bytes) -> Answer:
    sent: list[Message] = []

    async def receive() -> "Message":
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: "Message") -> None:
        sent.append(message)

    await app(asked, receive, send)
    start, *parts = sent
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"]
    )
    return Answer(start["status"], headers, b"".join(part.get("body", b"") for part in parts))
