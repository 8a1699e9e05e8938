"""What stands before the control API and the twin: a browser's `/`, and `/__twin__/page/`, are the page's.

Rule: the twin's requests pass without a coroutine of their own, and no library of the page is imported
before somebody asks for it. Without the extra, `/` says what to install.
"""

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import header
from usagetwin.contract.operation import PATH
from usagetwin.page.accepting import HTML, PLAIN, wants
from usagetwin.page.headers import LIVE
from usagetwin.stage.replies import WholeAnswer, error, leave, with_body

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.page.staged import Staged

FIRST: Final = "/"
PREFIX: Final = "/__twin__/page"
LIBRARIES: Final = ("jinja2", "plotly")  # of the extra
MISSING: Final = (
    "There is a page for browsers here, which needs libraries that are not installed: "
    f'pip install "usagetwin[page]", and start the twin again. The API is at GET {PATH}.'
)


def is_installed() -> bool:
    """Tell whether the extra is; none of it is imported by that."""
    return all(find_spec(name) is not None for name in LIBRARIES)


class Page:
    """The page before a twin."""

    def __init__(self, inner: "ASGIApp", staged: "Staged", *, token: str | None) -> None:
        """Take what answers all other requests, what there is to show, and the control token."""
        self._inner: Final = inner
        self._staged: Final = staged
        self._token: Final = token
        self._site: ASGIApp | None = None

    def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> "Awaitable[None]":
        """Answer one request. No coroutine of its own for the twin's: that would take time."""
        path = scope.get("path", "")
        if path == PATH:  # as nearly all are
            return self._inner(scope, receive, send)
        if path.startswith(PREFIX) or (path == FIRST and _is_for_people(scope)):
            return self._answer(scope, receive, send)
        return self._inner(scope, receive, send)

    async def _answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._site is None:
            if not is_installed():
                await leave(_missing(scope), scope, send)
                return
            made = await asyncio.to_thread(self._made)  # with its libraries, while others are answered
            self._site = self._site or made
        await self._site(scope, receive, send)

    def _made(self) -> "ASGIApp":
        from usagetwin.page.site import Site

        return Site(self._staged, self._token)


def _is_for_people(scope: "Scope") -> bool:
    """Tell whether the page answers `/`: to a browser, and to anyone where what it needs is not installed."""
    if scope["method"] not in {"GET", "HEAD"}:
        return False
    return wants(header(scope, b"accept"), HTML) or not is_installed()


def _missing(scope: "Scope") -> WholeAnswer:
    """Say what to install, in plain text or as the API's own error."""
    accept = header(scope, b"accept")
    answer = error(404, "not_found", MISSING)
    if wants(accept, HTML) or wants(accept, PLAIN):
        kind = (b"content-type", b"text/plain; charset=utf-8")
        answer = with_body(WholeAnswer(404, (kind,), f"{MISSING}\n".encode()), None)
    headers = tuple((name.encode(), value.encode()) for name, value in {**LIVE, "vary": "accept"}.items())
    return WholeAnswer(answer.status, (*answer.headers, *headers), answer.body)
