"""What shows that a form which changes something is one that this page gave to this browser.

Beside `Origin`, which says where a form comes from: each browser has a cookie that no script reads and no
other site sends along, and each form a value that only the twin can make of it.
"""

from hmac import compare_digest, new
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from usagetwin.control.refusals import ControlError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from usagetwin.page.site import Site

FIELD: Final = "proof"
HIDDEN: Final = Markup('<input type="hidden" name="proof" value="{}">')
COOKIE: Final = "usagetwin-form"
ID_BYTES: Final = 16
LONGEST_ID: Final = 64
ATTRIBUTES: Final = "Path=/__twin__/page; HttpOnly; SameSite=Strict"


class Proofs:
    """What one twin gives browsers, and recognizes; another one gives others."""

    def __init__(self, secret: "Callable[[], Awaitable[bytes]]") -> None:
        """Take what gives the secret that no browser knows, which several processes may have in common."""
        self._secret: Final = secret

    async def field(self, browser: str) -> Markup:
        """Write the hidden field of a form for a browser."""
        return HIDDEN.format(await self._of(browser))

    async def check(self, request: "Request", form: "Mapping[str, Sequence[str]]") -> None:
        """Let a form pass that this twin gave to this browser. Raises ControlError, and StoreGoneError."""
        browser = known(request)
        sent = form.get(FIELD, [""])[0]
        if not browser or not compare_digest(sent.encode(), (await self._of(browser)).encode()):
            problem = "this form is not one that the twin, since it was started, gave to this browser"
            raise ControlError(403, "forbidden", problem, "load the page again, with cookies allowed for it")

    async def document(self, site: "Site", request: "Request", template: str, **values: Any) -> "Response":  # noqa: ANN401 -- whatever the template shows
        """Answer with a document that has forms: each has what shows that it is this browser's."""
        browser = known(request) or token_urlsafe(ID_BYTES)
        response = await site.page(request, template, form_proof=await self.field(browser), **values)
        if known(request) != browser:
            secure = "; Secure" if request.url.scheme == "https" else ""
            response.headers.append("set-cookie", f"{_name(request)}={browser}; {ATTRIBUTES}{secure}")
        return response

    async def _of(self, browser: str) -> str:
        return new(await self._secret(), browser.encode(), "sha256").hexdigest()


def known(request: "Request") -> str:
    """Give what a browser's cookie says; nothing for a browser that has none.

    Ports of one host share their cookies, so the name has the port that the browser asks: one address may
    stand for several processes, at ports of their own.
    """
    return request.cookies.get(_name(request), "")[:LONGEST_ID]


def _name(request: "Request") -> str:
    port = request.headers.get("host", "").rpartition(":")[2]
    return f"{COOKIE}-{port if port.isascii() and port.isdigit() else ''}"
