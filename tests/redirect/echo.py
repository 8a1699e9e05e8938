"""The smallest application that can tell who reached it."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

NOWHERE: Final = "twin.invalid"  # a name that no network resolves (RFC 6761); the server answers under it


class Echo:
    """Answers 200, and remembers scheme, host and path of each request."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.asked: list[str] = []

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG002 -- ASGI's
        """Answer with what was asked, as text."""
        host = dict(scope["headers"])[b"host"].decode()
        asked = f"{scope['scheme']}://{host}{scope['path']}"
        self.asked.append(asked)
        body = asked.encode()
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
