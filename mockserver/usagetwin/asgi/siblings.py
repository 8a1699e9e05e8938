"""The operations of a twin that serves others than the vendored one: which of them a request is for.

Rule: a sibling is the vendored operation under another path. So its requests go inside by the vendored path,
with their operation's number beside it, and what the client sent stays in `raw_path`. No part inside but the
answerer knows of it. A twin of the vendored operation alone has none of these parts.
"""

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from usagetwin.asgi.notes import OPERATION, OWN_PATH
from usagetwin.contract.operation import PATH
from usagetwin.request.wording import unknown_path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.contract.operation import Operation

ASKED: Final = "usagetwin.asked"  # the path as the client sent it, without the prefix of a mount


class Siblings:
    """Send each request inside as one to the vendored path."""

    def __init__(self, app: "ASGIApp", operations: "Sequence[Operation]") -> None:
        """Take the parts inside, and what is served."""
        self._app: Final = app
        self._numbers: Final = {operation.path: number for number, operation in enumerate(operations)}

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request."""
        return self._app(self._inside(scope) if scope["type"] == "http" else scope, receive, send)

    def _inside(self, scope: "Scope") -> "Scope":
        mount, path = _mount(scope)
        own, rest = self._split(path)
        raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
        inside = {**scope, "raw_path": raw_path, ASKED: path}
        if own is not None:
            inside.update({"path": mount + PATH + rest, OPERATION: self._numbers[own], OWN_PATH: own})
        return inside

    def _split(self, path: str) -> tuple[str | None, str]:
        """Give the operation's path that a path begins with, and what follows it."""
        if path in self._numbers:
            return path, ""
        own = next((each for each in self._numbers if path.startswith(f"{each}/")), None)
        return own, "" if own is None else path.removeprefix(own)


class OnlyServed:
    """Refuse a path that no operation has, in the words of what the client sent."""

    def __init__(self, app: "ASGIApp", operations: "Sequence[Operation]") -> None:
        """Take the parts inside, and what is served."""
        self._app: Final = app
        self._paths: Final = tuple(operation.path for operation in operations)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request. Raises Refusal."""
        if scope["type"] == "http" and (OPERATION not in scope or _mount(scope)[1] != PATH):
            raise unknown_path(scope.get(ASKED, scope["path"]), self._paths)
        await self._app(scope, receive, send)


def _mount(scope: "Scope") -> tuple[str, str]:
    """Give the prefix that an application is mounted at, and the path after it."""
    mount, path = scope.get("root_path", ""), scope["path"]
    return (mount, path.removeprefix(mount)) if path.startswith(mount) else ("", path)
