"""Legal variations of error bodies: any text in code and message, and any field besides.

Source: `SEMANTICS` 4; the schema wants two strings, and only the wording of the twin says more.
"""

from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.shape import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.legal.changes import ReplyTo
    from usagetwin.deviations.shape import Honest, Reply, Request

FIRST_ERROR: Final = 400
_TEXTS: Final = (
    "invalid-request-code",
    "unauthorized-code",
    "invalid-token-code",
    "forbidden-code",
    "not-found-code",
    "method-not-allowed-code",
    "rate-limited-code",
    "internal-error-code",
    "invalid-request-names-parameter",
    "invalid-request-quotes-value",
    "invalid-request-says-what-is-allowed",
    "milliseconds-are-named",
    "default-in-window-is-named",
)


def _errors_changed(change: "Callable[[int, dict[str, Any]], dict[str, Any]]") -> "ReplyTo":
    """Make a reply function that changes the body of every error, given its status."""

    async def reply(request: "Request", twin: "Honest") -> "Reply":
        honest = await twin.ask(request)
        if honest.status < FIRST_ERROR:
            return honest
        return honest.with_document(change(honest.status, honest.document))

    return reply


ERRORS: Final = (
    Deviation(
        "errors-with-id",
        "error bodies have an id",
        ("error-has-nothing-else",),
        _errors_changed(lambda _status, error: {**error, "id": "8c9f1e0a-0000-4000-8000-000000000000"}),
    ),
    Deviation(
        "errors-as-problems",
        "error bodies have the fields of a problem as well",
        ("error-has-nothing-else",),
        _errors_changed(
            lambda status, error: {
                **error,
                "type": "about:blank",
                "title": "Error",
                "status": status,
                "detail": None,
                "errors": [{"in": "query"}],
            }
        ),
    ),
    Deviation(
        "errors-in-other-words",
        "errors have other codes, and messages that say nothing of the request",
        _TEXTS,
        _errors_changed(
            lambda status, _error: {"code": f"E-{status}", "message": "Das ging nicht. \N{PENSIVE FACE}"}
        ),
    ),
    Deviation(
        "errors-without-words",
        "the code and message of every error are empty strings",
        _TEXTS,
        _errors_changed(lambda _status, _error: {"code": "", "message": ""}),
    ),
)
