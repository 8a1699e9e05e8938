"""The innermost part: it turns a valid request into the answer of the world, and nothing else."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from usagetwin.account import answers
from usagetwin.asgi.notes import notes_of, target
from usagetwin.encoding import JSON_TYPE
from usagetwin.request.validator import validator
from usagetwin.request.wording import unknown_path

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from usagetwin.account.ledger import Ledger
    from usagetwin.policies import Policies


class Answerer:
    """Answer the one operation of the contract from a ledger."""

    def __init__(self, ledger: "Ledger", policies: "Policies") -> None:
        """Take the ledger that stands behind all answers."""
        self._ledger = ledger
        self._policies = policies

    async def __call__(self, scope: "Scope", _receive: "Receive", send: "Send") -> None:
        """Answer one request that Connexion has routed, authenticated and validated."""
        notes = notes_of(scope)
        if notes.query is None:  # Connexion reads what it has routed, and passes on what it has not
            raise unknown_path(scope["path"])
        series = answers.series(notes.query, self._ledger, self._policies, notes.now_s)
        body = validator().written(HTTPStatus.OK, answers.document(series, target(scope)))
        await send({"type": "http.response.start", "status": body.status, "headers": [JSON_TYPE]})
        await send({"type": "http.response.body", "body": body})
