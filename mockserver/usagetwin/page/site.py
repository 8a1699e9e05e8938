"""The page as an ASGI app: who is let in, which view answers, and what becomes of what one raises.

Rule: nothing is shown here; views are modules of their own, and `__init__` says how one is added.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route, Router

from usagetwin.control.cast import DEFAULT
from usagetwin.control.front import LARGEST_BODY
from usagetwin.control.refusals import ControlError, refusal_of
from usagetwin.encoding import encode
from usagetwin.errors import UsageTwinError, quoted
from usagetwin.page.accepting import HTML, wants
from usagetwin.page.delivery import STATIC, packed, static, warm
from usagetwin.page.front import PREFIX
from usagetwin.page.guard import admit, check_own, cookie_for, is_token, no_cookie
from usagetwin.page.headers import LIVE
from usagetwin.page.proof import Proofs
from usagetwin.page.rendering import rendered
from usagetwin.page.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from usagetwin.page.staged import Shown, Staged

log = logging.getLogger("usagetwin.error")
SIGN_IN: Final = f"{PREFIX}/sign-in"
SIGN_OUT: Final = f"{PREFIX}/sign-out"
MOST_FIELDS: Final = 1_000
JSON: Final = "application/json"
HTML_TYPE: Final = "text/html; charset=utf-8"
FAILED: Final = ControlError(
    500, "internal_error", "This is a defect of the twin, not of the request.", "the log of the twin has it"
)


class Site:
    """The page of one twin."""

    def __init__(self, staged: "Staged", token: str | None) -> None:
        """Take what there is to show, and the control token, if there is one."""
        self.staged: Final = staged
        self.proofs: Final = Proofs(staged.secret)
        self._token: Final = token
        routes = [
            Route(f"{STATIC}/{{digest}}/{{name}}", static),
            Route(SIGN_IN, self._sign_in, methods=["POST"]),
            Route(SIGN_OUT, self._sign_out, methods=["POST"]),
            *(route for view in VIEWS for route in view.routes(self)),
        ]
        self._router: Final = Router(routes, redirect_slashes=False)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        begun, is_head = False, scope["method"] == "HEAD"

        async def watched(message: Any) -> None:  # noqa: ANN401 -- an ASGI message
            nonlocal begun
            begun = True
            await send({**message, "body": b""} if is_head and "body" in message else message)

        try:
            self._admit(scope)
            await self._router({**scope, "app": self}, receive, watched)  # so that the router raises
        except Exception as error:
            refusal = _refusal_for(error, scope)
            if begun:
                raise
            request = Request(scope, receive)
            await (await self._refused(request, refusal))(scope, receive, watched)

    async def shown(self, request: Request) -> "Shown":
        """Give the play that a request names by `?play=NUMBER`, as it is at this moment.

        Raises NoSuchPlayError, ControlError, and StoreGoneError.
        """
        return await self.staged.shown(request.query_params.get("play") or DEFAULT)

    async def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        shown: "Shown | None" = None,
        **values: Any,  # noqa: ANN401 -- whatever the template shows
    ) -> "Response":
        """Answer with a document: `shown` is the play that it is of, and `view` the name of the view."""
        accepted = request.headers.get("accept-encoding")
        asyncio.get_running_loop().run_in_executor(None, warm, accepted)  # what the document asks for next
        plays = () if shown is None or status >= 400 else shown.plays
        known = {"plays": plays, "can_sign_out": self._token is not None and status != 401}
        text = await asyncio.to_thread(rendered, template, VIEWS, shown, {**known, **values})
        return await packed(request, text.encode("utf-8", "replace"), HTML_TYPE, status)

    async def json(self, request: Request, document: object, *, status: int = 200) -> "Response":
        """Answer with JSON."""
        return await packed(request, encode(document), JSON, status)

    async def form(self, request: Request) -> "Mapping[str, list[str]]":
        """Read what a form sent: the values of each field. Raises ControlError for one that is too large."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                problem = f"the form has more than {LARGEST_BODY} bytes"
                raise ControlError(413, "content_too_large", problem, "less; or a file, with --world")
        try:
            text = body.decode("utf-8", "replace")
            return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            problem = f"the form has more than {MOST_FIELDS} fields"
            raise ControlError(
                400, "invalid_request", problem, "a form of this page, as a browser sends it"
            ) from None

    def _admit(self, scope: "Scope") -> None:
        """Let a request pass. Raises ControlError."""
        path = scope["path"]
        if path == SIGN_IN:
            check_own(scope)
        elif not path.startswith(f"{STATIC}/"):  # which is in every copy of the wheel, and draws the sign-in
            admit(scope, self._token)

    async def _refused(self, request: Request, refusal: ControlError) -> "Response":
        """Answer with a refusal: a document for a browser, else JSON as the control API's."""
        if not wants(request.headers.get("accept"), HTML):
            document = {"code": refusal.code, "message": refusal.problem, "remedy": refusal.remedy}
            return await self.json(request, document, status=refusal.status)
        asks = refusal.status == 401 and self._token is not None
        template = "sign-in.html" if asks else "refused.html"
        return await self.page(request, template, status=refusal.status, refusal=refusal)

    async def _sign_in(self, request: Request) -> "Response":
        token = self._token
        sent = (await self.form(request)).get("token", [""])[0]
        if token is None or not is_token(sent, token):
            problem = "this is not the control token"
            raise ControlError(401, "unauthorized", problem, "what the twin has in USAGETWIN_CONTROL_TOKEN")
        cookie = cookie_for(token, secure=request.url.scheme == "https")
        return RedirectResponse("/", 303, {**LIVE, "set-cookie": cookie})

    async def _sign_out(self, _request: Request) -> "Response":
        return RedirectResponse("/", 303, {**LIVE, "set-cookie": no_cookie()})


def _refusal_for(error: Exception, scope: "Scope") -> ControlError:
    """Give the refusal that stands for what was raised."""
    path = quoted(scope["path"])
    match error:
        case UsageTwinError():
            return refusal_of(error)
        case HTTPException(status_code=404):
            return ControlError(404, "not_found", f"the page has no {path}", f"/, or {PREFIX}/query")
        case HTTPException(status_code=405):
            problem = f"{quoted(scope['method'])} is no method of {path}"
            allowed = (error.headers or {}).get("Allow", "GET")
            return ControlError(405, "method_not_allowed", problem, f"one of {allowed}")
        case _:
            log.error("the page failed", exc_info=error)
            return FAILED
