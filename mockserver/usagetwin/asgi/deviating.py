"""The part that shows a deviation: it hands the request, and the honest parts inside, to one function."""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.asgi.notes import KEY, OPERATION, OWN_PATH, Notes, notes_of
from usagetwin.contract.operation import PATH
from usagetwin.deviations.shape import Reply, Request, parsed_query

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.deviations.shape import Deviation


CHUNK_BYTES: Final = 251


class Deviating:
    """Answer as a deviation says."""

    def __init__(self, app: "ASGIApp", deviation: "Deviation") -> None:
        """Take the honest parts, and the deviation."""
        self._app = app
        self._deviation = deviation
        self._replies = {0: deviation.for_one_app()}  # by operation: what one remembers is none of another's

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(
            method=scope["method"],
            path=scope["path"],
            parameters=parsed_query(scope["query_string"]),
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
            ),
            now_s=notes_of(scope).now_s,
        )
        operation = scope.get(OPERATION, 0)
        if operation not in self._replies:
            self._replies[operation] = self._deviation.for_one_app()
        reply = await self._replies[operation](request, _Inside(self._app, scope, request))
        if OWN_PATH in scope:
            reply = _as_asked(reply, scope[OWN_PATH])
        await _leave(reply, scope, send)


def _as_asked(reply: Reply, own_path: str) -> Reply:
    """Give a reply of a sibling's, in which what a deviation wrote names its path."""
    headers = tuple((name, value.replace(PATH, own_path)) for name, value in reply.headers)
    return Reply(reply.status, reply.body.replace(PATH.encode(), own_path.encode()), headers)


class _Inside:
    """The honest twin, as a deviation asks it."""

    def __init__(self, app: "ASGIApp", scope: "Scope", original: Request) -> None:
        self._app = app
        self._scope = scope
        self._original = original

    async def ask(self, request: Request, *, now_s: int | None = None) -> Reply:
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401 -- an ASGI message
            messages.append(message)

        await self._app(self._changed(request, now_s), receive, send)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in messages[0]["headers"]
            if name != b"content-length"
        )
        body = b"".join(message["body"] for message in messages[1:])
        return Reply(messages[0]["status"], body, headers)

    def _changed(self, request: Request, now_s: int | None) -> "Scope":
        scope = dict(self._scope)
        scope[KEY] = Notes(request.now_s if now_s is None else now_s)
        scope["method"] = "GET" if request.method == "HEAD" else request.method  # with a body, for a HEAD too
        scope["path"] = request.path
        if request.path != self._original.path:
            own_path = scope.get(OWN_PATH, PATH)  # a deviation knows the vendored one alone
            scope["raw_path"] = request.path.replace(PATH, own_path).encode()
        if request.parameters != self._original.parameters:
            scope["query_string"] = request.query_string.encode()
        scope["headers"] = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers
        ]
        return scope


async def _leave(reply: Reply, scope: "Scope", send: "Send") -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if not any(name in (b"content-length", b"transfer-encoding") for name, _ in headers):
        headers.append((b"content-length", b"%d" % len(reply.body)))
    headers.extend(notes_of(scope).headers)  # those of the parts around this one
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else reply.body
    while len(body) > CHUNK_BYTES and any(name == b"transfer-encoding" for name, _ in headers):
        await send({"type": "http.response.body", "body": body[:CHUNK_BYTES], "more_body": True})
        body = body[CHUNK_BYTES:]
    await send({"type": "http.response.body", "body": body})
