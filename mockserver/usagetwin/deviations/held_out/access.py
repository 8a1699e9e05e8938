"""Held-out faults of credentials, methods, paths and headers, and of which refusal comes first."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from usagetwin.contract.operation import METHODS, PATH
from usagetwin.deviations.held_out.changing import (
    BAD_REQUEST,
    KEY,
    NOT_FOUND,
    answered_as,
    error,
    is_read,
    refused_when,
    with_keys,
    without_credential,
)
from usagetwin.deviations.shape import OK, Deviation

if TYPE_CHECKING:
    from usagetwin.deviations.shape import Honest, Reply, Request

TOKEN: Final = (("authorization", "api-anyone"),)
ORDER_RULES: Final = ("refusal-order",)
WRITING: Final = {"PUT", "PATCH", "DELETE"}


def _with_a_token(request: "Request") -> "Request":
    others = tuple(pair for pair in request.headers if pair[0] != "authorization")
    return replace(request, headers=(*others, *TOKEN))


async def _head_without_credential(request: "Request", honest: "Honest") -> "Reply":
    if request.method == "HEAD" and without_credential(request):
        return await honest.ask(_with_a_token(request))
    return await honest.ask(request)


async def _project_before_credential(request: "Request", honest: "Honest") -> "Reply":
    if without_credential(request):
        answer = await honest.ask(_with_a_token(request))
        if answer.status == NOT_FOUND and is_read(request, answer):
            return answer
    return await honest.ask(request)


async def _credential_before_method(request: "Request", honest: "Honest") -> "Reply":
    if without_credential(request) and request.method not in METHODS and request.path.endswith(PATH):
        return await honest.ask(replace(request, method="GET"))
    return await honest.ask(request)


async def _credential_before_path(request: "Request", honest: "Honest") -> "Reply":
    if without_credential(request) and not request.path.endswith(PATH):
        return await honest.ask(replace(request, path=PATH, method="GET"))
    return await honest.ask(request)


async def _project_before_query(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if answer.status != BAD_REQUEST or "" in request.values(KEY):
        return answer
    bare = await honest.ask(with_keys(replace(request, parameters=()), request.values(KEY)))
    return bare if bare.status == NOT_FOUND else answer


async def _head_checks_nothing(request: "Request", honest: "Honest") -> "Reply":
    answer = await honest.ask(request)
    if request.method == "HEAD" and answer.status != OK and is_read(request, answer):
        return await honest.ask(replace(request, parameters=()))
    return answer


async def _writing_not_implemented(request: "Request", honest: "Honest") -> "Reply":
    if request.method in WRITING and request.path.endswith(PATH):
        return error(501, "not_implemented", "Not implemented")
    return await honest.ask(request)


async def _path_in_any_case(request: "Request", honest: "Honest") -> "Reply":
    if request.path != PATH and request.path.lower() == PATH:
        return await answered_as(request, replace(request, path=PATH), honest)
    return await honest.ask(request)


async def _anything_below(request: "Request", honest: "Honest") -> "Reply":
    if request.path.startswith(f"{PATH}/") and request.path != f"{PATH}/":
        return await answered_as(request, replace(request, path=PATH), honest)
    return await honest.ask(request)


FAULTS: Final = (
    Deviation(
        "head-needs-no-credential",
        "A HEAD without Authorization is answered as if it had one.",
        ("no-answer-without-credential", "credential-required"),
        _head_without_credential,
    ),
    Deviation(
        "project-checked-before-credential",
        "Without Authorization an unknown project key is answered with 404: anyone learns which exist.",
        ("credential-required", "refusal-order"),
        _project_before_credential,
    ),
    Deviation(
        "content-type-of-a-get-refused",
        "A GET that has a Content-Type, as some clients send, is answered with 415.",
        ("status-is-documented", "body-of-a-get-ignored"),
        refused_when(
            lambda request: request.method == "GET" and request.header("content-type") is not None,
            415,
            "unsupported_media_type",
            "Unsupported media type",
        ),
    ),
    Deviation(
        "credential-before-method",
        "Another method without Authorization is answered with 401.",
        ORDER_RULES,
        _credential_before_method,
    ),
    Deviation(
        "credential-before-path",
        "An unknown path without Authorization is answered with 401.",
        ORDER_RULES,
        _credential_before_path,
    ),
    Deviation(
        "project-before-query",
        "An invalid query with an unknown project key is answered with 404.",
        ORDER_RULES,
        _project_before_query,
    ),
    Deviation(
        "head-checks-nothing",
        "A HEAD with a query that is refused by GET, with 400 or 404, is 200.",
        ("head-answers-as-get",),
        _head_checks_nothing,
    ),
    Deviation(
        "writing-is-not-implemented",
        "PUT, PATCH and DELETE are answered with 501.",
        ("method-not-allowed",),
        _writing_not_implemented,
    ),
    Deviation(
        "path-in-any-case",
        "The path is answered in capitals too.",
        ("unknown-path-not-found",),
        _path_in_any_case,
    ),
    Deviation(
        "anything-below-the-path",
        "Any path below the one of the contract, such as .../sessions/today, is answered like it.",
        ("unknown-path-not-found",),
        _anything_below,
    ),
)
