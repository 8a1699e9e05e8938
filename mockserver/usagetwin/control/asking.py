"""What a play can be asked: its journal, what its requests broke, and the verdict on them."""

from typing import TYPE_CHECKING, Any, Final

from connexion import request

from usagetwin.account.siblings import ledger_of
from usagetwin.control import documents
from usagetwin.control.cast import DEFAULT
from usagetwin.control.refusals import ControlError
from usagetwin.errors import Refusal
from usagetwin.stage.consumer import report
from usagetwin.stage.expecting import series_of
from usagetwin.stage.rules import told

if TYPE_CHECKING:
    from usagetwin.control.cast import Cast
    from usagetwin.control.documents import Document

MOST_FINDINGS: Final = 1_000
MOST_TOLD: Final = 20


class Asking:
    """The handlers that read a play."""

    def __init__(self, cast: "Cast") -> None:
        """Take the plays."""
        self._cast: Final = cast

    def show_journal(
        self, play: str, after: int = 0, limit: int = 100, status: int | None = None, fault: str | None = None
    ) -> "Document":
        """Show the requests that are kept, a page at a time."""
        journal = self._cast.play(play).journal
        kept = journal.requests
        wanted = [
            each
            for each in kept
            if each.number > after
            and (status is None or each.status == status)
            and (fault is None or each.fault == fault)
        ]
        shown = wanted[:limit]
        return {
            "requests": [documents.request(each) for each in shown],
            "total": len(journal),
            "kept": len(kept),
            "recording": self._is_recording(play),
            **({"next": shown[-1].number} if len(wanted) > limit else {}),
        }

    def set_journal(self, play: str, body: dict[str, Any]) -> "Document":
        """Record the requests of the default play, or no more."""
        self._cast.play(play)
        if play == DEFAULT:
            self._cast.served.recording = body["recording"]
        elif not body["recording"]:
            problem = "a play that was made records all its requests"
            raise ControlError(409, "conflict", problem, "DELETE its journal, or end the play")
        return {"recording": self._is_recording(play)}

    def clear_journal(self, play: str) -> "Document":
        """Forget all requests, and what they broke."""
        self._cast.play(play).forget_requests()
        return self.show_journal(play)

    def show_findings(self, play: str) -> "Document":
        """Show what the requests broke."""
        meant = self._cast.play(play)
        findings = [documents.finding(each) for each in meant.findings[:MOST_FINDINGS]]
        return {"findings": findings, "broken": dict(meant.broken)}

    def show_expected(self, play: str) -> "Document":
        """Show what the ledger holds for the query of this request, which is one of the API's own."""
        setup = self._cast.play(play).setup
        ledger = ledger_of(setup.world, setup.settings.operations[0])
        try:
            _, series = series_of(request.scope["query_string"], ledger, setup.policies, setup.now_s)
        except Refusal as refusal:
            said = told(refusal)
            raise ControlError(400, "invalid_request", said.problem, said.remedy) from None
        return documents.expected(series)

    def show_verdict(self, play: str) -> "Document":
        """Say whether the requests broke a rule, for a program and for people."""
        meant = self._cast.play(play)
        broken = dict(meant.broken)
        return {
            "verdict": "fail" if broken else "pass",
            "requests": len(meant.journal),
            "broken": broken,
            "text": report(meant.findings[:MOST_TOLD]),
        }

    def _is_recording(self, play: str) -> bool:
        served = self._cast.served
        return play != DEFAULT or served.recording or served.is_told
