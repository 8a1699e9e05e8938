"""The control API as an ASGI app: Connexion routes and validates by `openapi/control.yaml`, both ways.

Rule: nothing is decided here, and whatever fails inside becomes our JSON.
"""

import logging
import warnings
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from usagetwin.control.asking import Asking
from usagetwin.control.cast import Cast
from usagetwin.control.refusals import ControlError, refusal_of, written
from usagetwin.control.telling import Telling
from usagetwin.data import openapi_folder
from usagetwin.errors import UsageTwinError, nearest, quoted
from usagetwin.stage.replies import leave
from usagetwin.yaml_reader import typed

with warnings.catch_warnings():  # of libraries' own choices, which no user of ours can change (FACTS 23)
    warnings.simplefilter("ignore")
    from connexion import AsyncApp
    from connexion.middleware.context import ContextMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.middleware.request_validation import RequestValidationMiddleware
    from connexion.middleware.response_validation import ResponseValidationMiddleware
    from connexion.middleware.routing import RoutingMiddleware

    from usagetwin.control.bodies import JsonBody

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.control.cast import Told

Document = dict[str, Any]

log = logging.getLogger("usagetwin.error")
RESOURCES: Final = (
    "plays",
    "clock",
    "world",
    "policies",
    "role",
    "faults",
    "journal",
    "findings",
    "expected",
    "verdict",
)
PARTS: Final = 2  # of the shortest path
METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
WRITTEN_IN: Final = "openapi/control.yaml says what each resource takes; see docs/control.md"


def control_api(served: "Told") -> "ASGIApp":
    """Make the API that speaks to a stage."""
    cast = Cast(served)
    handlers = (cast, Telling(cast), Asking(cast))

    def resolve(operation_id: str) -> Any:  # noqa: ANN401 -- a function of whatever the operation takes
        return next(getattr(each, operation_id) for each in handlers if hasattr(each, operation_id))

    document: Document = typed((openapi_folder() / "control.yaml").read_text("utf-8"))
    app = AsyncApp(
        __name__,
        middlewares=[
            LifespanMiddleware,
            RoutingMiddleware,
            RequestValidationMiddleware,
            ResponseValidationMiddleware,
            ContextMiddleware,
        ],
    )
    app.add_api(
        document,
        resolver=resolve,
        strict_validation=True,
        validate_responses=True,
        validator_map={"body": {"application/json": JsonBody}},
    )
    return _InOurWords(app, document)


class _InOurWords:
    """Turn what is raised inside into answers."""

    def __init__(self, app: "ASGIApp", document: Document) -> None:
        self._app = app
        self._document = document

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        messages: list[Message] = []

        async def keep(message: "Message") -> None:
            messages.append(message)

        try:
            _refuse_redirects(scope["path"])
            await self._app(scope, receive, keep)
        except UsageTwinError as error:
            await leave(written(refusal_of(error)), scope, send)
        except HTTPException as error:
            await leave(written(_from_framework(error, scope, self._document)), scope, send)
        except Exception:
            log.exception("the control API failed")
            await leave(written(FAILED), scope, send)
        else:
            for message in messages:
                await send(message)


FAILED: Final = ControlError(
    500, "internal_error", "This is a defect of the twin, not of the request.", "the log of the twin has it"
)


def _refuse_redirects(path: str) -> None:
    """Refuse a path that the router would answer with a redirect. Raises HTTPException."""
    if path.count("/") < PARTS or path.endswith("/"):
        raise HTTPException(404)


def _from_framework(error: HTTPException, scope: "Scope", document: Document) -> ControlError:
    """Translate what the router and Connexion's own checks raise."""
    path = scope["path"]
    if error.status_code == 404:
        last = path.rstrip("/").rpartition("/")[2]
        problem = f"the control API has no {quoted(path)}"
        return ControlError(404, "not_found", problem, nearest(last, RESOURCES))
    if error.status_code == 405:
        problem = f"{quoted(scope['method'])} is no method of {quoted(path)}"
        remedy = f"one of {', '.join(_methods(document, path))}"
        return ControlError(405, "method_not_allowed", problem, remedy)
    if error.status_code == 415:
        problem = "the body is not labelled as JSON"
        return ControlError(415, "unsupported_media_type", problem, "Content-Type: application/json")
    return ControlError(error.status_code, "invalid_request", str(error.detail), WRITTEN_IN)


def _methods(document: Document, path: str) -> list[str]:
    """Give the methods that a path has in the document, which the router tells of one operation alone."""
    parts = path.removeprefix(document["servers"][0]["url"]).split("/")
    for template, item in document["paths"].items():
        named = template.split("/")
        alike = (name == part or name.startswith("{") for name, part in zip(named, parts, strict=False))
        if len(named) == len(parts) and all(alike):
            return sorted(method.upper() for method in item if method in METHODS)
    return []
