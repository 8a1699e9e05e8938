"""The CORS headers that the real API sends, under the policy `cors`, and its answer to a preflight request.

Source: `FACTS` 15. Starlette's middleware answers a wildcard with `*` where the real one echoes the origin.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import header, notes_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

METHODS: Final = b"OPTIONS, GET, DELETE, PATCH"
MAX_AGE_S: Final = b"300"


class Cors:
    """Add the CORS headers to every answer, and answer a preflight request by itself."""

    def __init__(self, app: "ASGIApp", path: str) -> None:
        """Take the path whose preflight requests are answered."""
        self._app = app
        self._path = path

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _headers(header(scope, b"origin"))
        if self._is_preflight(scope):
            headers.append((b"access-control-allow-headers", _asked_headers(scope)))
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        notes_of(scope).headers.extend(headers)
        await self._app(scope, receive, send)

    def _is_preflight(self, scope: "Scope") -> bool:
        return (
            scope["method"] == "OPTIONS"
            and scope["path"] == scope.get("root_path", "") + self._path
            and header(scope, b"access-control-request-method") is not None
        )


def _headers(origin: str | None) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", b"*" if origin is None else origin.encode("latin-1")),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-max-age", MAX_AGE_S),
    ]


def _asked_headers(scope: "Scope") -> bytes:
    return (header(scope, b"access-control-request-headers") or "authorization").encode("latin-1")
