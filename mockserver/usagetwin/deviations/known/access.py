"""The known faults of who may ask, and how: credentials, methods, paths and bodies."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import PATH
from usagetwin.deviations.known.asked import having_header
from usagetwin.deviations.known.changes import JSON_TYPE, error, on_status, refusing
from usagetwin.deviations.shape import Deviation, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from usagetwin.deviations.known.changes import Answering
    from usagetwin.deviations.shape import Honest

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
NOT_ALLOWED: Final = 405
TOKEN: Final = "api-anyone"  # noqa: S105 -- no secret: a token that no world lists
CREDENTIAL: Final = ("credential-required",)


def _missing_credential(request: Request) -> bool:
    return request.header("authorization") is None


def _without_credential(reply: Reply) -> "Answering":
    return on_status(lambda own, request: reply if _missing_credential(request) else own, UNAUTHORIZED)


def _admitting(when: "Callable[[Request], bool]") -> "Answering":
    """Let requests pass with any credential or none."""

    async def reply(request: Request, honest: "Honest") -> Reply:
        if not when(request):
            return await honest.ask(request)
        return await honest.ask(having_header(request, "authorization", TOKEN))

    return reply


def _has_scheme(request: Request) -> bool:
    return (request.header("authorization") or "").lower().startswith("bearer ")


def _is_blank(request: Request) -> bool:
    value = request.header("authorization")
    return value is not None and not value.strip()


def _names_a_project(request: Request) -> bool:
    return _missing_credential(request) and bool(request.values("projectKey"))


async def _query_before_credential(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    if own.status != UNAUTHORIZED:
        return own
    other = await honest.ask(having_header(request, "authorization", TOKEN))
    return other if other.status == BAD_REQUEST else own


async def _any_method(request: Request, honest: "Honest") -> Reply:
    own = await honest.ask(request)
    return await honest.ask(replace(request, method="GET")) if own.status == NOT_ALLOWED else own


async def _slash_redirects(request: Request, honest: "Honest") -> Reply:
    if request.path != f"{PATH}/":
        return await honest.ask(request)
    query = f"?{request.query_string}" if request.parameters else ""
    return Reply(307, b"", (("location", f"{PATH}{query}"),))


async def _no_head(request: Request, honest: "Honest") -> Reply:
    if request.method != "HEAD":
        return await honest.ask(request)
    refusal = error(NOT_ALLOWED, "method_not_allowed", "Method not allowed")
    return replace(refusal, headers=(*JSON_TYPE, ("allow", "GET")))


def _announces_a_body(request: Request) -> bool:
    return (request.header("content-length") or "0") != "0"


async def _slash_answered(request: Request, honest: "Honest") -> Reply:
    own_path = request.path != f"{PATH}/"
    return await honest.ask(request if own_path else replace(request, path=PATH))


def _asks_for_months(request: Request) -> bool:
    return _missing_credential(request) and request.value("granularity") == "monthly"


async def _put_answered(request: Request, honest: "Honest") -> Reply:
    return await honest.ask(replace(request, method="GET") if request.method == "PUT" else request)


FAULTS: Final = (
    Deviation(
        "credential-not-needed",
        "A request without Authorization is answered as if it had one.",
        ("no-answer-without-credential", "credential-required"),
        _admitting(_missing_credential),
    ),
    Deviation(
        "credential-not-needed-with-project-key",
        "Only when projectKey is given: a request without Authorization is answered as if it had one.",
        ("no-answer-without-credential", "credential-required"),
        _admitting(_names_a_project),
    ),
    Deviation(
        "no-credential-is-403",
        "A request without Authorization is answered with 403.",
        CREDENTIAL,
        _without_credential(error(403, "forbidden", "Forbidden")),
    ),
    Deviation(
        "no-credential-is-400",
        "A request without Authorization is answered with 400.",
        CREDENTIAL,
        _without_credential(error(BAD_REQUEST, "invalid_request", "Authorization is missing")),
    ),
    Deviation(
        "no-credential-redirects",
        "A request without Authorization is redirected to a login page.",
        ("credential-required", "status-is-documented"),
        _without_credential(Reply(302, b"", (("location", "/login"),))),
    ),
    Deviation(
        "blank-credential-taken",
        "A blank Authorization is answered as if it held a token.",
        ("blank-credential-unauthorized",),
        _admitting(_is_blank),
    ),
    Deviation(
        "bearer-taken",
        "An Authorization of Bearer and a token is answered.",
        ("bearer-is-invalid-token",),
        _admitting(_has_scheme),
    ),
    Deviation(
        "query-checked-before-credential",
        "A bad query without Authorization is answered with 400.",
        ("refusal-order", "credential-required"),
        _query_before_credential,
    ),
    Deviation(
        "any-method",
        "POST, PUT and the rest are answered as GET.",
        ("method-not-allowed",),
        _any_method,
    ),
    Deviation(
        "trailing-slash-redirects",
        "A slash at the end of the path is answered with a redirect to the path without it.",
        ("unknown-path-not-found",),
        _slash_redirects,
    ),
    Deviation("head-refused", "A HEAD is answered with 405.", ("head-answers-as-get",), _no_head),
    Deviation(
        "body-of-a-get-refused",
        "A GET with a body is answered with 400.",
        ("body-of-a-get-ignored",),
        refusing(
            lambda request, _asked: _announces_a_body(request),
            error(BAD_REQUEST, "invalid_request", "a GET has no body"),
        ),
    ),
    Deviation(
        "trailing-slash-answered",
        "The path with a slash at its end is answered.",
        ("unknown-path-not-found",),
        _slash_answered,
    ),
    Deviation(
        "credential-not-needed-for-months",
        "Only with granularity=monthly: a request without Authorization is answered as if it had one.",
        ("no-answer-without-credential", "credential-required"),
        _admitting(_asks_for_months),
    ),
    Deviation(
        "put-answered", "A PUT is answered as the GET would be.", ("method-not-allowed",), _put_answered
    ),
)
