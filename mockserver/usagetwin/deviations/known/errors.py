"""The known faults of everything but a 200: statuses and the bodies of errors."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.deviations.known.changes import JSON_TYPE, error, on_content, on_status
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
NOT_FOUND: Final = 404
NOT_ALLOWED: Final = 405
DOCUMENTED: Final = (BAD_REQUEST, UNAUTHORIZED, NOT_FOUND)
HTML: Final = (("content-type", "text/html; charset=utf-8"),)
PROBLEM: Final = (("content-type", "application/problem+json"),)
TEXT: Final = (("content-type", "text/plain; charset=utf-8"),)
CODE_AND_MESSAGE: Final = ("error-has-code-and-message",)


def _body(change: "Callable[[dict[str, str]], object]") -> "Answering":
    """Change the body of the documented errors."""
    return on_status(lambda own, _request: own.with_document(change(own.document)), *DOCUMENTED)


def _coded(code: object, status: int) -> "Answering":
    return on_status(lambda own, _request: own.with_document({**own.document, "code": code}), status)


def _replied(reply: Reply, *statuses: int) -> "Answering":
    return on_status(lambda _own, _request: reply, *statuses)


def _problem(own: Reply, _request: Request) -> Reply:
    fields = {
        "type": "about:blank",
        "title": "Error",
        "status": own.status,
        "detail": own.document["message"],
    }
    return Reply(own.status, json.dumps(fields).encode(), PROBLEM)


def _page(own: Reply, _request: Request) -> Reply:
    page = f"<!doctype html><title>{own.status}</title><h1>The request can't be answered</h1>"
    return Reply(own.status, page.encode(), HTML)


def _trace(_own: Reply, request: Request) -> Reply:
    text = f"Traceback (most recent call last):\n  in answer\nValueError: {request.query_string!r}\n"
    return Reply(BAD_REQUEST, text.encode(), TEXT)


def _no_content_when_empty(own: Reply) -> Reply:
    return own if own.document["series"] else Reply(204, b"", ())


def _nested_when_inverted(own: Reply, _request: Request) -> Reply:
    fields = own.document
    return own.with_document({"error": fields}) if "lies after" in fields["message"] else own


FAULTS: Final = (
    Deviation(
        "error-without-code",
        "Errors have a message and no code.",
        CODE_AND_MESSAGE,
        _body(lambda fields: {"message": fields["message"]}),
    ),
    Deviation(
        "error-in-a-list",
        "Errors are wrapped in a list `errors`.",
        CODE_AND_MESSAGE,
        _body(lambda fields: {"errors": [fields]}),
    ),
    Deviation(
        "error-code-is-the-status",
        "The code of an error is its status as a number.",
        ("error-fields-are-strings",),
        on_status(lambda own, _request: own.with_document({**own.document, "code": own.status}), *DOCUMENTED),
    ),
    Deviation(
        "error-has-a-status",
        "The body of an error has its status as well.",
        ("error-has-nothing-else",),
        on_status(
            lambda own, _request: own.with_document({**own.document, "status": own.status}), *DOCUMENTED
        ),
    ),
    Deviation(
        "error-is-a-problem",
        "Errors are application/problem+json with its fields.",
        ("documented-answer-is-json", "error-has-code-and-message"),
        on_status(_problem, *DOCUMENTED),
    ),
    Deviation(
        "error-is-a-page",
        "Errors are HTML pages.",
        ("documented-answer-is-json",),
        on_status(_page, *DOCUMENTED),
    ),
    Deviation(
        "bad-request-shows-a-trace",
        "A 400 is a stack trace as plain text.",
        ("documented-answer-is-json",),
        on_status(_trace, BAD_REQUEST),
    ),
    Deviation(
        "bad-request-is-500",
        "What should be 400 is 500.",
        ("status-is-documented",),
        _replied(error(500, "internal_error", "Something went wrong"), BAD_REQUEST),
    ),
    Deviation(
        "bad-request-is-422",
        "What should be 400 is 422.",
        (
            "granularity-is-documented",
            "aggregation-type-is-documented",
            "monthly-needs-month-to-date",
            "from-is-unix-seconds",
            "to-is-unix-seconds",
        ),
        _replied(error(422, "invalid_request", "The query can't be processed"), BAD_REQUEST),
    ),
    Deviation(
        "no-content-when-empty",
        "An empty series is answered with 204, as with from = to or before the first project.",
        ("status-is-documented", "empty-window-is-empty"),
        on_content(_no_content_when_empty),
    ),
    Deviation(
        "wrong-code-for-400",
        "The code of a 400 is bad_request.",
        ("invalid-request-code",),
        _coded("bad_request", BAD_REQUEST),
    ),
    Deviation(
        "wrong-code-for-401",
        "The code of a 401 is invalid_credentials.",
        ("unauthorized-code", "invalid-token-code"),
        _coded("invalid_credentials", UNAUTHORIZED),
    ),
    Deviation(
        "wrong-code-for-404",
        "The code of a 404 is resource_missing.",
        ("not-found-code",),
        _coded("resource_missing", NOT_FOUND),
    ),
    Deviation(
        "wrong-code-for-405",
        "The code of a 405 is wrong_method.",
        ("method-not-allowed-code",),
        _coded("wrong_method", NOT_ALLOWED),
    ),
    Deviation(
        "method-refused-without-allow",
        "A 405 has no header Allow.",
        ("allow-header-sent",),
        on_status(lambda own, _request: replace(own, headers=JSON_TYPE), NOT_ALLOWED),
    ),
    Deviation(
        "method-refused-in-text",
        "A 405 is plain text.",
        ("every-answer-is-json",),
        on_status(
            lambda _own, _request: Reply(NOT_ALLOWED, b"Method not allowed", (*TEXT, ("allow", "GET, HEAD"))),
            NOT_ALLOWED,
        ),
    ),
    Deviation(
        "problem-type-for-401",
        "A 401 is application/problem+json.",
        ("documented-answer-is-json",),
        on_status(lambda own, _request: replace(own, headers=PROBLEM), UNAUTHORIZED),
    ),
    Deviation(
        "inverted-window-error-nested",
        "The 400 for a `from` after `to` has its code and message inside an object `error`.",
        CODE_AND_MESSAGE,
        on_status(_nested_when_inverted, BAD_REQUEST),
    ),
    Deviation(
        "not-found-code-is-a-number",
        "The code of a 404 is the number 404.",
        ("error-fields-are-strings", "not-found-code"),
        _coded(NOT_FOUND, NOT_FOUND),
    ),
)
