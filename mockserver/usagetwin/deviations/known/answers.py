"""More known faults around an answer: credentials, methods, paths, errors and content types."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from usagetwin.deviations.known.asking import get, monthly
from usagetwin.deviations.shape import Deviation, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.asking import Answering
    from usagetwin.deviations.shape import Honest, Request

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
NOT_ALLOWED: Final = 405
BUFFER: Final = 16_384
CREDENTIAL: Final = "authorization"


def _changed(change: "Callable[[Request, Reply], Reply]", *statuses: int) -> "Answering":
    """Make a fault that changes answers of some statuses."""

    async def reply(request: "Request", honest: "Honest") -> "Reply":
        answer = await get(request, honest)
        return change(request, answer) if answer.status in statuses else answer

    return reply


def _typed(answer: "Reply", content_type: str) -> "Reply":
    others = tuple(pair for pair in answer.headers if pair[0] != "content-type")
    return replace(answer, headers=(*others, ("content-type", content_type)))


def _with_code(code: object) -> "Callable[[Request, Reply], Reply]":
    return lambda _request, answer: answer.with_document({**answer.document, "code": code})


def _nested_when_inverted(_request: "Request", answer: "Reply") -> "Reply":
    error: dict[str, Any] = answer.document
    inverted = "lies after" in error["message"]
    return answer.with_document({"error": error}) if inverted else answer


def _missing_is_forbidden(request: "Request", answer: "Reply") -> "Reply":
    if request.header(CREDENTIAL) is not None:
        return answer
    forbidden = {"code": "forbidden", "message": "Forbidden. Access to the requested resource was denied."}
    return replace(answer, status=FORBIDDEN).with_document(forbidden)


def _without_allow(_request: "Request", answer: "Reply") -> "Reply":
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] != "allow"))


def _cut(_request: "Request", answer: "Reply") -> "Reply":
    return replace(answer, body=answer.body[:BUFFER])


def _vendor_type(request: "Request", answer: "Reply") -> "Reply":
    return _typed(answer, "application/vnd.launchdarkly+json") if monthly(request) else answer


async def _bearer_accepted(request: "Request", honest: "Honest") -> "Reply":
    value = request.header(CREDENTIAL) or ""
    if not value.lower().startswith("bearer "):
        return await get(request, honest)
    others = tuple(pair for pair in request.headers if pair[0] != CREDENTIAL)
    return await get(replace(request, headers=(*others, (CREDENTIAL, value[len("bearer ") :]))), honest)


async def _query_first(request: "Request", honest: "Honest") -> "Reply":
    answer = await get(request, honest)
    if answer.status != UNAUTHORIZED:
        return answer
    others = tuple(pair for pair in request.headers if pair[0] != CREDENTIAL)
    judged = await get(replace(request, headers=(*others, (CREDENTIAL, "judged"))), honest)
    return judged if judged.status == BAD_REQUEST else answer


async def _post_is_get(request: "Request", honest: "Honest") -> "Reply":
    return await get(replace(request, method="GET") if request.method == "POST" else request, honest)


async def _trailing_slash(request: "Request", honest: "Honest") -> "Reply":
    path = request.path.removesuffix("/")
    return await get(replace(request, path=path) if path else request, honest)


FAULTS: Final = (
    Deviation(
        "missing-credential-is-403",
        "A request without Authorization is answered with 403.",
        ("credential-required",),
        _changed(_missing_is_forbidden, UNAUTHORIZED),
    ),
    Deviation(
        "bearer-accepted",
        "`Authorization: Bearer TOKEN` is accepted as TOKEN.",
        ("bearer-is-invalid-token",),
        _bearer_accepted,
    ),
    Deviation(
        "query-before-credential",
        "An invalid query without Authorization is answered with 400.",
        ("refusal-order", "credential-required"),
        _query_first,
    ),
    Deviation(
        "problem-type-for-401",
        "A 401 is application/problem+json.",
        ("documented-answer-is-json",),
        _changed(lambda _, answer: _typed(answer, "application/problem+json"), UNAUTHORIZED),
    ),
    Deviation(
        "vendor-type-for-months",
        "A monthly answer has a vendor's media type.",
        ("documented-answer-is-json",),
        _changed(_vendor_type, 200),
    ),
    Deviation(
        "body-cut-at-16-kib",
        "An answer of more than 16 KiB, such as 470 days, breaks off there.",
        ("documented-answer-is-json",),
        _changed(_cut, 200),
    ),
    Deviation(
        "inverted-window-error-nested",
        "The 400 for a `from` after `to` has its code and message inside an object `error`.",
        ("error-has-code-and-message",),
        _changed(_nested_when_inverted, BAD_REQUEST),
    ),
    Deviation(
        "not-found-code-is-a-number",
        "The code of a 404 is the number 404.",
        ("error-fields-are-strings", "not-found-code"),
        _changed(_with_code(NOT_FOUND), NOT_FOUND),
    ),
    Deviation(
        "bad-request-code",
        "The code of a 400 is bad_request.",
        ("invalid-request-code",),
        _changed(_with_code("bad_request"), BAD_REQUEST),
    ),
    Deviation(
        "bare-bad-request",
        "The message of a 400 is `Invalid request`, whatever was wrong.",
        (
            "invalid-request-names-parameter",
            "invalid-request-quotes-value",
            "invalid-request-says-what-is-allowed",
        ),
        _changed(
            lambda _, answer: answer.with_document({**answer.document, "message": "Invalid request"}),
            BAD_REQUEST,
        ),
    ),
    Deviation(
        "post-answered",
        "A POST is answered as the GET would be.",
        ("method-not-allowed",),
        _post_is_get,
    ),
    Deviation(
        "no-allow-with-405",
        "A 405 comes without Allow.",
        ("allow-header-sent",),
        _changed(_without_allow, NOT_ALLOWED),
    ),
    Deviation(
        "trailing-slash-answered",
        "The path with a slash at its end is answered.",
        ("unknown-path-not-found",),
        _trailing_slash,
    ),
)
