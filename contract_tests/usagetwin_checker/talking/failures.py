"""Why a request got no whole answer, in words, with the remedy where there is one."""

from errno import EHOSTUNREACH, ENETDOWN, ENETUNREACH
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from typing import TYPE_CHECKING, Final

from usagetwin.errors import readable
from usagetwin.hosts import HOSTS, host_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

NOT_OF_AN_API: Final = {
    407: "a proxy in between wants a credential of its own",
    511: "the network in between wants a login of its own",
}
NOT_YET_VALID: Final = 9  # as OpenSSL numbers it
EXPIRED: Final = 10
UNREACHABLE: Final = (EHOSTUNREACH, ENETDOWN, ENETUNREACH)
WELL_KNOWN: Final = ".launchdarkly.com"
REMEDIES: Final[tuple[tuple[type[BaseException], str], ...]] = (  # the most special first
    (
        ConnectionRefusedError,
        "nothing listens {there} (connection refused); start it, or correct the port",
    ),
    (gaierror, "{unknown}"),
    (
        SSLCertVerificationError,
        "its certificate is not trusted ({cause.verify_message}); {remedy}",
    ),
    (SSLError, "no TLS there ({cause.reason}); give the URL with http:// where it speaks plain HTTP"),
)


BROKEN: Final = (  # a part of what httpx and h11 say, and what it means
    ("without sending a response", "it closed the connection without an answer in HTTP/1.1"),
    ("without sending complete message body", "it broke off within its answer"),
    ("without sending chunk", "it broke off within its answer"),
    ("incomplete chunked read", "it broke off within its answer"),
    ("buffer too long", "the head of its answer is longer than 100 KiB"),
    ("SWITCH", "it goes over to another protocol, which nobody asked for"),
    ("Content-Length", "the headers of its answer contradict each other about its length"),
    ("", "its answer is no HTTP/1.1 that can be read"),
)
SEE: Final = "see its log; where something else listens there, correct the URL"


def explained(
    error: "httpx.TransportError",
    hide: "Callable[[str], str]" = str,
    *,
    host: str = "",
    proxy: str | None = None,
) -> str:
    """Say what went wrong in our own words, and what to do, also where `failure` has the library's alone."""
    said = failure(error, hide, host=host, proxy=proxy)
    if not said.startswith(type(error).__name__):
        return said
    from httpx import ConnectError, ProxyError, RemoteProtocolError  # slow to import

    if isinstance(error, RemoteProtocolError):
        text = str(error)
        return f"{next(words for part, words in BROKEN if part in text)}; {SEE}"
    if isinstance(error, ProxyError):
        return f"the proxy in between did not lead there ({said}); see HTTPS_PROXY and NO_PROXY"
    if isinstance(error, ConnectError):
        return f"no connection could be made ({said}); correct the URL, or see what is in between"
    return f"the connection broke off ({said}); {SEE}"


def failure(
    error: Exception, hide: "Callable[[str], str]" = str, *, host: str = "", proxy: str | None = None
) -> str:
    """Say what went wrong, with the remedy where the cause has one, and what `hide` leaves of the words.

    `host` is who was asked, and `proxy` what it was asked through, in words.
    """
    causes = list(_causes(error))
    for kind, said in REMEDIES:
        for cause in causes:
            if isinstance(cause, kind):
                words = {
                    "there": "there" if proxy is None else f"at {proxy}",
                    "unknown": _unknown(cause, host, proxy),
                    "remedy": _remedy(cause),
                }
                return readable(hide(said.format(cause=cause, **words)))
    name = type(error).__name__
    return readable(hide(f"{name}: {error}") if str(error) else name)


def never_sent(error: Exception) -> bool:
    """Tell whether it is certain that nothing of a request was sent: there was no connection for it."""
    from httpx import ConnectError  # slow to import, and whoever has such an error has done so

    return isinstance(error, ConnectError) and any(map(_is_no_connection, _causes(error)))


def _is_no_connection(cause: BaseException) -> bool:
    if isinstance(cause, gaierror | ConnectionRefusedError):
        return True
    return isinstance(cause, OSError) and cause.errno in UNREACHABLE


def _unknown(cause: BaseException, host: str, proxy: str | None) -> str:
    """Say what helps where a name can't be looked up; those of LaunchDarkly are right as they are."""
    if proxy is not None:
        return f"the name of {proxy} is not known ({cause}); correct it"
    name = host_name(host) or ""
    if name in HOSTS or f".{name}".endswith(WELL_KNOWN):
        there_is = f"this machine can't look up {name} ({cause})"
        return f"{there_is}; connect it to the network, or set HTTPS_PROXY where that takes a proxy"
    return f"the host's name is not known ({cause}); correct it, or connect this machine to its network"


def _remedy(cause: BaseException) -> str:
    """Say what helps with a certificate: a clock that is wrong makes every one look too old, or too new."""
    if getattr(cause, "verify_code", None) in (NOT_YET_VALID, EXPIRED):
        return "renew it, or correct this machine's clock"
    return "give --cacert, or set SSL_CERT_FILE to the file of the CA"


def _causes(error: BaseException | None) -> "Iterator[BaseException]":
    """Give an error and what it comes from, the first of several causes."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        else:
            error = error.__cause__ or error.__context__
