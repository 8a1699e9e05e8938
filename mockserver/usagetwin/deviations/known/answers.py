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


def _cut(_request: "Request", answer: "Reply") -> "Reply":
    return replace(answer, body=answer.body[:BUFFER])


def _vendor_type(request: "Request", answer: "Reply") -> "Reply":
    return _typed(answer, "application/vnd.launchdarkly+json") if monthly(request) else answer


async def _trailing_slash(request: "Request", honest: "Honest") -> "Reply":
    path = request.path.removesuffix("/")
    return await get(replace(request, path=path) if path else request, honest)


FAULTS: Final = (
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
        "trailing-slash-answered",
        "The path with a slash at its end is answered.",
        ("unknown-path-not-found",),
        _trailing_slash,
    ),
)
