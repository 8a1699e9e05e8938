"""A play of a running twin, as a test uses it: told over HTTP what a play of this process is told directly.

The test alone says what its play is, so what it said is known here, and only what changes is sent.
"""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from usagetwin.errors import UsageTwinError
from usagetwin.stage.consumer import RequestFinding
from usagetwin.stage.journal import Journal, Recorded
from usagetwin.stage.passing_on import Said
from usagetwin.stage.play import MOST_ERRORS
from usagetwin.stage.replies import WholeAnswer, leave
from usagetwin_checker.testing.distant_faults import DistantFaults
from usagetwin_checker.testing.distant_journal import DistantJournal
from usagetwin_checker.testing.forwarding import Forwarding, Here
from usagetwin_checker.testing.telling import told

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from usagetwin.stage.patience import Patience
    from usagetwin.stage.setup import Setup
    from usagetwin_checker.testing.running_twin import Document, RunningTwin

__tracebackhide__ = True  # a test's mistake is shown where the test makes it

LONGEST_NAME: Final = 200
LONGEST_WAIT_S: Final = 86_400
MARGIN_S: Final = 10.0  # a client that waits without end is left here first, where the test is told of it


class DistantPlay:
    """One test's play, made on a running twin, and ended there by `close`.

    What can't be read there fails the test, and is read no more; what was read before stays.
    """

    def __init__(self, twin: "RunningTwin", setup: "Setup", *, name: str, patience: "Patience") -> None:
        """Make the play, as `setup` says. Raises SettingError where the twin refuses that."""
        longest_wait = min(patience.left_s + MARGIN_S, LONGEST_WAIT_S)
        begun = {"name": name[:LONGEST_NAME], "longest_wait": longest_wait}
        made = twin.say("POST", "/plays", begun)
        self.looked = False  # whether the test has looked at its requests
        self.patience: Final = patience
        self._twin: Final = twin
        self._path: Final = f"/plays/{made['play']}"
        self._setup = setup
        self._lock: Final = Lock()
        self._errors: tuple[Exception, ...] = ()
        self._findings: tuple[RequestFinding, ...] = ()
        self._is_heard = True
        journal = Journal()
        self.journal: Final = DistantJournal(journal, self._heard)
        self.faults: Final = DistantFaults(self.say, self._heard)
        here = Here(
            journal=journal,
            patience=patience,
            now_s=lambda: self._setup.now_s,
            said=self._said,
            fail=self._keep,
        )
        self._app: Final = Forwarding(twin.place, made["token"], here)
        try:
            self.say("PATCH", "", told(setup))
        except UsageTwinError:
            self._end()
            raise

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request of the test as the play does."""
        await self._app(scope, receive, send)

    @property
    def setup(self) -> "Setup":
        """Give what the answers depend on at this moment."""
        return self._setup

    @property
    def errors(self) -> tuple[Exception, ...]:
        """Give what failed while nobody could be told."""
        return self._errors

    @property
    def findings(self) -> tuple[RequestFinding, ...]:
        """Give what is wrong with the requests so far, as the twin finds."""
        document = self._heard("/findings")
        if document is not None:
            requests = {request.number: request for request in self.journal.requests}
            self._findings = tuple(
                RequestFinding(each["rule"], each["message"], each["remedy"], requests[each["request"]])
                for each in document["findings"]
                if each["request"] in requests
            )
        return self._findings

    def change(self, **changes: Any) -> None:  # noqa: ANN401 -- each as the field of `Setup` that it replaces
        """Replace fields of the setup, from the next request on. Raises SettingError, and changes nothing."""
        after = replace(self._setup, **changes)
        changed = told(after, self._setup)
        if changed:
            self.say("PATCH", "", changed)
        self._setup = after

    def say(self, method: str, path: str, body: object = None) -> "Document":
        """Tell the play something. Raises SettingError."""
        return self._twin.say(method, self._path + path, body)

    def close(self) -> None:
        """Read what there is to be read, and end the play."""
        _ = self.findings, self.faults.added
        self._is_heard = False
        self._end()

    def _end(self) -> None:
        try:
            self.say("DELETE", "")
        except UsageTwinError as failure:
            self._fail(failure)

    def _heard(self, path: str) -> "Document | None":
        """Give what the play answers; None where it can't be asked any more."""
        if not self._is_heard:
            return None
        try:
            return self.say("GET", path)
        except UsageTwinError as failure:
            self._fail(failure)
            return None

    def _fail(self, failure: UsageTwinError) -> None:
        if self._is_heard:
            self._keep(failure)
        self._is_heard = False

    def _keep(self, failure: Exception) -> None:
        """Keep an error for the test; of many the first."""
        with self._lock:
            self._errors = (*self._errors, failure)[:MOST_ERRORS]

    def _said(self, recorded: "Recorded") -> Said:
        """Say of a request what the play can't know: its number here, this clock, and whom faults are for."""
        setup = self._setup
        now_s = setup.now_s if setup.frozen_s is None else None
        return Said(mark=str(recorded.number), now_s=now_s, faults=self.faults.meant(recorded))


class DistantStage:
    """The app that is served to tests that ask a running twin: it answers as the play says."""

    def __init__(self, *, closed: WholeAnswer) -> None:
        """Start without a play, and answer with `closed` until there is one."""
        self.play: DistantPlay | None = None
        self._closed: Final = closed

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if self.play is None:
            await leave(self._closed, scope, send)
        else:
            await self.play(scope, receive, send)
