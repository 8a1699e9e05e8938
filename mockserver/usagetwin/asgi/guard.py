"""The last part that an answer passes: errors become our JSON, and none leaves that breaks the contract.

Rule: this alone turns an error into an answer. Source: `SEMANTICS` 4.
"""

import logging
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from starlette.exceptions import HTTPException

from usagetwin.asgi.notes import notes_of, target
from usagetwin.contract.operation import METHODS
from usagetwin.encoding import JSON_TYPE, encode
from usagetwin.errors import Refusal, quoted
from usagetwin.request.validator import BrokenAnswerError, ValidBody
from usagetwin.request.wording import unknown_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from usagetwin.policies import Policies
    from usagetwin.request.validator import Validator

log = logging.getLogger("usagetwin.error")


class Guard:
    """Catch what the inner parts raise, and send no answer that nobody validated."""

    def __init__(self, app: "ASGIApp", validator: "Validator", policies: "Policies") -> None:
        """Take the contract's validator; the policy `error_id` adds an `id` to error bodies."""
        self._app = app
        self._validator = validator
        self._with_id = policies.error_id == "on"

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _LeavingAnswer()
        try:
            await self._app(scope, receive, answer.take)
            answer.check()
        except Refusal as refusal:
            answer = self._refused(scope, refusal)
        except HTTPException as error:
            answer = self._refused(scope, _from_framework(error, scope))
        except Exception as error:  # noqa: BLE001 -- the last resort: whatever failed, the client gets our 500
            answer = self._failed(error)
        await _leave(answer, scope, send)

    def _refused(self, scope: "Scope", refusal: Refusal) -> "_LeavingAnswer":
        notes_of(scope).rule = refusal.rule
        document = self._error(scope, refusal)
        headers = [JSON_TYPE, *_encoded(refusal.headers)]
        if refusal.code is None:  # the beta gate's body breaks the schema, as the real one does
            return _LeavingAnswer(refusal.status, headers, encode(document))
        try:
            return _LeavingAnswer(refusal.status, headers, self._validator.written(refusal.status, document))
        except BrokenAnswerError as error:
            return self._failed(error)

    def _error(self, scope: "Scope", refusal: Refusal) -> dict[str, object]:
        fields: dict[str, object] = {"code": refusal.code, "message": refusal.message}
        if refusal.code is None:
            del fields["code"]
        elif self._with_id:
            fields["id"] = _error_id(scope)
        return fields

    def _failed(self, error: Exception) -> "_LeavingAnswer":
        request_id = str(uuid4())
        log.error("request %s failed", request_id, exc_info=error)
        message = f"This is a defect of the twin, not of the request. The log has it as request {request_id}."
        fields: dict[str, object] = {"code": "internal_error", "message": message}
        if self._with_id:
            fields["id"] = request_id
        return _LeavingAnswer(500, [JSON_TYPE], encode(fields))


@dataclass(slots=True)
class _LeavingAnswer:
    """An answer that has not left yet."""

    status: int = 0
    headers: "Sequence[tuple[bytes, bytes]]" = ()
    body: bytes = b""

    async def take(self, message: "Message") -> None:
        """Take what an inner part sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.body = message["body"]

    def check(self) -> None:
        """Raise BrokenAnswerError unless the validator has written the body, for this status."""
        if not isinstance(self.body, ValidBody) or self.body.status != self.status:
            problem = f"an answer that nobody validated: {self}"
            raise BrokenAnswerError(problem)


async def _leave(answer: _LeavingAnswer, scope: "Scope", send: "Send") -> None:
    """Send an answer: with the noted headers, and without the body to a HEAD."""
    kind, *others = answer.headers
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [kind, length, *others, *notes_of(scope).headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


def _encoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def _error_id(scope: "Scope") -> str:
    """Make the `id` of an error: the same request at the same instant has the same."""
    asked = f"{notes_of(scope).now_s} {scope['method']} {target(scope)}"
    return str(UUID(bytes=blake2b(asked.encode(), digest_size=16).digest(), version=4))


def _from_framework(error: HTTPException, scope: "Scope") -> Refusal:
    """Translate what the router raises: an unknown path or method."""
    headers = tuple((error.headers or {}).items())
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(dict(headers).get("Allow", ", ".join(METHODS)).replace(",", " ").split()))
        message = f"Method not allowed: {quoted(scope['method'])}. This path takes {allowed}."
        return Refusal(405, "method_not_allowed", message, "method-not-allowed", (("Allow", allowed),))
    if error.status_code == HTTPStatus.NOT_FOUND:
        return unknown_path(scope["path"])
    return Refusal(400, "invalid_request", f"Invalid request: {error.detail}")
