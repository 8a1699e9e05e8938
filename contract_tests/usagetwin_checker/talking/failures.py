"""Why a request got no whole answer, in words, with the remedy where there is one."""

from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from typing import TYPE_CHECKING, Final

from usagetwin.errors import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOT_OF_AN_API: Final = {
    407: "a proxy in between wants a credential of its own",
    511: "the network in between wants a login of its own",
}
NOT_YET_VALID: Final = 9  # as OpenSSL numbers it
EXPIRED: Final = 10
REMEDIES: Final[tuple[tuple[type[BaseException], str], ...]] = (  # the most special first
    (
        ConnectionRefusedError,
        "nothing listens there (connection refused); start it, or correct the port",
    ),
    (gaierror, "the host's name is not known ({cause}); correct it"),
    (
        SSLCertVerificationError,
        "its certificate is not trusted ({cause.verify_message}); {remedy}",
    ),
    (SSLError, "no TLS there ({cause.reason}); give the URL with http:// where it speaks plain HTTP"),
)


def failure(error: Exception, hide: "Callable[[str], str]" = str) -> str:
    """Say what went wrong, with the remedy where the cause has one, and what `hide` leaves of the words."""
    causes = list(_causes(error))
    for kind, said in REMEDIES:
        for cause in causes:
            if isinstance(cause, kind):
                return readable(hide(said.format(cause=cause, remedy=_remedy(cause))))
    name = type(error).__name__
    return readable(hide(f"{name}: {error}") if str(error) else name)


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
