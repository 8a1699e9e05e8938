"""The yardstick: a constant body from a bare ASGI application, or a bare Starlette one, on the same server.

Run as `python -m benchmarks.bare PORT FILE [starlette]`. The server's options are those of the twin.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


def constant(body: bytes) -> "ASGIApp":
    """Make an application that gives one body to every request."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": headers}
    rest: dict[str, Any] = {"type": "http.response.body", "body": body}

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        await send(start)
        await send(rest)

    return app


def starlette(body: bytes) -> "ASGIApp":
    """Make a Starlette application with one route that gives one body."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    from benchmarks.places import ENDPOINT

    async def answer(_request: object) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route(ENDPOINT, answer)])


async def _lifespan(receive: "Receive", send: "Send") -> None:
    for kind in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{kind}.complete"})


def main(port: str, file: str, kind: str = "") -> None:
    """Serve until ended."""
    body = Path(file).read_bytes()
    uvicorn.run(
        starlette(body) if kind == "starlette" else constant(body),
        port=int(port),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_level="error",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
