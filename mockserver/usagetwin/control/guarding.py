"""Who may speak to the control API: this machine, or who has the control token; never another site's page.

Rule: a page in a browser can send requests anywhere, but can't hide where it is from (`Origin`,
`Sec-Fetch-Site`), and one that lets its own name lead here can't hide that name (`Host`).
"""

from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from usagetwin.asgi.notes import header
from usagetwin.control.refusals import ControlError
from usagetwin.errors import quoted
from usagetwin.settings import CONTROL_VARIABLE

if TYPE_CHECKING:
    from starlette.types import Scope

SEND_TOKEN: Final = f"Authorization: Bearer TOKEN, where TOKEN is what the twin has in {CONTROL_VARIABLE}"
NO_PAGE: Final = "a client that is no page of another site"


def check(scope: "Scope", token: str | None) -> None:
    """Let a request pass. Raises ControlError."""
    check_origin(scope)
    if token is not None:
        _check_token(scope, token)
    elif not _is_loopback((scope.get("server") or ("",))[0]):
        problem = f"on another address than this machine's own the control API needs {CONTROL_VARIABLE}"
        raise ControlError(
            403, "forbidden", problem, f"serve with {CONTROL_VARIABLE} set, and send {SEND_TOKEN}"
        )
    elif not _is_local_name(_host_of(header(scope, b"host") or "")):
        host = quoted(header(scope, b"host") or "")
        problem = f"the control API does not answer for the host {host}, which is not this machine's own"
        raise ControlError(
            403, "forbidden", problem, f"localhost or 127.0.0.1 as the host; or {CONTROL_VARIABLE}"
        )


def check_origin(scope: "Scope") -> None:
    """Let a request pass that no other site's page has sent. Raises ControlError."""
    origin = header(scope, b"origin")
    own = f"{scope['scheme']}://{header(scope, b'host')}"
    if origin is not None and origin != own:
        problem = f"a page of {quoted(origin)} may not use the control API"
        raise ControlError(403, "forbidden", problem, NO_PAGE)
    if header(scope, b"sec-fetch-site") not in {None, "same-origin", "none"}:
        problem = "a page of another site may not use the control API"
        raise ControlError(403, "forbidden", problem, NO_PAGE)


def _check_token(scope: "Scope", token: str) -> None:
    scheme, _, sent = (header(scope, b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(sent.strip().encode(), token.encode()):
        raise ControlError(401, "unauthorized", "the control token is missing, or another one", SEND_TOKEN)


def _host_of(host: str) -> str:
    """Give the name or address of a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _is_local_name(host: str) -> bool:
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(host)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
