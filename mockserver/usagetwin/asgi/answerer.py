"""The innermost part: it turns a valid request into the answer of the world, and nothing else."""

from typing import TYPE_CHECKING, Final

from usagetwin.account import answers
from usagetwin.asgi.notes import notes_of, target
from usagetwin.request.query import resolve
from usagetwin.request.wording import unknown_path

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from usagetwin.account.ledger import Ledger
    from usagetwin.policies import Policies

ROUTING: Final = "connexion_routing"


class Answerer:
    """Answer the one operation of the contract from a ledger."""

    def __init__(self, ledger: "Ledger", policies: "Policies") -> None:
        """Take the ledger that stands behind all answers."""
        self._ledger = ledger
        self._policies = policies

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:  # noqa: ARG002 -- ASGI
        """Answer one request that Connexion has routed, authenticated and validated."""
        if scope["extensions"][ROUTING]["operation_id"] is None:
            raise unknown_path(scope["path"])
        notes = notes_of(scope)
        query = resolve(notes.parameters, notes.now_s)
        series = answers.series(query, self._ledger, self._policies, notes.now_s)
        notes.document = answers.document(series, target(scope))
