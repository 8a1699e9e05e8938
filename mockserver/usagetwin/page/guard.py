"""Who may see the page: whoever may speak to the control API, and who has signed in with its token.

A browser sends no `Authorization` of its own, so where there is a control token the page asks for it once,
and leaves a cookie that is made of it and is not it. Rule: what changes something must say where it comes
from.
"""

from hmac import compare_digest, new
from typing import TYPE_CHECKING, Final

from starlette.requests import cookie_parser

from usagetwin.asgi.notes import header
from usagetwin.control.guarding import NO_PAGE, check, check_origin
from usagetwin.control.refusals import ControlError

if TYPE_CHECKING:
    from starlette.types import Scope

COOKIE: Final = "usagetwin-page"
READING: Final = frozenset({"GET", "HEAD"})


def admit(scope: "Scope", token: str | None) -> None:
    """Let a request pass. Raises ControlError."""
    if scope["method"] not in READING:
        check_own(scope)
    if token is not None and _has_signed_in(scope, token):
        kept = [each for each in scope["headers"] if each[0] != b"authorization"]
        scope = {**scope, "headers": [*kept, (b"authorization", b"Bearer " + token.encode())]}
    check(scope, token)


def check_own(scope: "Scope") -> None:
    """Let pass what a page of the twin's own sends. Raises ControlError."""
    check_origin(scope)
    if header(scope, b"origin") is None and header(scope, b"sec-fetch-site") is None:
        problem = "a request that changes something must say which page it comes from"
        raise ControlError(
            403, "forbidden", problem, f"a form of this page; or, as {NO_PAGE}, the control API"
        )


def cookie_for(token: str, *, secure: bool) -> str:
    """Write the cookie of somebody who has signed in."""
    attributes = "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")
    return f"{COOKIE}={_proof(token)}; {attributes}"


def no_cookie() -> str:
    """Write what takes the cookie away."""
    return f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"


def is_token(sent: str, token: str) -> bool:
    """Tell whether somebody has the control token."""
    return compare_digest(sent.strip().encode(), token.encode())


def _has_signed_in(scope: "Scope", token: str) -> bool:
    sent = cookie_parser(header(scope, b"cookie") or "").get(COOKIE, "")
    return compare_digest(sent.encode(), _proof(token).encode())


def _proof(token: str) -> str:
    return new(token.encode(), b"the page of usagetwin", "sha256").hexdigest()
